"""Loading a bulk file: all of it or, with an error that names the entry and field, nothing.

Source: public-api, section 3 ("Bulk data") and section 6 ("Bulk data").
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.db import IntegrityError, connection, transaction

from backoffice.bulk import (
    children,
    contracts,
    entries,
    forms,
    meetings,
    people,
    pictures,
    refusals,
    rows,
    tables,
    wishes,
)
from backoffice.bulk.children import Child, ChildForm
from backoffice.bulk.entries import Entry
from backoffice.bulk.files import CHILD_FORMS, File, Progress
from backoffice.bulk.forms import Form
from backoffice.bulk.problems import BulkError, at
from backoffice.bulk.rows import Change
from booking.domain import reservations
from sites_app.domain import announcements
from sites_app.models import Room, Site

FORMS = (
    forms.SITES,
    forms.ROOMS,
    forms.ORGANIZATIONS,
    forms.USERS,
    forms.RATES,
    forms.STATEMENTS,
    forms.API_TOKENS,
    forms.MEETING_SERIES,
    forms.MEETINGS,
    forms.BLOCKS,
    wishes.COMPANY_CHECKS,
    wishes.JOIN_REQUESTS,
    wishes.API_ACCESS_REQUESTS,
    wishes.REGISTRATIONS,
    wishes.BOOKING_LIMITS,
    wishes.WAITLIST,
)
_WISHES = FORMS[FORMS.index(wishes.COMPANY_CHECKS) :]
_OTHER_FIELDS: Mapping[str, frozenset[str]] = {
    "rooms": frozenset(["image", "images", "parts"]),
    "organizations": frozenset(["memberOf"]),
    "users": frozenset(["password", "isVerified"]),
    "meetings": frozenset(["duration", "blocked"]),
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many entries of each collection were new or changed, and what the file says in vain."""

    new: Mapping[str, int]
    changed: Mapping[str, int]
    warnings: tuple[str, ...]


def _no_progress(_collection: str, _count: int) -> None:
    """Show nothing."""


def load_file(path: Path, *, now: dt.datetime, progress: Progress = _no_progress) -> Loaded:
    """Load a bulk file; pictures are read beside it.

    :raises BulkError: when it cannot be loaded; nothing is changed then.
    """
    try:
        data = orjson.loads(path.read_bytes())
    except OSError as error:
        raise BulkError(f"{path} cannot be read: {error.strerror}") from error
    except orjson.JSONDecodeError as error:
        raise BulkError(f"{path} is not JSON: {error}") from error
    return load(data, folder=path.parent, now=now, progress=progress)


def load(data: Any, *, folder: Path, now: dt.datetime, progress: Progress = _no_progress) -> Loaded:
    """Load the parsed form in one transaction.

    :raises BulkError: when it cannot be loaded; nothing is changed then.
    """
    if not isinstance(data, dict):
        raise BulkError("The file must hold an object of collections")
    file = _read(data, folder=folder, now=now, progress=progress)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '30s'")
            reservations.lock_every_room()  # rooms before people and meetings, as everywhere
            _check_references(file)
            _write(file)
    except IntegrityError as error:
        raise refusals.explain(error, entries=file.all, takings=file.takings) from error
    return Loaded(new=file.new, changed=file.changed, warnings=tuple(_unknown(data)))


def _read(data: Mapping[str, Any], *, folder: Path, now: dt.datetime, progress: Progress) -> File:
    found = {form.collection: entries.of_form(form, data) for form in FORMS}
    lists = {
        (collection, child.name): children.read(child, found[collection])
        for collection, wanted in CHILD_FORMS.items()
        for child in wanted
    }
    images = pictures.wanted(found["rooms"], folder=folder)
    return File(entries=found, lists=lists, pictures=images, now=now, progress=progress)


def _unknown(data: Mapping[str, Any]) -> Iterable[str]:
    """Name the collections and fields that are not of this form: they were left out."""
    by_name = {form.collection: form for form in FORMS}
    for collection, items in data.items():
        form = by_name.get(collection)
        if form is None:
            yield f"{collection}: not a collection of this form, left out"
            continue
        known = {"_id", *(one.name for one in form.fields), *_OTHER_FIELDS.get(collection, ())}
        known |= {child.name for child in CHILD_FORMS.get(collection, ())}
        given: set[str] = set().union(*items) if items else set()
        for name in sorted(given - known):
            yield f"{collection}: {name} is not a field of this form, left out"


# --- references -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reference:
    entry: Entry
    field: str
    model: Any
    id: str


def _check_references(file: File) -> None:
    """Refuse ids that are neither in the file nor in the database."""
    known = {form.model: {entry.id for entry in file.entries[form.collection]} for form in FORMS}
    missing: dict[Any, list[_Reference]] = {}
    for reference in _references(file):
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


