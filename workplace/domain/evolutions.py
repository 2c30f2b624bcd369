"""Evolutions: asking for a run, accepting what it proposes, taking back what it published.

The state of a run is in the database; a worker that dies leaves it to a sweep.
Source: workplace-api, sections 6, 12 and 13.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q

from config import background
from sites_app.domain import workplace_settings
from sites_app.models import Site
from workplace import selectors_evolutions
from workplace.domain import (
    allocations,
    evolution_days,
    evolution_publishing,
    evolution_rows,
    evolution_states,
)
from workplace.domain.evolution_publishing import DayChanged
from workplace.domain.evolution_rows import Stood
from workplace.domain.refusals import Conflict, Detail, Invalid, QueueUnavailable, missing
from workplace.models import (
    ACTIVE_STATUSES,
    Allocation,
    AllocationSource,
    Disruption,
    Evolution,
    EvolutionStatus,
)
from workplace.selectors_tenants import Tenant

TASK = "workplace.evolve"
FURTHEST_DAYS = 90
_TRIES = 5


class NotPublished(Conflict):
    """There is no plan of this run to accept or to take back."""

    code = "not_published"
    message = "This evolution has no plan to be accepted or taken back"


class Outdated(Conflict):
    """The day has changed since the plan was made or published."""

    code = "outdated"
    message = "The day has changed meanwhile: let a new evolution run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a run is to do; one that waits for acceptance publishes nothing by itself."""

    disruption: str = Disruption.MIN
    run_by_zone: bool = False
    waits_for_acceptance: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """The run, and whether it was under way already."""

    evolution: Evolution
    is_reused: bool


def start(site_id: str, day: dt.date, wish: Wish, *, tenant: Tenant, now: dt.datetime) -> Started:
    """Ask for a run, or return the one that is under way for the tenant, location and day.

    :raises NotFound: :raises Invalid: for a day that cannot be planned.
    :raises QueueUnavailable: when other callers were faster again and again.
    """
    site = tenant.sites().filter(pk=site_id).first()
    if site is None:
        raise missing("location_id", "Location")
    _check_day(site, day, now=now)
    for _ in range(_TRIES):
        if (active := _active(site, day, tenant)) is not None:
            return Started(active, is_reused=True)
        try:
            return Started(_make(site, day, wish, tenant, now=now), is_reused=False)
        except IntegrityError as error:
            if "evolution_one_is_active" not in str(error):
                raise
    raise QueueUnavailable


def _check_day(site: Site, day: dt.date, *, now: dt.datetime) -> None:
    """Source: workplace-api, section 6, "Date must be today…today+90"."""
    local = now.astimezone(ZoneInfo(site.time_zone))
    today = local.date()
    last = today + dt.timedelta(days=FURTHEST_DAYS)
    if not today <= day <= last:
        message = f"must be from today ({today}) to {last}"
        raise Invalid([Detail(path="date", message=message, code="date_out_of_range")])
    stops_at = workplace_settings.read(site.workplace_settings).evolution_stops_at
    if day == today and stops_at is not None and local.time() >= stops_at:
        message = f"evolutions of the same day stop at {stops_at:%H:%M}"
        raise Invalid([Detail(path="date", message=message, code="date_out_of_range")])


def _active(site: Site, day: dt.date, tenant: Tenant) -> Evolution | None:
    return Evolution.objects.filter(
        organization=tenant.organization_id, site=site, day=day, status__in=ACTIVE_STATUSES
    ).first()


@transaction.atomic
def _make(site: Site, day: dt.date, wish: Wish, tenant: Tenant, *, now: dt.datetime) -> Evolution:
    evolution = Evolution.objects.create(
        organization_id=tenant.organization_id,
        site=site,
        day=day,
        disruption=wish.disruption,
        run_by_zone=wish.run_by_zone,
        waits_for_acceptance=wish.waits_for_acceptance,
        created_at=now,
    )
    background.after_commit(TASK, str(evolution.pk))
    return evolution


def go_on_after(job_id: str) -> None:
    """Send the runs to a worker that wait for a forecast which is over."""
    for evolution_id in evolution_states.waiting_for(job_id):
        background.after_commit(TASK, evolution_id)


# --- what staff do with a run -------------------------------------------------------------------


def by_id(evolution_id: UUID, *, tenant: Tenant) -> Evolution:
    """:raises NotFound:"""
    found = selectors_evolutions.of_tenant(tenant).filter(pk=evolution_id).first()
    if found is None:
        raise missing("evolution_id", "Evolution")
    return found


