"""Writing the whole database in the bulk form, entry by entry, so that memory stays small.

The same data gives the same bytes: entries by id, lists by their key, fields in the form's order.
What is the installation's own (mails, events, usage counts, sessions) is not written: `left_out`.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import orjson
from django.db import connection, transaction
from django.db.models import QuerySet

from backoffice.bulk import (
    children,
    exporting_workplace,
    forms,
    meetings,
    pictures,
    takings,
    wishes,
    workplace_forms,
)
from backoffice.bulk.children import ChildForm
from backoffice.bulk.codecs import write_moment
from backoffice.bulk.fields import Form
from booking.models import Reservation

CHUNK = 2_000

Progress = Callable[[str, int], None]
_Extras = Callable[[Any], Mapping[str, Any]]


def write_file(
    path: Path, *, with_secrets: bool, progress: Progress = lambda _collection, _count: None
) -> None:
    """Write the bulk form to `path`, only its owner may read it, and the pictures beside it.

    The file appears once it is complete. Secrets are the hashes of passwords and API tokens.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream, _one_moment():
            _write(stream, path.parent, with_secrets=with_secrets, progress=progress)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read everything as of one moment, so that no entry names one that came later."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        yield


def _write(stream: IO[bytes], folder: Path, *, with_secrets: bool, progress: Progress) -> None:
    stream.write(b"{")
    for number, (form, extras) in enumerate(_collections(folder, with_secrets=with_secrets)):
        stream.write(b",\n" if number else b"\n")
        stream.write(orjson.dumps(form.collection) + b": [")
        for position, row in enumerate(_rows(form)):
            stream.write(b",\n" if position else b"\n")
            stream.write(orjson.dumps(_entry(form, row, extras, with_secrets=with_secrets)))
            progress(form.collection, 1)
        stream.write(b"]")
    stream.write(b"\n}\n")


def _collections(folder: Path, *, with_secrets: bool) -> Iterator[tuple[Form, _Extras]]:
    yield forms.SITES, _of_site
    yield forms.ROOMS, _RoomExtras(folder)
    yield forms.ORGANIZATIONS, _of_organization
    yield forms.USERS, _of_person
    yield forms.RATES, _nothing
    yield forms.STATEMENTS, _of_statement
    if with_secrets:  # a token is nothing without its hash
        yield forms.API_TOKENS, _nothing
    yield forms.MEETING_SERIES, _nothing
    yield forms.MEETINGS, _MeetingExtras()
    yield forms.BLOCKS, _nothing
    yield wishes.COMPANY_CHECKS, _nothing
    yield wishes.JOIN_REQUESTS, _nothing
    yield wishes.API_ACCESS_REQUESTS, _nothing
    yield wishes.REGISTRATIONS, _nothing
    yield wishes.BOOKING_LIMITS, _nothing
    yield wishes.WAITLIST, _nothing
    for form in (*workplace_forms.FORMS, workplace_forms.OCCUPANCY):
        yield form, exporting_workplace.EXTRAS.get(form.collection, _nothing)


_PREFETCHED: Mapping[str, tuple[str, ...]] = {
    "sites": ("opening_exceptions", "closures"),
    "rooms": ("parts", "images"),
    "organizations": ("site_memberships", "leases", "contract_options", "contract_notices"),
    "statements": ("lines",),
    "users": ("access_cards__sites", "api_quota"),
    "meetings": ("reservations",),
    **exporting_workplace.PREFETCHED,
}


def _rows(form: Form) -> Iterator[Any]:
    found: QuerySet[Any] = form.model._default_manager.order_by("pk")
    if form.model is Reservation:
        found = found.filter(kind__in=forms.BLOCK_KINDS)
    found = found.prefetch_related(*_PREFETCHED.get(form.collection, ()))
    for row in found.iterator(chunk_size=CHUNK):
        if form.model is Reservation:
            row.starts_at, row.ends_at = row.blocked.lower, row.blocked.upper
        yield row


