"""Loading a bulk file: all of it or, with an error that names the entry and field, nothing.

Source: public-api, section 3 ("Bulk data") and section 6 ("Bulk data").
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, connection, transaction

from backoffice.bulk import (
    children,
    codecs,
    entries,
    forms,
    meetings,
    pictures,
    refusals,
    rows,
    tables,
)
from backoffice.bulk.children import Child, ChildForm
from backoffice.bulk.entries import Entry
from backoffice.bulk.forms import Form
from backoffice.bulk.meetings import Taking
from backoffice.bulk.problems import BulkError, at
from backoffice.bulk.rows import Change
from config import money
from contracts.models import ContractOption, Rate
from organizations.models import AccessCard, ApiRole, Organization, OrganizationStatus, Role, User
from sites_app.domain import leases
from sites_app.models import Room, RoomLease, Site, SiteMembership

FORMS = (
    forms.SITES,
    forms.ROOMS,
    forms.ORGANIZATIONS,
    forms.USERS,
    forms.RATES,
    forms.API_TOKENS,
    forms.MEETINGS,
    forms.BLOCKS,
)
CHILD_FORMS: Mapping[str, tuple[ChildForm, ...]] = {
    "sites": (children.OPENING_EXCEPTIONS, children.CLOSURES),
    "organizations": (children.LEASES, children.CONTRACT_OPTIONS),
    "users": (children.ACCESS_CARDS,),
}
_OTHER_FIELDS: Mapping[str, frozenset[str]] = {
    "rooms": frozenset(["image", "images", "parts"]),
    "organizations": frozenset(["memberOf"]),
    "users": frozenset(["password", "isVerified"]),
    "meetings": frozenset(["duration", "blocked"]),
}

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many entries of each collection were new or changed, and what the file says in vain."""

    new: Mapping[str, int]
    changed: Mapping[str, int]
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _File:
    """The file as read: entries by collection, lists inside them, pictures, reservations made."""

    entries: dict[str, list[Entry]]
    lists: dict[str, dict[str, list[Child]]]
    pictures: dict[str, list[Any]]
    now: dt.datetime
    progress: Progress
    takings: list[Taking] = field(default_factory=list)
    new: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)

    @property
    def all(self) -> Iterable[Entry]:
        return (entry for found in self.entries.values() for entry in found)


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
                cursor.execute("SET LOCAL statement_timeout = 0")
            _check_references(file)
            _write(file)
    except IntegrityError as error:
        raise refusals.explain(error, entries=file.all, takings=file.takings) from error
    return Loaded(new=file.new, changed=file.changed, warnings=tuple(_unknown(data)))


def _read(data: Mapping[str, Any], *, folder: Path, now: dt.datetime, progress: Progress) -> _File:
    found = {form.collection: entries.of_form(form, data) for form in FORMS}
    lists = {
        child.name
        if collection != "organizations"
        else f"organizations.{child.name}": children.read(child, found[collection])
        for collection, wanted in CHILD_FORMS.items()
        for child in wanted
    }
    images = pictures.wanted(found["rooms"], folder=folder)
    return _File(entries=found, lists=lists, pictures=images, now=now, progress=progress)


def _lists(file: _File, collection: str, child: ChildForm) -> dict[str, list[Child]]:
    prefix = "organizations." if collection == "organizations" else ""
    return file.lists[f"{prefix}{child.name}"]


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


def _check_references(file: _File) -> None:
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


def _references(file: _File) -> Iterable[_Reference]:
    for form in FORMS:
        named = [one for one in form.fields if one.to is not None]
        for entry in file.entries[form.collection]:
            for one in named:
                if entry.values.get(one.attribute):
                    yield _Reference(entry, one.name, one.to, entry.values[one.attribute])
    for collection, wanted in CHILD_FORMS.items():
        for child_form in wanted:
            yield from _child_references(child_form, _lists(file, collection, child_form))
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
            for position, site_id in enumerate(_card_sites(child)):
                yield _Reference(child.owner, f"{child.label}.sites[{position}]", Site, site_id)


def _listed(found: Iterable[Entry], name: str, model: Any) -> Iterable[_Reference]:
    for entry in found:
        for position, one in enumerate(entry.ids(name) or ()):
            yield _Reference(entry, f"{name}[{position}]", model, one)


# --- writing --------------------------------------------------------------------------------


