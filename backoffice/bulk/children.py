"""Lists inside an entry (leases, options, cards …): the list in the file replaces the one stored.

A child is the same one as before when its key is; then it keeps its id and its history.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from apitokens.models import ApiQuota
from backoffice.bulk import codecs, entries
from backoffice.bulk.entries import Entry
from backoffice.bulk.fields import Field
from backoffice.bulk.forms import CARD_STATUS
from backoffice.bulk.problems import Place, at
from backoffice.bulk.rows import batches
from contracts.models import (
    ContractNotice,
    ContractOption,
    LineKind,
    NoticeKind,
    Rate,
    StatementLine,
)
from organizations.models import AccessCard
from sites_app.models import Closure, OpeningException, Room, RoomLease

_REASONS = (
    Field("reason", "reason", codecs.text(longest=200)),
    Field("reasonFr", "reason_fr", codecs.text(longest=200)),
)


@dataclass(frozen=True, slots=True)
class ChildForm:
    """A list of an entry: its name in the file, its model, the column of its owner, its key."""

    name: str
    model: type[Model]
    owner: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    required: tuple[str, ...]


OPENING_EXCEPTIONS = ChildForm(
    "openingExceptions",
    OpeningException,
    "site_id",
    (Field("date", "date", codecs.date()), Field("slots", "slots", codecs.slots()), *_REASONS),
    key=("date",),
    required=("date",),
)
CLOSURES = ChildForm(
    "closures",
    Closure,
    "site_id",
    (
        Field("from", "starts_at", codecs.moment(local=True)),
        Field("to", "ends_at", codecs.moment(local=True)),
        *_REASONS,
        Field("room", "room_id", codecs.entry_id(), Room),
    ),
    key=("room_id", "starts_at", "ends_at"),
    required=("from", "to"),
)
LEASES = ChildForm(
    "rooms",
    RoomLease,
    "organization_id",
    (
        Field("room", "room_id", codecs.entry_id(), Room),
        Field("price", "price", codecs.decimal()),
        Field("startsOn", "starts_on", codecs.date()),
        Field("contractEndDate", "own_end_on", codecs.date()),
    ),
    key=("room_id", "starts_on"),
    required=("room",),
)
CONTRACT_OPTIONS = ChildForm(
    "contractOptions",
    ContractOption,
    "organization_id",
    (
        Field("id", "number", codecs.integer(least=1, empty=None)),
        Field("optionModelId", "rate_id", codecs.entry_id(), Rate),
        Field("key", "key", codecs.text(longest=60)),
        Field("name", "name", codecs.text(longest=200)),
        Field("quantity", "quantity", codecs.integer(least=1, empty=1)),
        Field("price", "price", codecs.option_price()),
        Field("pricePromo", "price_promo", codecs.option_price()),
        Field("promoMonthDuration", "promo_months", codecs.integer(most=32_767, empty=None)),
        Field("startAt", "start_on", codecs.date()),
        Field("endAt", "end_on", codecs.date()),
    ),
    key=("number",),
    required=("optionModelId",),
)
CONTRACT_NOTICES = ChildForm(
    "contractNotices",
    ContractNotice,
    "organization_id",
    (
        Field("kind", "kind", codecs.choice(NoticeKind.values)),
        Field("endsOn", "ends_on", codecs.date()),
        Field("at", "at", codecs.moment()),
    ),
    key=("ends_on", "kind"),
    required=("kind", "endsOn", "at"),
)
STATEMENT_LINES = ChildForm(
    "lines",
    StatementLine,
    "statement_id",
    (
        Field("position", "position", codecs.integer(least=1)),
        Field("kind", "kind", codecs.choice(LineKind.values)),
        Field("label", "label", codecs.text(longest=300)),
        Field("key", "key", codecs.text(longest=60)),
        Field("reference", "reference", codecs.text(longest=24)),
        Field("from", "first_on", codecs.date()),
        Field("to", "last_on", codecs.date()),
        Field("quantity", "quantity", codecs.integer(least=1, empty=1)),
        Field("unitPrice", "unit_price", codecs.decimal(digits=12)),
        Field("net", "net", codecs.decimal(digits=14)),
        Field("vatRate", "vat_rate", codecs.decimal(percent=True)),
        Field("vat", "vat", codecs.decimal(digits=14)),
    ),
    key=("position",),
    required=("position", "kind", "from", "to", "unitPrice", "net", "vatRate", "vat"),
)
ACCESS_CARDS = ChildForm(
    "accessCards",
    AccessCard,
    "holder_id",
    (
        Field("number", "number", codecs.text(longest=64, required=True)),
        Field("status", "status", CARD_STATUS),
        Field("blockedFrom", "blocked_from", codecs.choice(["ordered", "active"], empty="")),
        Field("createdAt", "created_at", codecs.moment()),
    ),
    key=("number",),
    required=("number",),
)
API_QUOTAS = ChildForm(
    "apiQuotas",
    ApiQuota,
    "user_id",
    (
        Field("callsPerDay", "daily_limit", codecs.integer(empty=None)),
        Field("callsPerMonth", "monthly_limit", codecs.integer(empty=None)),
    ),
    key=(),
    required=(),
)


@dataclass(slots=True)
class Child:
    """One object of a list: where it stands, its owner's entry, its values by attribute."""

    place: Place
    label: str
    owner: Entry
    given: Mapping[str, Any]
    values: dict[str, Any]