@transaction.atomic
def accept(evolution_id: UUID, *, tenant: Tenant, now: dt.datetime) -> Evolution:
    """Publish what a run proposed.

    :raises NotFound: :raises NotPublished: when nothing waits. :raises Outdated:
    """
    evolution = _locked(evolution_id, tenant=tenant)
    waits = evolution.waits_for_acceptance and evolution.published_at is None
    if evolution.status != EvolutionStatus.SUCCESSFUL or not waits or not evolution.proposal:
        raise NotPublished
    rows = evolution_rows.from_json(evolution.proposal["rows"])
    try:
        with transaction.atomic():
            done = evolution_publishing.publish(
                evolution, rows, digest=evolution.proposal["digest"], now=now
            )
    except DayChanged as refusal:
        raise Outdated from refusal
    record_publication(evolution, done, now=now)
    evolution.save(update_fields=["result", "before", "published_at"])
    return evolution


def record_publication(
    evolution: Evolution, done: evolution_publishing.Published, *, now: dt.datetime
) -> None:
    """Write into the run, unsaved, what its publication changed and how to take it back."""
    counts = {**done.difference.counts(), "kept_locked": done.kept_rows}
    evolution.result = {**(evolution.result or {}), "allocations": counts}
    evolution.before = {"rows": evolution_rows.stood_as_json(done.before)}
    evolution.published_at = now


@transaction.atomic
def roll_back(evolution_id: UUID, *, tenant: Tenant, now: dt.datetime) -> Evolution:
    """Let the plan stand again that stood before a run was published; what people changed since stays.

    :raises NotFound: :raises NotPublished: :raises Outdated: when a later run was published, or the
    old plan no longer fits.
    """
    evolution = _locked(evolution_id, tenant=tenant)
    if evolution.published_at is None or evolution.rolled_back_at is not None:
        raise NotPublished
    before = evolution_rows.stood_from_json((evolution.before or {}).get("rows", ()))
    try:
        with transaction.atomic():
            _restore(evolution, before, now=now)
    except (IntegrityError, DayChanged) as refusal:
        raise Outdated from refusal
    evolution.rolled_back_at = now
    evolution.save(update_fields=["rolled_back_at"])
    return evolution


def _locked(evolution_id: UUID, *, tenant: Tenant) -> Evolution:
    by_id(evolution_id, tenant=tenant)
    return (
        Evolution.objects.select_for_update(of=("self",))
        .select_related("site")
        .get(pk=evolution_id)
    )


def _is_overtaken(evolution: Evolution) -> bool:
    """Say whether a later run that may write the same rows stands: the tenant's or the operator's."""
    later = Evolution.objects.filter(
        site=evolution.site_id,
        day=evolution.day,
        published_at__gt=evolution.published_at,
        rolled_back_at=None,
    )
    if evolution.organization_id is not None:
        later = later.filter(Q(organization=None) | Q(organization=evolution.organization_id))
    return later.exists()


def _restore(
    evolution: Evolution,
    before: Sequence[Stood],
    *,
    now: dt.datetime,
) -> None:
    """Put the rows back that the run deleted or changed, and delete those that it made.

    :raises DayChanged: when a later run was published, a zone would be too full, or a room is taken.
    """
    evolution_publishing.lock(evolution, [one.row for one in before])
    if _is_overtaken(evolution):  # asked under the locks, which whoever publishes holds
        raise DayChanged
    ours = Allocation.objects.filter(
        evolution=evolution, source=AllocationSource.EVOLUTION, is_locked=False, deleted_at=None
    )
    old_ids = {one.id for one in before}
    rows = list(ours.prefetch_related("held_spaces").order_by("pk").select_for_update(of=("self",)))
    allocations.remove([row for row in rows if row.id not in old_ids], by=None, now=now)
    changed = {row.id: row for row in rows if row.id in old_ids}
    deleted = Allocation.objects.filter(
        pk__in=old_ids - set(changed), source=AllocationSource.EVOLUTION, deleted_at__isnull=False
    )
    found = changed | {row.id: row for row in deleted.select_for_update(of=("self",))}
    back = [(found[one.id], one) for one in before if one.id in found]
    evolution_publishing.put_back(back, now=now)
    span = evolution_days.opening(evolution.site, evolution.day)
    zones = {one.row.zone_id for _, one in back if one.row.zone_id}
    if span is not None and evolution_publishing.overfull_zones(zones, span):
        raise DayChanged
