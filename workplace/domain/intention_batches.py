"""Plans by the thousand: what speaks against those that a file brings, by the rules for single ones.

They are written already, in the caller's transaction; whatever is refused undoes it. All that is
stored of the time to come is read once.
Source: Workplace API, section 8, "Checks"; section 11.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Q

from config.intervals import Interval
from sites_app.domain import operating_hours
from sites_app.models import Site
from workplace import selectors_capacity
from workplace.domain import intention_conflicts, intention_times, plan_days
from workplace.domain.intention_conflicts import INVITED, Reason
from workplace.domain.refusals import Detail
from workplace.models import OPEN_STATUSES, PRESENT_TYPES, Intention, IntentionStatus

Found = Iterator[tuple[str, Detail]]
Spot = tuple[str, str | None]


def refused(ids: Sequence[str], *, now: dt.datetime) -> Found:
    """Yield the id of each of these plans that cannot be, with a reason; what is over is let be.

    Where there is a seat less than plans, those that come last have none.
    """
    rows = Intention.objects.select_related("site", "zone", "person").filter(
        pk__in=ids, status__in=OPEN_STATUSES, ends_at__gt=now
    )
    order = {pk: number for number, pk in enumerate(ids)}
    plans = sorted(rows, key=lambda plan: -order[plan.pk])
    yield from _closed(plans)
    yield from _without_contract(plans, now=now)
    stored = _Stored.read(now=now)
    yield from stored.overlapping({plan.pk for plan in plans if plan.person_id})
    yield from _full(plans, stored, now=now)


def _closed(plans: Sequence[Intention]) -> Found:
    by_site: dict[Site, list[Intention]] = defaultdict(list)
    for plan in plans:
        if plan.type in PRESENT_TYPES:
            by_site[plan.site].append(plan)
    for site, found in by_site.items():
        whole = intention_times.at(
            site,
            starts_at=min(plan.starts_at for plan in found),
            ends_at=max(plan.ends_at for plan in found),
        )
        openings = operating_hours.openings(site, first_day=whole.day, last_day=whole.last_day)
        for plan in found:
            if not openings.is_open_within(Interval(plan.starts_at, plan.ends_at)):
                message = "The location is closed at that time"
                yield plan.pk, Detail(path="starts_at", message=message, code=Reason.CLOSED)


def _without_contract(plans: Sequence[Intention], *, now: dt.datetime) -> Found:
    known: dict[tuple[str, str | None, bool], list[Detail]] = {}
    for plan in plans:
        is_staff = plan.person is not None and plan.person.is_staff
        key = (plan.site_id, plan.organization_id, is_staff)
        if key not in known:
            known[key] = intention_conflicts.without_contract(
                plan.site, organization_id=plan.organization_id, person=plan.person, now=now
            )
        for detail in known[key]:
            yield plan.pk, detail


def _full(plans: Sequence[Intention], stored: "_Stored", *, now: dt.datetime) -> Found:
    """Tell who comes to a place where every seat of a day is planned for."""
    heads = stored.heads({plan.site for plan in plans}, now=now)
    capacities: dict[Spot, int | None] = {}
    for plan in plans:
        if plan.type not in PRESENT_TYPES:
            continue
        spot = (plan.site_id, plan.zone_id)
        if spot not in capacities:
            zone = plan.zone
            capacities[spot] = zone.capacity if zone else selectors_capacity.of_site(plan.site)
        capacity = capacities[spot]
        for day in plan_days.of(plan, since=now):
            others = heads[(*spot, day)] - {plan.person_id}
            if capacity is not None and len(others) >= capacity:
                yield plan.pk, intention_conflicts.every_seat_planned(plan.zone, day)
                break


@dataclass(frozen=True, slots=True)
class _Row:
    pk: str
    person_id: str | None
    site_id: str
    zone_id: str | None
    type: str
    status: str
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True, slots=True)
class _Stored:
    """The live plans of single people that are not over; no invitations that wait."""

    rows: Sequence[_Row]

    @classmethod
    def read(cls, *, now: dt.datetime) -> "_Stored":
        live = Intention.objects.filter(
            status__in=OPEN_STATUSES, person__isnull=False, ends_at__gt=now
        ).exclude(Q(INVITED), status=IntentionStatus.PENDING)
        names = ("pk", "person_id", "site_id", "zone_id", "type", "status", "starts_at", "ends_at")
        found = live.order_by("person_id", "starts_at", "pk").values_list(*names)
        return cls([_Row(*one) for one in found.iterator(chunk_size=5_000)])

    def overlapping(self, ids: Collection[str]) -> Found:
        """Yield those of these plans that meet another one of the same person."""
        last: _Row | None = None
        for row in self.rows:
            if last is None or last.person_id != row.person_id:
                last = row
                continue
            if row.starts_at < last.ends_at and (row.pk in ids or last.pk in ids):
                one, other = (row, last) if row.pk in ids else (last, row)
                [detail] = intention_conflicts.told_plans([other.pk])
                yield one.pk, detail
            last = row if row.ends_at > last.ends_at else last

    def heads(
        self, sites: Collection[Site], *, now: dt.datetime
    ) -> dict[tuple[str, str | None, dt.date], set[str | None]]:
        """Name who has accepted to come, by location, zone (None is anywhere there) and local day."""
        clocks = {site.pk: ZoneInfo(site.time_zone) for site in sites}
        found: dict[tuple[str, str | None, dt.date], set[str | None]] = defaultdict(set)
        for row in self.rows:
            is_coming = row.status == IntentionStatus.ACCEPTED and row.type in PRESENT_TYPES
            if not is_coming or row.site_id not in clocks:
                continue
            for day in plan_days.between(
                max(row.starts_at, now), row.ends_at, tz=clocks[row.site_id]
            ):
                for zone_id in {row.zone_id, None}:
                    found[row.site_id, zone_id, day].add(row.person_id)
        return found