def read(form: ChildForm, owners: Iterable[Entry]) -> dict[str, list[Child]]:
    """Read the lists of those entries that have one, by the entry's id."""
    found = {}
    for owner in owners:
        items = owner.children(form.name)
        if items is not None:
            found[owner.id] = [
                _child(form, owner, position, given) for position, given in enumerate(items)
            ]
    return found


def _child(form: ChildForm, owner: Entry, position: int, given: Mapping[str, Any]) -> Child:
    label = f"{form.name}[{position}]"
    for name in form.required:
        if given.get(name) is None:
            raise at(owner.place, f"{label}.{name}", "is missing")
    values = {
        one.attribute: entries.read(
            owner.place, f"{label}.{one.name}", one.codec, given.get(one.name)
        )
        for one in form.fields
    }
    return Child(owner.place, label, owner, given, values)


def save(form: ChildForm, wanted: Mapping[str, Sequence[Child]]) -> set[str]:
    """Make the stored lists of these owners the wanted ones, writing only what differs.

    Return the owners whose lists did.
    """
    stored = _stored(form, wanted)
    new, changed = [], []
    for owner_id, children in wanted.items():
        seen = set()
        for child in children:
            key = (owner_id, *(child.values[name] for name in form.key))
            if key in seen:
                raise at(child.place, child.label, "stands twice in the list")
            seen.add(key)
            row = stored.pop(key, None)
            if row is None:
                new.append(form.model(**{form.owner: owner_id}, **child.values))
            elif _put(row, child.values):
                changed.append(row)
    surplus = [row.pk for row in stored.values()]
    if surplus:
        form.model._default_manager.filter(pk__in=surplus).delete()
    _write(form, new, changed)
    return {getattr(row, form.owner) for row in (*new, *changed, *stored.values())}


def _stored(form: ChildForm, wanted: Iterable[str]) -> dict[tuple[Any, ...], Any]:
    found = {}
    for batch in batches(wanted):
        for row in form.model._default_manager.filter(**{f"{form.owner}__in": batch}):
            key = (getattr(row, form.owner), *(getattr(row, name) for name in form.key))
            found[key] = row
    return found


def _put(row: Any, values: Mapping[str, Any]) -> bool:
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def _write(form: ChildForm, new: list[Any], changed: list[Any]) -> None:
    if changed:
        columns = [one.attribute for one in form.fields]
        form.model._default_manager.bulk_update(changed, columns, batch_size=500)
    if new:
        form.model._default_manager.bulk_create(new, batch_size=2_000)
