"""External intentions: what connected systems say of people's plans, each by its own id.

Every item stands by itself, in a transaction of its own; said again it changes what it named before.
What the house put down for people gives way; what people decided themselves does not.
Source: Workplace API, section 8, POST /intentions/external; section 13, "Intentions".
"""

import copy
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog
from django.db import IntegrityError

from apitokens.domain.abuse_limits import TooManyCalls
from booking.domain import reservations
from config.errors import DomainError
from organizations.models import User
from sites_app.models import Site
from workplace.domain import (
    intention_conflicts,
    intention_people,
    intention_requests,
    intention_times,
    intention_writes,
)
from workplace.domain.intention_conflicts import SCHEDULED
from workplace.domain.intention_people import NO_TEAM, Asker, PersonNames, TeamNames
from workplace.domain.intention_times import PlannedTime
from workplace.domain.places import Place
from workplace.domain.refusals import Detail, Invalid, Refused, missing
from workplace.models import (
    OPEN_STATUSES,
    TYPE_OF_EXTERNAL,
    Configuration,
    ExternalType,
    Intention,
    IntentionSource,
    IntentionStatus,
    Team,
)

_SEATED_BY = frozenset({"status", "type", "site", "person", "team", "starts_at", "ends_at"})
"""The fields of a plan by which its seat is chosen."""

log = structlog.get_logger(__name__)


