"""Series requests: one request, one transaction, many meetings at the same time on the wall.

A date that cannot be had is left out, named with its reason and may be tried again later, or
nothing is booked at all, as the caller chooses. What breaks a rule about duration or people breaks
it on every date and is always refused.
Source: booking rule R16; public-api, section 5, `series` in meeting-request.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from booking.domain import (
    alternatives,
    booking_writes,
    recurrence,
    refused_demand,
    reservations,
    schedules,
    series_writes,
)
from booking.domain.booking_locks import PersonChanged
from booking.domain.booking_plans import InvalidStart, MeetingRequest, Plan, RulesBroken, on_wall
from booking.domain.booking_writes import TooManyOpenRequests
from booking.domain.limits import LimitReached
from booking.domain.outcomes import MeetingOutcome
from booking.domain.reservations import SlotTaken
from booking.domain.rules import Code
from booking.domain.series_scopes import OnConflict, Skipped
from booking.models import Meeting, MeetingSeries
from config.errors import DomainError

_EVERY_TIME = {
    Code.DURATION_TOO_SHORT,
    Code.DURATION_OUT_OF_RANGE,
    Code.DURATION_STEP,
    Code.TOO_MANY_PEOPLE,
}


class InvalidSeries(DomainError):
    """The rule is none that a series may have; the message says why."""

    code = "INVALID_SERIES"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesWish:
    """How a meeting repeats (an RRULE), and what becomes of dates that cannot be had."""

    rule: str
    on_conflict: OnConflict = OnConflict.FAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesOutcome:
    """What a series request came to; without series when the account is archived."""

    first: MeetingOutcome
    series: MeetingSeries | None = None
    meetings: tuple[Meeting, ...] = ()
    skipped: tuple[Skipped, ...] = ()


def request_series(request: MeetingRequest, wish: SeriesWish, *, now: dt.datetime) -> SeriesOutcome:
    """Book every date of the series that can be had, in one transaction, and tell the person once.

    :raises InvalidSeries: and whatever `meeting_requests.request_meeting` raises: for the first
        date in the way when none may be left out, or when none can be had.
    """
    try:
        return _request(request, wish, now=now)
    except PersonChanged:
        return _request(request, wish, now=now)


def _request(request: MeetingRequest, wish: SeriesWish, *, now: dt.datetime) -> SeriesOutcome:
    plan = Plan.make(request)
    walls = _walls(plan, wish.rule)
    if plan.person is not None and plan.person.counts_as_archived:
        return SeriesOutcome(first=plan.archived())
    try:
        return reservations.in_transaction(
            lambda: _book(plan, wish, walls, now=now), dry_run=request.dry_run
        )
    except (SlotTaken, TooManyOpenRequests, LimitReached) as refusal:
        if isinstance(refusal, SlotTaken):
            refusal.alternatives = alternatives.find(plan.wish, now=now)
        if not request.dry_run:
            refused_demand.note_booking(plan, reason=refusal.code, now=now)
        raise


def _walls(plan: Plan, rule: str) -> list[dt.datetime]:
    tz = ZoneInfo(plan.room.site.time_zone)
    first = plan.starts_at.astimezone(tz).replace(tzinfo=None)
    try:
        return recurrence.occurrences(rule, first=first, tz=tz)
    except recurrence.BadRule as error:
        raise InvalidSeries(f"Invalid series.rule: {error}") from error


def _book(
    plan: Plan, wish: SeriesWish, walls: Sequence[dt.datetime], *, now: dt.datetime
) -> SeriesOutcome:
    room_ids = booking_writes.lock(plan)
    plans, refused = _sorted_out(plan, walls, now=now)
    _check_any(refused, wish, can_go_on=bool(plans))
    series = series_writes.new_series(next(iter(plans.values())), wish.rule, now=now)
    booked = series_writes.book(plans, series, room_ids=room_ids, now=now)
    refused = dict(sorted({**refused, **booked.refused}.items()))
    _check_any(refused, wish, can_go_on=bool(booked.meetings))
    skipped = tuple(Skipped.because(error, on=on) for on, error in refused.items())
    series_writes.remember(series, skipped)
    meetings, first = tuple(booked.meetings.values()), plans[next(iter(booked.meetings))]
    series_writes.tell(meetings, first, skipped, now=now)
    return SeriesOutcome(
        first=first.outcome(meetings[0]), series=series, meetings=meetings, skipped=skipped
    )


def _check_any(refused: dict[dt.date, DomainError], wish: SeriesWish, *, can_go_on: bool) -> None:
    if refused and (wish.on_conflict == OnConflict.FAIL or not can_go_on):
        raise _told_all(refused)


def _told_all(refused: dict[dt.date, DomainError]) -> DomainError:
    """Return the first refusal; a taken slot also names all dates in the way."""
    first = next(iter(refused.values()))
    if isinstance(first, SlotTaken):
        first.conflicts = tuple(Skipped.because(error, on=on) for on, error in refused.items())
    return first


def _sorted_out(
    plan: Plan, walls: Sequence[dt.datetime], *, now: dt.datetime
) -> tuple[dict[dt.date, Plan], dict[dt.date, DomainError]]:
    """Part the dates into those that can be had and those that cannot, with one look at the calendar."""
    wanted: dict[dt.date, Plan] = {}
    refused: dict[dt.date, DomainError] = {}
    for number, wall in enumerate(walls):
        try:
            wanted[wall.date()] = plan if number == 0 else at(plan, wall)
        except InvalidStart as error:
            refused[wall.date()] = error
    for on, refusal in refusals(wanted, now=now).items():
        refused[on] = refusal
        del wanted[on]
    return wanted, dict(sorted(refused.items()))


def at(plan: Plan, wall: dt.datetime) -> Plan:
    """Return the same plan at another time on the wall.

    :raises InvalidStart: when the clocks skip it.
    """
    starts_at = on_wall(wall, tz=ZoneInfo(plan.room.site.time_zone))
    # A quote was given for one time alone.
    return replace(plan, starts_at=starts_at, request=replace(plan.request, quote_token=""))


def refusals(wanted: dict[dt.date, Plan], *, now: dt.datetime) -> dict[dt.date, DomainError]:
    """Tell which of these plans for one room cannot be, and why.

    :raises RulesBroken: at once, for a rule that every date breaks.
    """
    if not wanted:
        return {}
    plans = list(wanted.values())
    calendar = schedules.around_all(
        [plans[0].room],
        starts=[plan.starts_at for plan in plans],
        duration_minutes=plans[0].request.duration_minutes,
        now=now,
    )[plans[0].room.id]
    found: dict[dt.date, DomainError] = {}
    for on, plan in wanted.items():
        try:
            plan.check_room()
            plan.check_against(calendar, now=now)
        except RulesBroken as refusal:
            if any(broken.code in _EVERY_TIME for broken in refusal.violations):
                raise
            found[on] = refusal
        except DomainError as refusal:
            found[on] = refusal
    return found
