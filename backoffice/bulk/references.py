"""The ids that a bulk file names: each must be in the file or in the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backoffice.bulk import children, people, rows, workplace
from backoffice.bulk.children import Child, ChildForm
from backoffice.bulk.entries import Entry
from backoffice.bulk.fields import Form
from backoffice.bulk.files import CHILD_FORMS, File
from backoffice.bulk.problems import at
from sites_app.models import Room, Site


@dataclass(frozen=True, slots=True)
class _Reference:
    entry: Entry
    field: str
    model: Any
    id: str


def check(file: File, forms: Sequence[Form]) -> None:
    """Refuse ids that are neither in the file nor in the database.

    :raises BulkError: naming the first one's place.
    """
    known = {form.model: {entry.id for entry in file.entries[form.collection]} for form in forms}
    missing: dict[Any, list[_Reference]] = {}
    for reference in _references(file, forms):
        if reference.id not in known.get(reference.model, ()):
            missing.setdefault(reference.model, []).append(reference)
    for model, wanted in missing.items():
        stored: set[str] = set()
        for batch in rows.batches({one.id for one in wanted}):
            stored |= set(model.objects.filter(pk__in=batch).values_list("pk", flat=True))
        for one in wanted:
            if one.id not in stored:
                kind = model._meta.verbose_name
                raise at(one.entry.place, one.field, f"no {kind} has the id {one.id}")


def _references(file: File, forms: Sequence[Form]) -> Iterable[_Reference]:
    for form in forms:
        named = [one for one in form.fields if one.to is not None]
        for entry in file.entries[form.collection]:
            if form.key_to is not None:
                yield _Reference(entry, form.key, form.key_to, entry.id)
            for one in named:
                if entry.values.get(one.attribute):
                    yield _Reference(entry, one.name, one.to, entry.values[one.attribute])
    for collection, wanted in CHILD_FORMS.items():
        for child_form in wanted:
            yield from _child_references(child_form, file.lists_of(collection, child_form))
    yield from _listed(file.entries["organizations"], "memberOf", Site)
    yield from _listed(file.entries["rooms"], "parts", Room)
    for entry, field, model, one_id in workplace.references(file):
        yield _Reference(entry, field, model, one_id)


def _child_references(
    form: ChildForm, lists: Mapping[str, Sequence[Child]]
) -> Iterable[_Reference]:
    named = [one for one in form.fields if one.to is not None]
    for child in (child for found in lists.values() for child in found):
        for one in named:
            if child.values[one.attribute]:
                label = f"{child.label}.{one.name}"
                yield _Reference(child.owner, label, one.to, child.values[one.attribute])
        if form is children.ACCESS_CARDS:
            for position, site_id in enumerate(people.card_sites(child)):
                yield _Reference(child.owner, f"{child.label}.sites[{position}]", Site, site_id)


def _listed(found: Iterable[Entry], name: str, model: Any) -> Iterable[_Reference]:
    for entry in found:
        for position, one in enumerate(entry.ids(name) or ()):
            yield _Reference(entry, f"{name}[{position}]", model, one)