def _entry(form: Form, row: Any, extras: _Extras, *, with_secrets: bool) -> dict[str, Any]:
    plain = {
        one.name: one.codec.write(getattr(row, one.attribute))
        for one in form.fields
        if with_secrets or not one.is_secret
    }
    return {form.key: row.pk, **plain, **extras(row)}


def _children(form: ChildForm, rows: Any) -> list[dict[str, Any]]:
    """Write a list of an entry by its key; an empty part of a key comes first."""

    def order(row: Any) -> list[tuple[bool, Any]]:
        return [(value is not None, value) for value in (getattr(row, name) for name in form.key)]

    return [_child(form, row) for row in sorted(rows.all(), key=order)]


def _child(form: ChildForm, row: Any) -> dict[str, Any]:
    return {one.name: one.codec.write(getattr(row, one.attribute)) for one in form.fields}


def _nothing(_row: Any) -> Mapping[str, Any]:
    return {}


def _of_site(site: Any) -> Mapping[str, Any]:
    return {
        "openingExceptions": _children(children.OPENING_EXCEPTIONS, site.opening_exceptions),
        "closures": _children(children.CLOSURES, site.closures),
    }


def _of_organization(organization: Any) -> Mapping[str, Any]:
    memberships = sorted(
        organization.site_memberships.all(), key=lambda one: (one.position, one.pk)
    )
    return {
        "memberOf": [membership.site_id for membership in memberships],
        "rooms": _children(children.LEASES, organization.leases),
        "contractOptions": _children(children.CONTRACT_OPTIONS, organization.contract_options),
        "contractNotices": _children(children.CONTRACT_NOTICES, organization.contract_notices),
    }


def _of_statement(statement: Any) -> Mapping[str, Any]:
    return {"lines": _children(children.STATEMENT_LINES, statement.lines)}


def _of_person(person: Any) -> Mapping[str, Any]:
    cards = _children(children.ACCESS_CARDS, person.access_cards)
    quota = getattr(person, "api_quota", None)
    sites = {
        card.number: sorted(site.pk for site in card.sites.all())
        for card in person.access_cards.all()
    }
    return {
        "isVerified": person.email_verified_at is not None,
        "accessCards": [{**card, "sites": sites[card["number"]]} for card in cards],
        "apiQuotas": [_child(children.API_QUOTAS, quota)] if quota else [],
    }


class _RoomExtras:
    """A room's parts and pictures; the pictures are written beside the file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, room: Any) -> Mapping[str, Any]:
        images = sorted(room.images.all(), key=lambda image: (image.position, image.pk))
        paths = [
            pictures.write(image, folder=self._folder, number=number)
            for number, image in enumerate(images)
        ]
        found: dict[str, Any] = {"parts": sorted(part.pk for part in room.parts.all())}
        if paths:
            found["image"] = paths[0]
        if len(paths) > 1 or any(image.alt_text for image in images):
            found["images"] = [
                {"file": path, "altText": image.alt_text}
                for path, image in zip(paths, images, strict=True)
            ]
        return found


class _MeetingExtras:
    """A meeting's duration, and what it blocks where that is not what its room asks for today."""

    def __init__(self) -> None:
        self._rooms: meetings.Rooms | None = None

    def __call__(self, meeting: Any) -> Mapping[str, Any]:
        known = self._rooms = self._rooms or meetings.rooms()
        blocked = [(row.room_id, row.blocked) for row in meeting.reservations.all()]
        blocked.sort(key=lambda one: (one[0], one[1].lower))
        found: dict[str, Any] = {"duration": meeting.duration_minutes}
        if blocked != takings.default_blocked(meeting, known):
            found["blocked"] = [
                {
                    "room": room_id,
                    "from": write_moment(span.lower),
                    "to": write_moment(span.upper),
                }
                for room_id, span in blocked
            ]
        return found
