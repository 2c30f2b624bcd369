"""Loading a bulk file: all of it or, with an error that names the entry and field, nothing.

Source: public-api, section 3 ("Bulk data") and section 6 ("Bulk data").
"""

import datetime as dt
from collections.abc import Iterable, Mapping
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
    occupancy,
    people,
    pictures,
    references,
    refusals,
    taking_rooms,
    wishes,
    workplace,
    workplace_forms,
)
from backoffice.bulk.files import CHILD_FORMS, File, Progress
from backoffice.bulk.problems import BulkError, at
from backoffice.bulk.saving import write_form
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
    *workplace_forms.FORMS,
)
_WISHES = FORMS[FORMS.index(wishes.COMPANY_CHECKS) : FORMS.index(workplace_forms.LAYERS)]
_OTHER_FIELDS: Mapping[str, frozenset[str]] = {
    "rooms": frozenset(["image", "images", "parts"]),
    "organizations": frozenset(["memberOf"]),
    "users": frozenset(["password", "isVerified"]),
    "meetings": frozenset(["duration", "blocked"]),
    "zones": frozenset(["neighbours"]),
    "teams": frozenset(
        [
            "members",
            "linkedLocations",
            workplace_forms.TEAM_WISHES.key,
            *(one.name for one in workplace_forms.TEAM_WISHES.fields),
        ]
    ),
    "allocations": frozenset(["spaces"]),
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
            references.check(file, FORMS)
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
    presence = occupancy.read(data)
    return File(
        entries=found,
        lists=lists,
        pictures=images,
        now=now,
        progress=progress,
        presence=presence,
    )


def _unknown(data: Mapping[str, Any]) -> Iterable[str]:
    """Name the collections and fields that are not of this form: they were left out."""
    by_name = {form.collection: form for form in (*FORMS, workplace_forms.OCCUPANCY)}
    for collection, items in data.items():
        form = by_name.get(collection)
        if form is None:
            yield f"{collection}: not a collection of this form, left out"
            continue
        known = {
            "_id",
            form.key,
            *(one.name for one in form.fields),
            *_OTHER_FIELDS.get(collection, ()),
        }
        known |= {child.name for child in CHILD_FORMS.get(collection, ())}
        given: set[str] = set().union(*items) if items else set()
        for name in sorted(given - known):
            yield f"{collection}: {name} is not a field of this form, left out"


# --- writing --------------------------------------------------------------------------------


def _write(file: File) -> None:
    write_form(file, forms.SITES)
    write_form(file, forms.ORGANIZATIONS, contracts.settle)
    write_form(file, forms.ROOMS)
    _write_room_parts(file)
    file.touched["rooms"] |= pictures.save(file.pictures)
    write_form(file, forms.USERS, people.settle)
    write_form(file, forms.RATES)
    _write_site_lists(file)
    contracts.write(file)
    write_form(file, forms.STATEMENTS)
    children.save(children.STATEMENT_LINES, file.lists_of("statements", children.STATEMENT_LINES))
    people.write_cards(file)
    children.save(children.API_QUOTAS, file.lists_of("users", children.API_QUOTAS))
    write_form(file, forms.API_TOKENS)
    write_form(file, forms.MEETING_SERIES)
    workplace.write_places(file)
    taking_rooms.write(file)
    for form in _WISHES:
        write_form(file, form)
    workplace.write_presence(file)
    announcements.sites_changed(file.touched["sites"], now=file.now)
    announcements.rooms_changed(file.touched["rooms"], now=file.now)


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
