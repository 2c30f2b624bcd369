"""What a collection of the bulk file is made of: fields, each with its column and its codec."""

from dataclasses import dataclass

from django.db.models import Model

from backoffice.bulk import codecs
from backoffice.bulk.codecs import Codec


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the file and the attribute that holds it; `to` is what an id in it names.

    `is_secret` fields are written only on request, `is_required` ones must come with a new entry.
    """

    name: str
    attribute: str
    codec: Codec
    to: type[Model] | None = None
    is_required: bool = False
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A collection: its name in the file, its model, and its plain fields.

    `key` is the field that holds the row's key; where that is another entry's id, `key_to` is its model.
    """

    collection: str
    model: type[Model]
    fields: tuple[Field, ...]
    key: str = "_id"
    key_to: type[Model] | None = None


def reference(
    name: str,
    attribute: str,
    to: type[Model],
    *,
    is_required: bool = False,
    is_secret: bool = False,
) -> Field:
    """Describe a field that holds the id of an entry of `to`."""
    return Field(name, attribute, codecs.entry_id(), to, is_required, is_secret)


CREATED = Field("createdAt", "created_at", codecs.moment())
UPDATED = Field("updatedAt", "updated_at", codecs.moment())

YES, NO = codecs.boolean(empty=True), codecs.boolean(empty=False)
"""Yes and no, by what an empty column means."""
TEXT = codecs.text()
NAME = codecs.text(longest=200, required=True)
MOST_SMALL = 32_767
"""The largest number of a small column."""