def _write(file: _File) -> None:
    _write_form(file, forms.SITES)
    _write_form(file, forms.ORGANIZATIONS, _settle_organizations)
    _write_form(file, forms.ROOMS)
    _write_room_parts(file)
    pictures.save(file.pictures)
    _write_form(file, forms.USERS, _settle_people)
    _write_form(file, forms.RATES)
    _write_site_lists(file)
    _write_contracts(file)
    _write_cards(file)
    _write_form(file, forms.API_TOKENS)
    if file.entries["meetings"] or file.entries["blocks"]:
        _write_meetings(file)


def _write_form(
    file: _File, form: Form, settle: Callable[[Sequence[Change], _File], None] | None = None
) -> None:
    changes = rows.merge(form, file.entries[form.collection])
    if settle:
        settle(changes, file)
    _save(file, form, changes)


def _save(file: _File, form: Form, changes: Sequence[Change]) -> None:
    written = rows.stamp(changes, now=file.now)
    file.new[form.collection] = sum(change.is_new for change in changes)
    file.changed[form.collection] = len(written) - file.new[form.collection]
    tables.upsert(form.model, written)
    file.progress(form.collection, len(changes))


def _settle_organizations(changes: Sequence[Change], file: _File) -> None:
    lists = _lists(file, "organizations", children.CONTRACT_OPTIONS)
    stored: dict[str, list[ContractOption]] = {}
    for option in ContractOption.objects.filter(organization__in=lists).order_by("number"):
        stored.setdefault(option.organization_id, []).append(option)
    for change in changes:
        row, given = change.row, change.entry.values
        if "status" not in given and change.is_new:
            row.status = OrganizationStatus.ACTIVE
        if "rental_price_text" in given and "base_price" not in given:
            text = row.rental_price_text
            row.base_price = money.parse_amount(text) if text else None
        _number_options(row, lists.get(change.entry.id, ()), stored.get(change.entry.id, ()))


def _number_options(
    organization: Organization, options: Sequence[Child], stored: Iterable[ContractOption]
) -> None:
    """Give options without an id that of the stored one of their rate, else the next, never used before."""
    numbers = {child.values["number"] for child in options} - {None}
    free = [option for option in stored if option.number not in numbers]
    following = max([organization.next_option_number, *(number + 1 for number in numbers)])
    for child in (child for child in options if child.values["number"] is None):
        same = next((one for one in free if one.rate_id == child.values["rate_id"]), None)
        if same is not None:
            free.remove(same)
            child.values["number"] = same.number
        else:
            child.values["number"] = following
            following += 1
    organization.next_option_number = following


def _settle_people(changes: Sequence[Change], file: _File) -> None:
    seen: dict[str, Entry] = {}
    for change in changes:
        row, entry = change.row, change.entry
        if row.email in seen:
            raise at(entry.place, "email", f"is also that of {seen[row.email].place}")
        seen[row.email] = entry
        _settle_role(change)
        _settle_access(change, file)
    _check_addresses(changes, seen)


def _settle_role(change: Change) -> None:
    row, given = change.row, change.entry.values
    if row.role in ApiRole.values:
        if "api_role" not in given:
            row.api_role = row.role
        row.role = change.before.get("role", Role.USER)
    elif change.is_new and "role" not in given and (row.organization_id or row.api_role):
        row.role = Role.USER


def _settle_access(change: Change, file: _File) -> None:
    row, entry = change.row, change.entry
    if "isVerified" in entry.given and "email_verified_at" not in entry.values:
        is_verified = entry.read("isVerified", codecs.boolean(empty=False))
        row.email_verified_at = (row.email_verified_at or file.now) if is_verified else None
    if "password" in entry.given and "passwordHash" not in entry.given:
        plain = entry.read("password", codecs.text(longest=128))
        if not plain:
            row.password = make_password(None)
        elif change.is_new or not check_password(plain, row.password):
            row.password = make_password(plain)
    elif change.is_new and not row.password:
        row.password = make_password(None)


def _check_addresses(changes: Sequence[Change], seen: Mapping[str, Entry]) -> None:
    ours = {change.row.pk for change in changes}
    for batch in rows.batches(seen):
        for email, other in User.objects.filter(email__in=batch).values_list("email", "pk"):
            if other not in ours:
                raise at(seen[email].place, "email", f"is that of the person {other}")


def _write_room_parts(file: _File) -> None:
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
        through.objects.filter(from_room_id=entry.id).delete()
        through.objects.bulk_create(
            through(from_room_id=entry.id, to_room_id=part) for part in parts
        )