class Result(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalItem:
    """One plan as a connected system tells it; without `ends_at` to the end of that operating day."""

    external_id: str
    external_type: ExternalType
    site_id: str | None = None
    external_site_id: str | None = None
    person: PersonNames
    team: TeamNames = NO_TEAM
    starts_at: dt.datetime
    ends_at: dt.datetime | None = None
    timezone: str | None = None
    status: IntentionStatus = IntentionStatus.ACCEPTED
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOutcome:
    """What became of an item; `error` says why nothing did."""

    external_id: str | None
    result: Result
    intention_id: str | None = None
    error: Refused | None = None


def take_over(
    items: Sequence[ExternalItem],
    configuration: Configuration,
    *,
    asker: Asker,
    now: dt.datetime,
) -> list[ItemOutcome]:
    """Write what each item says; one that cannot be holds up no other."""
    return [_outcome(item, configuration, asker=asker, now=now) for item in items]


def _outcome(
    item: ExternalItem, configuration: Configuration, *, asker: Asker, now: dt.datetime
) -> ItemOutcome:
    try:
        intention_people.ask(asker, [item.person])
        intention, result = _settled(item, configuration, asker=asker, now=now)
    except DomainError as refusal:
        return ItemOutcome(
            external_id=item.external_id, result=Result.FAILED, error=_in_our_words(refusal)
        )
    return ItemOutcome(external_id=item.external_id, result=result, intention_id=intention.pk)


def _in_our_words(refusal: DomainError) -> Refused:
    if isinstance(refusal, Refused):
        return refusal
    code = "rate_limited" if isinstance(refusal, TooManyCalls) else refusal.code.lower()
    return Invalid([Detail(path="", message=refusal.message, code=code)])


def _settled(
    item: ExternalItem, configuration: Configuration, *, asker: Asker, now: dt.datetime
) -> tuple[Intention, Result]:
    """Write the item; when another call makes the same one in this moment, say it again as a change."""

    def work() -> tuple[Intention, Result]:
        return _write(item, configuration, asker=asker, now=now)

    try:
        return reservations.in_transaction(work)
    except IntegrityError:
        log.info("workplace.external_item_raced", configuration=configuration.pk)
        return reservations.in_transaction(work)


def _write(
    item: ExternalItem, configuration: Configuration, *, asker: Asker, now: dt.datetime
) -> tuple[Intention, Result]:
    site = _site(item, asker)
    person = intention_people.person(asker, item.person)
    if person is None:
        message = "people_id or people_email is required"
        raise Invalid([Detail(path="people_id", message=message, code="required")])
    team = intention_people.team(asker, item.team, of=person)
    intention_people.lock(person.pk)
    known = _known(item, configuration)
    if known is not None and known.organization_id != person.organization_id:
        raise missing("people_id", "Person")
    when = _when(item, site, known, now=now)
    said = _said(item, site, person, team, when)
    if known is None:
        return _create(item, said, configuration, when=when, asker=asker, now=now), Result.CREATED
    changed = {name: value for name, value in said.items() if getattr(known, name) != value}
    if not changed:
        return known, Result.UNCHANGED
    _update(known, changed, when=when, now=now)
    return known, Result.UPDATED


def _site(item: ExternalItem, asker: Asker) -> Site:
    if item.site_id is not None:
        return intention_requests.site_of(asker, item.site_id)
    site = asker.tenant.sites().filter(external_id=item.external_site_id or None).first()
    if site is None:
        raise missing("external_location_id", "Location")
    return site


def _known(item: ExternalItem, configuration: Configuration) -> Intention | None:
    rows = Intention.objects.select_related("site", "person", "team", "zone", "layer", "meeting")
    return (
        rows.select_for_update(of=("self",))
        .filter(configuration=configuration, external_id=item.external_id)
        .first()
    )


def _when(
    item: ExternalItem, site: Site, known: Intention | None, *, now: dt.datetime
) -> PlannedTime:
    """Return the time of the item; one that is known and stays as it was may be in the past by now."""
    if known is not None and known.starts_at == item.starts_at:
        ends_at = item.ends_at or known.ends_at
        if ends_at == known.ends_at:
            return intention_times.at(site, starts_at=known.starts_at, ends_at=ends_at)
    return intention_times.plan(site, starts_at=item.starts_at, ends_at=item.ends_at, now=now)


def _said(
    item: ExternalItem, site: Site, person: User, team: Team | None, when: PlannedTime
) -> dict[str, Any]:
    """Return what the item says, as the fields of a plan."""
    return {
        "status": item.status,
        "type": TYPE_OF_EXTERNAL[item.external_type],
        "external_type": item.external_type,
        "site": site,
        "person": person,
        "team": team,
        "starts_at": when.starts_at,
        "ends_at": when.ends_at,
        "timezone": item.timezone or site.time_zone,
        "day": when.day,
        "metadata": dict(item.metadata),
    }


def _create(
    item: ExternalItem,
    said: Mapping[str, Any],
    configuration: Configuration,
    *,
    when: PlannedTime,
    asker: Asker,
    now: dt.datetime,
) -> Intention:
    intention = Intention(
        **said,
        organization_id=said["person"].organization_id,
        configuration=configuration,
        external_id=item.external_id,
        created_by=asker.person,
        source=IntentionSource.EXTERNAL,
    )
    yielding = _check(intention, when=when, now=now)
    intention_writes.insert(intention, now=now)
    intention_requests.supersede(yielding, by=intention, now=now)
    return intention


def _update(
    known: Intention, changed: Mapping[str, Any], *, when: PlannedTime, now: dt.datetime
) -> None:
    """Write what is different; seats that were given for something else are given back."""
    if not _SEATED_BY.isdisjoint(changed):
        intention_writes.release_seats(known, now=now)
    moved = "site" in changed
    extra = {"layer": None, "zone": None, "space": None} if moved else {}
    wanted = copy.copy(known)
    for name, value in {**changed, **extra}.items():
        setattr(wanted, name, value)
    yielding = _check(wanted, when=when, now=now)
    intention_writes.change(known, now=now, **changed, **extra)
    intention_requests.supersede(yielding, by=known, now=now)


def _check(intention: Intention, *, when: PlannedTime, now: dt.datetime) -> list[Intention]:
    """Look at what is in the way; return the plans of the house that give way.

    :raises InTheWay:
    """
    if intention.status not in OPEN_STATUSES:
        return []
    place = Place(layer=intention.layer, zone=intention.zone)
    return intention_conflicts.check(
        intention, place=place, when=when, yielding=SCHEDULED, is_forced=False, now=now
    )