def _references(file: File) -> Iterable[_Reference]:
    for form in FORMS:
        named = [one for one in form.fields if one.to is not None]
        for entry in file.entries[form.collection]:
            for one in named:
                if entry.values.get(one.attribute):
                    yield _Reference(entry, one.name, one.to, entry.values[one.attribute])
    for collection, wanted in CHILD_FORMS.items():
        for child_form in wanted:
            yield from _child_references(child_form, file.lists_of(collection, child_form))
    yield from _listed(file.entries["organizations"], "memberOf", Site)
    yield from _listed(file.entries["rooms"], "parts", Room)


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


# --- writing --------------------------------------------------------------------------------


def _write(file: File) -> None:
    _write_form(file, forms.SITES)
    _write_form(file, forms.ORGANIZATIONS, contracts.settle)
    _write_form(file, forms.ROOMS)
    _write_room_parts(file)
    file.touched["rooms"] |= pictures.save(file.pictures)
    _write_form(file, forms.USERS, people.settle)
    _write_form(file, forms.RATES)
    _write_site_lists(file)
    contracts.write(file)
    _write_form(file, forms.STATEMENTS)
    children.save(children.STATEMENT_LINES, file.lists_of("statements", children.STATEMENT_LINES))
    people.write_cards(file)
    children.save(children.API_QUOTAS, file.lists_of("users", children.API_QUOTAS))
    _write_form(file, forms.API_TOKENS)
    _write_form(file, forms.MEETING_SERIES)
    if file.entries["meetings"] or file.entries["blocks"]:
        _write_meetings(file)
    for form in _WISHES:
        _write_form(file, form)
    announcements.sites_changed(file.touched["sites"], now=file.now)
    announcements.rooms_changed(file.touched["rooms"], now=file.now)


def _write_form(
    file: File, form: Form, settle: Callable[[Sequence[Change], File], None] | None = None
) -> None:
    changes = rows.merge(form, file.entries[form.collection])
    if settle:
        settle(changes, file)
    _save(file, form, changes)


def _save(file: File, form: Form, changes: Sequence[Change]) -> None:
    written = rows.stamp(changes, now=file.now)
    file.new[form.collection] = sum(change.is_new for change in changes)
    file.changed[form.collection] = len(written) - file.new[form.collection]
    file.touched[form.collection] |= {row.pk for row in written}
    tables.upsert(form.model, written)
    file.progress(form.collection, len(changes))


def _write_room_parts(file: File) -> None:
    through = Room.parts.through
    wanted = {entry.id: entry.ids("parts") for entry in file.entries["rooms"]}
    stored: dict[str, set[str]] = {}
    for whole, part in through.objects.values_list("from_room_id", "to_room_id"):
        stored.setdefault(whole, set()).add(part)
    for entry in file.entries["rooms"]:
        parts = wanted[entry.id]
        if parts is None or set(parts) == stored.get(entry.id, set()):
            continue
        if entry.id in parts:
            raise at(entry.place, "parts", "a room is no part of itself")
        file.touched["rooms"].add(entry.id)
        through.objects.filter(from_room_id=entry.id).delete()
        through.objects.bulk_create(
            through(from_room_id=entry.id, to_room_id=part) for part in parts
        )


def _write_site_lists(file: File) -> None:
    zones = dict(Site.objects.values_list("pk", "time_zone"))
    closures = file.lists_of("sites", children.CLOSURES)
    for site_id, found in closures.items():
        for child in found:
            for name, label in (("starts_at", "from"), ("ends_at", "to")):
                child.values[name] = meetings.instant(
                    child.owner,
                    f"{child.label}.{label}",
                    child.values[name],
                    ZoneInfo(zones[site_id]),
                )
    exceptions = file.lists_of("sites", children.OPENING_EXCEPTIONS)
    file.touched["sites"] |= children.save(children.CLOSURES, closures)
    file.touched["sites"] |= children.save(children.OPENING_EXCEPTIONS, exceptions)


def _write_meetings(file: File) -> None:
    known = meetings.rooms()
    changes = rows.merge(forms.MEETINGS, file.entries["meetings"])
    meetings.settle(changes, known=known, now=file.now)
    _save(file, forms.MEETINGS, changes)
    blocks = rows.merge(forms.BLOCKS, file.entries["blocks"])
    moved = meetings.settle_blocks(blocks, known)
    file.new["blocks"] = sum(change.is_new for change in blocks)
    file.changed["blocks"] = len(moved) - file.new["blocks"]
    file.takings = [*meetings.takings(changes, known), *moved]
    meetings.make_room(file.takings, now=file.now)
    meetings.take(file.takings)
