"""The entries of a bulk file: shape checked, values read, references noted, nothing written yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from backoffice.bulk import codecs
from backoffice.bulk.fields import Field, Form
from backoffice.bulk.problems import BulkError, Place, WrongValue, at


@dataclass(slots=True)
class Entry:
    """One object of a collection: `given` as it stands in the file, `values` by attribute, read."""

    place: Place
    id: str
    given: Mapping[str, Any]
    values: dict[str, Any] = field(default_factory=dict)

    def read(self, name: str, codec: codecs.Codec) -> Any:
        """Read a field that is no plain column."""
        return read(self.place, name, codec, self.given.get(name))

    def require(self, fields: Iterable[str]) -> None:
        """Refuse a new entry that lacks one of the fields."""
        for name in fields:
            if self.given.get(name) is None:
                raise at(self.place, name, "is missing")

    def children(self, name: str) -> list[Mapping[str, Any]] | None:
        """Return the objects of a list of this entry, None when the entry does not speak of it."""
        if name not in self.given:
            return None
        found = self.given[name] or []
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise at(self.place, name, "must be a list of objects")
        return found

    def ids(self, name: str) -> list[str] | None:
        """Return the ids of a list of this entry, None when the entry does not speak of it."""
        if name not in self.given:
            return None
        found = self.given[name] or []
        if not isinstance(found, list):
            raise at(self.place, name, "must be a list of ids")
        known = [
            read(self.place, f"{name}[{position}]", codecs.entry_id(), value)
            for position, value in enumerate(found)
        ]
        if len(set(known)) != len(known) or None in known:
            raise at(self.place, name, "must hold different ids")
        return known


def read(place: Place, name: str, codec: codecs.Codec, value: Any) -> Any:
    """Read one value.

    :raises BulkError: when the codec does not take it, naming place and field.
    """
    try:
        return codec.parse(value)
    except WrongValue as error:
        raise at(place, name, error) from None


def of_form(form: Form, data: Mapping[str, Any]) -> list[Entry]:
    """Read the collection of a form; an absent one is empty."""
    found = data.get(form.collection) or []
    if not isinstance(found, list):
        raise BulkError(f"{form.collection}: must be a list")
    entries: dict[str, Entry] = {}
    for position, given in enumerate(found):
        entry = _entry(form, position, given)
        if entry.id in entries:
            raise at(entry.place, form.key, f"is also that of {entries[entry.id].place}")
        entries[entry.id] = entry
    return list(entries.values())


def _entry(form: Form, position: int, given: Any) -> Entry:
    place = Place(form.collection, position)
    if not isinstance(given, dict):
        raise BulkError(f"{place}: must be an object")
    entry_id = read(place, form.key, codecs.entry_id(), given.get(form.key))
    if entry_id is None:
        raise at(place, form.key, "is missing")
    entry = Entry(Place(form.collection, position, entry_id), entry_id, given)
    entry.values = values(entry.place, form.fields, given)
    return entry


def values(place: Place, fields: Iterable[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """Read the plain fields that an object gives, by attribute."""
    return {
        one.attribute: read(place, one.name, one.codec, given[one.name])
        for one in fields
        if one.name in given
    }
