"""Seats for plans: once a day's plan is published, who declares to come later sits beside their team.

The day is not solved anew: one person gets one seat, under the lock of the location's zones. A plan of
several days is seated day by day, each by the plan of that day.
Source: Workplace API, section 8, "Flow".
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from apitokens.models import EventType
from config.intervals import Interval
from workplace import selectors_seating
from workplace.domain import allocation_events, plan_days, seats_beside_team, zone_loads
from workplace.domain.seats_beside_team import Seat, ZoneState
from workplace.domain.zone_loads import Seats
from workplace.models import (
    Allocation,
    AllocationSource,
    AllocationSpace,
    AllocationType,
    Flexibility,
    Intention,
    Team,
    TeamLocationSettings,
    Zone,
)

SWEPT = dt.timedelta(days=1)
BATCH = 200

log = structlog.get_logger(__name__)


def seat_day(site_id: str, day: dt.date, person_id: str, *, now: dt.datetime) -> int:
    """Seat a person for each plan of that day that has no seat yet; return how many got one.

    Nothing happens before the day's plan is published. A seat lost to somebody else in that very
    moment is tried for again by the sweep.
    """
    if not selectors_seating.is_published(site_id, day):
        return 0
    try:
        with transaction.atomic():
            return _seat_day(site_id, day, person_id, now=now)
    except IntegrityError:
        log.info("workplace.seat_lost", site=site_id, day=day.isoformat())
        return 0


def sweep(*, now: dt.datetime) -> int:
    """Seat whom a dead broker or a lost race left standing.

    One that fails holds up no other, and those for whom no seat is left none behind them.
    """
    seated, last = 0, ""
    while plans := _waiting(after=last, now=now):
        days = [
            (plan.site_id, day, str(plan.person_id))
            for plan in plans
            for day in plan_days.of(plan, since=now)
        ]
        seated += sum(_swept(*one, now=now) for one in dict.fromkeys(days))
        last = plans[-1].pk
    return seated


def _waiting(*, after: str, now: dt.datetime) -> list[Intention]:
    """List the next plans, by id, that may want a seat."""
    waiting = selectors_seating.waiting(since=now - SWEPT, now=now)
    return list(waiting.filter(pk__gt=after)[:BATCH])


def _swept(site_id: str, day: dt.date, person_id: str, *, now: dt.datetime) -> int:
    try:
        return seat_day(site_id, day, person_id, now=now)
    except Exception:
        log.exception("workplace.seating_failed", site=site_id, day=day.isoformat())
        return 0


def _seat_day(site_id: str, day: dt.date, person_id: str, *, now: dt.datetime) -> int:
    zones = selectors_seating.locked_zones(site_id)
    plans = list(selectors_seating.unseated(site_id, person_id, day=day, now=now))
    hours = plan_days.hours(plans[0].site, day) if plans else None
    return sum(
        _seat(plan, plan_days.part(plan, day, hours=hours), zones, now=now) for plan in plans
    )


def _seat(
    plan: Intention, span: Interval[dt.datetime], zones: Sequence[Zone], *, now: dt.datetime
) -> bool:
    team = plan.team or selectors_seating.primary_team(str(plan.person_id))
    ours = [zone for zone in zones if zone.organization_id in (None, plan.organization_id)]
    day = _Day.read(span, ours, team)
    states = [day.state(zone) for zone in ours]
    last_zone, last_space = selectors_seating.last_seat(plan, before=span.start)
    seat = seats_beside_team.choose(
        states,
        wanted_zone=plan.zone_id,
        last_zone=last_zone,
        last_space=plan.space_id or last_space,
        allowed=_allowed(team, plan.site_id, ours, states),
    )
    if seat is None:
        log.info("workplace.no_seat_left", site=plan.site_id, at=span.start.isoformat())
        return False
    sits_with = team if seat.is_teams or not day.sits_in(seat.zone_id) else None
    _write(plan, span, seat, sits_with, now=now)
    return True


def _write(
    plan: Intention,
    span: Interval[dt.datetime],
    seat: Seat,
    team: Team | None,
    *,
    now: dt.datetime,
) -> None:
    allocation = Allocation.objects.create(
        organization_id=plan.organization_id,
        site_id=plan.site_id,
        layer_id=seat.layer_id,
        zone_id=seat.zone_id,
        type=AllocationType.SPACE,
        seats=1,
        person_id=plan.person_id,
        team=team,
        starts_at=span.start,
        ends_at=span.end,
        source=AllocationSource.INTENTION,
        intention=plan,
        created_at=now,
        updated_at=now,
    )
    if seat.space_id is not None:
        AllocationSpace.objects.create(
            allocation=allocation,
            space_id=seat.space_id,
            during=DateTimeTZRange(span.start, span.end),
            of_person=True,
        )
    allocation_events.record(EventType.ALLOCATION_CREATED, [allocation], now=now)


def _allowed(
    team: Team | None, site_id: str, zones: Sequence[Zone], states: Sequence[ZoneState]
) -> set[str] | None:
    """Return the zones in which the team's people may sit, None for all.

    Source: Workplace API, section 2, `team.settings[].type`, and section 13, "Evolution".
    """
    wishes = TeamLocationSettings.objects.filter(settings__team=team, site=site_id).first()
    if team is None or wishes is None or wishes.type == Flexibility.FREE:
        return None
    preferred = set(wishes.preferred_zones.values_list("pk", flat=True))
    sitting = {state.zone_id for state in states if state.team_seats}
    if wishes.type == Flexibility.FIX:
        return preferred or sitting or (set() if wishes.room_id else None)
    layers = set(wishes.preferred_layers.values_list("pk", flat=True))
    layers = layers or {zone.layer_id for zone in zones if zone.pk in preferred}
    layers = layers or {zone.layer_id for zone in zones if zone.pk in sitting}
    return {zone.pk for zone in zones if zone.layer_id in layers} if layers else None


@dataclass(frozen=True, slots=True)
class _Day:
    """Who has what in some zones in a time."""

    span: Interval[dt.datetime]
    team: Team | None
    rows: Sequence[Allocation]
    held: Sequence[AllocationSpace]

    @classmethod
    def read(cls, span: Interval[dt.datetime], zones: Sequence[Zone], team: Team | None) -> "_Day":
        during = {"starts_at__lt": span.end, "ends_at__gt": span.start}
        rows = Allocation.objects.filter(
            zone__in=zones, type=AllocationType.SPACE, deleted_at=None, **during
        )
        held = AllocationSpace.objects.select_related("allocation").filter(
            space__zone__in=zones,
            holds=True,
            during__overlap=DateTimeTZRange(span.start, span.end),
        )
        return cls(span, team, list(rows), list(held))

    def sits_in(self, zone_id: str) -> bool:
        """Say whether the team has seats of its own in the zone."""
        return any(row.zone_id == zone_id and self._is_of_team(row) for row in self.rows)

    def state(self, zone: Zone) -> ZoneState:
        rows = [row for row in self.rows if row.zone_id == zone.pk]
        ours = sum(row.seats or 0 for row in rows if self._is_of_team(row))
        seated = sum(1 for row in rows if self.team and row.person_id and row.team == self.team)
        spare = max(ours - seated, 0)
        return ZoneState(
            zone_id=zone.pk,
            layer_id=zone.layer_id,
            free=max(zone.capacity - zone_loads.most_taken(map(self._seats, rows)), 0),
            team_seats=ours,
            team_spare=spare,
            neighbours=frozenset(neighbour.pk for neighbour in zone.neighbours.all()),
            free_spaces=self._free_spaces(zone, has_spare=spare > 0),
        )

    def _is_of_team(self, row: Allocation) -> bool:
        return self.team is not None and row.person_id is None and row.team_id == self.team.pk

    def _seats(self, row: Allocation) -> Seats:
        return Seats(
            starts_at=max(row.starts_at, self.span.start),
            ends_at=min(row.ends_at, self.span.end),
            seats=1 if row.person_id else row.seats or 0,
            team_id=row.team_id,
            is_person=row.person_id is not None,
        )

    def _free_spaces(self, zone: Zone, *, has_spare: bool) -> tuple[str, ...]:
        """List the desks nobody sits at: the team's where it has seats to spare, else those of no team."""
        own = {one.space_id for one in self.held if self._is_of_team(one.allocation)}
        taken = {one.space_id for one in self.held if one.of_person or one.space_id not in own}
        desks = [space.pk for space in zone.desks if space.pk not in taken]  # type: ignore[attr-defined]  # fetched beside
        if has_spare and own & set(desks):
            return tuple(desk for desk in desks if desk in own)
        return tuple(desk for desk in desks if desk not in own)