def _write_site_lists(file: _File) -> None:
    zones = dict(Site.objects.values_list("pk", "time_zone"))
    closures = _lists(file, "sites", children.CLOSURES)
    for site_id, found in closures.items():
        for child in found:
            for name, label in (("starts_at", "from"), ("ends_at", "to")):
                child.values[name] = meetings.instant(
                    child.owner,
                    f"{child.label}.{label}",
                    child.values[name],
                    ZoneInfo(zones[site_id]),
                )
    children.save(children.CLOSURES, closures)
    children.save(children.OPENING_EXCEPTIONS, _lists(file, "sites", children.OPENING_EXCEPTIONS))


def _write_contracts(file: _File) -> None:
    _write_memberships(file)
    _write_leases(file)
    options = _lists(file, "organizations", children.CONTRACT_OPTIONS)
    used = {child.values["rate_id"] for found in options.values() for child in found}
    rates = Rate.objects.in_bulk(list(used))
    for child in (child for found in options.values() for child in found):
        rate = rates[child.values["rate_id"]]
        # The rate's own key wins over a contradicting one.
        child.values["key"] = rate.key
        child.values["name"] = child.values["name"] or rate.name
    children.save(children.CONTRACT_OPTIONS, options)


def _write_memberships(file: _File) -> None:
    for entry in file.entries["organizations"]:
        wanted = entry.ids("memberOf")
        if wanted is None:
            continue
        memberships = SiteMembership.objects.filter(organization=entry.id)
        stored = memberships.order_by("position", "id").values_list("site_id", flat=True)
        if list(stored) == wanted:
            continue
        memberships.delete()
        SiteMembership.objects.bulk_create(
            SiteMembership(site_id=site_id, organization_id=entry.id, position=position)
            for position, site_id in enumerate(wanted)
        )


def _write_leases(file: _File) -> None:
    wanted = _lists(file, "organizations", children.LEASES)
    ids_ = [entry.id for entry in file.entries["organizations"]]
    contracts = dict(Organization.objects.filter(pk__in=ids_).values_list("pk", "rental_end_on"))
    for organization_id, found in wanted.items():
        for child in found:
            child.values["ends_on"] = leases.end_of(
                own_end_on=child.values["own_end_on"],
                contract_end_on=contracts[organization_id],
            )
    # A room that moves from one tenant of the file to another is free in between.
    for organization_id, found in wanted.items():
        kept = {child.values["room_id"] for child in found}
        RoomLease.objects.filter(organization=organization_id).exclude(room__in=kept).delete()
    children.save(children.LEASES, wanted)
    _follow_contracts(file, wanted, contracts)


def _follow_contracts(
    file: _File, wanted: Mapping[str, Any], contracts: Mapping[str, dt.date | None]
) -> None:
    for entry in file.entries["organizations"]:
        if entry.id not in wanted and "rental_end_on" in entry.values:
            stale = [
                lease
                for lease in RoomLease.objects.filter(organization=entry.id, own_end_on=None)
                if lease.ends_on != contracts[entry.id]
            ]
            for lease in stale:
                lease.ends_on = contracts[entry.id]
            RoomLease.objects.bulk_update(stale, ["ends_on"])


def _card_sites(child: Child) -> list[str]:
    entry = Entry(child.place, child.owner.id, {f"{child.label}.sites": child.given.get("sites")})
    return entry.ids(f"{child.label}.sites") or []


def _write_cards(file: _File) -> None:
    wanted = _lists(file, "users", children.ACCESS_CARDS)
    _check_cards(wanted)
    children.save(children.ACCESS_CARDS, wanted)
    numbers = {child.values["number"]: child for found in wanted.values() for child in found}
    through = AccessCard.sites.through
    cards = AccessCard.objects.filter(number__in=numbers).prefetch_related("sites")
    for card in cards:
        sites = set(_card_sites(numbers[card.number]))
        if sites == {site.pk for site in card.sites.all()}:
            continue
        through.objects.filter(accesscard_id=card.pk).delete()
        through.objects.bulk_create(
            through(accesscard_id=card.pk, site_id=site_id) for site_id in sorted(sites)
        )


def _check_cards(wanted: Mapping[str, Sequence[Child]]) -> None:
    seen: dict[str, Child] = {}
    for child in (child for found in wanted.values() for child in found):
        number = child.values["number"]
        if number in seen:
            raise at(child.place, child.label, f"{number} is also with {seen[number].place}")
        seen[number] = child
    others = AccessCard.objects.filter(number__in=seen).exclude(holder__in=wanted)
    for number, holder in others.values_list("number", "holder_id"):
        raise at(seen[number].place, seen[number].label, f"{number} is with the person {holder}")


def _write_meetings(file: _File) -> None:
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
