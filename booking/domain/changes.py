"""Changes: moving a meeting, or several of a series, for the API, the manage page and staff.

Under the locks of the old and the new rooms, then of the meetings, everything is looked at as a
booking would be, the meetings' own slots left out. UIDs stay, each SEQUENCE rises by one.
Source: booking rules R15 and R16; public-api, section 5, `meeting-change`, and section 7.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from zoneinfo import ZoneInfo

from booking.domain import (
    alternatives,
    bookable_rooms,
    change_writes,
    meetings,
    reservations,
    schedules,
    series_scopes,
)
from booking.domain.availability import Span
from booking.domain.booking_plans import InvalidStart, on_wall
from booking.domain.change_plans import ChangePlan, MeetingChange
from booking.domain.meetings import ChangedMeanwhile, PriceChanged
from booking.domain.reservations import SlotTaken
from booking.domain.series_scopes import OnConflict, Scope, Skipped
from booking.models import Meeting, MeetingSeries
from config import intervals
from config.errors import DomainError
from organizations.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A meeting as it is now, and how much more its net price is than before."""

    meeting: Meeting
    price_difference: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The meeting asked for, all that were meant and changed, and those that stayed, with the reason."""

    meeting: Meeting
    changed: tuple[Changed, ...]
    skipped: tuple[Skipped, ...] = ()

    @property
    def price(self) -> Decimal:
        """What all that changed cost together, net."""
        return sum((one.meeting.price or Decimal(0) for one in self.changed), Decimal(0))

    @property
    def price_difference(self) -> Decimal:
        return sum((one.price_difference for one in self.changed), Decimal(0))


def change(meeting_id: str, wanted: MeetingChange, *, by: User | None, now: dt.datetime) -> Changes:
    """Change the meetings that `wanted.scope` names and tell the contact once; what is so already stays.

    `by` is who asks, None for the bearer of a mailed link.

    :raises MeetingNotFound: :raises RoomNotFound: :raises RoomNotPublic: :raises ContractRequired:
    :raises NotChangeable: :raises ArchivedOwner: :raises NotFreeToChange: :raises InvalidStart:
    :raises RulesBroken: :raises LimitReached: :raises ChangedMeanwhile:
    :raises PriceChanged: when something changes, and not at the agreed price.
    :raises SlotTaken: with alternatives for a single meeting.
    """
    try:
        return reservations.in_transaction(lambda: _change(meeting_id, wanted, by=by, now=now))
    except SlotTaken as refusal:
        if wanted.scope == Scope.THIS:
            plan = ChangePlan.make(meetings.by_id(meeting_id), wanted)
            refusal.alternatives = alternatives.find(plan.wish(besides=(meeting_id,)), now=now)
        raise


def _change(
    meeting_id: str, wanted: MeetingChange, *, by: User | None, now: dt.datetime
) -> Changes:
    found = _locked(meeting_id, wanted, now=now)
    anchor = next(meeting for meeting in found if meeting.id == meeting_id)
    first = ChangePlan.make(anchor, wanted)
    first.check_meeting(now=now)
    skipped: list[Skipped] = []
    plans = _plans(first, found, skipped)
    shift = _shift(first)
    settled = [plan for plan in _settled(plans, skipped, now=now) if plan.is_change]
    before = {plan.meeting.id: plan.meeting.price or Decimal(0) for plan in settled}
    if settled:
        change_writes.write(settled, by=by, now=now)
        _remember_in_series(first, shift)
    changed = tuple(
        Changed(
            meeting=plan.meeting,
            price_difference=(plan.meeting.price or Decimal(0)) - before[plan.meeting.id],
        )
        for plan in sorted(settled, key=lambda plan: (plan.starts_at, plan.meeting.id))
    )
    made = Changes(meeting=anchor, changed=changed, skipped=tuple(skipped))
    if changed and wanted.agreed_price not in (None, made.price):
        raise PriceChanged
    return made


def _locked(meeting_id: str, wanted: MeetingChange, *, now: dt.datetime) -> list[Meeting]:
    """Lock the rooms left and entered, by id, then the meetings, by id."""
    seen = meetings.by_id(meeting_id)
    if wanted.room_id:
        bookable_rooms.by_id(wanted.room_id)
    left = series_scopes.targets(seen, wanted.scope, now=now).values_list("room_id", flat=True)
    entered = [wanted.room_id] if wanted.room_id else []
    room_ids = set(reservations.lock_rooms(*{*left, *entered}))
    found = series_scopes.locked(seen, wanted.scope, now=now)
    if any(meeting.room_id not in room_ids for meeting in found):
        raise ChangedMeanwhile
    return found


def _plans(first: ChangePlan, found: Sequence[Meeting], skipped: list[Skipped]) -> list[ChangePlan]:
    """Plan each meeting: the others keep their distance in days and get the same time on the wall."""
    plans = [first]
    shift = _shift(first)
    for meeting in found:
        if meeting.id == first.meeting.id:
            continue
        try:
            plans.append(_like(first, meeting, shift))
        except InvalidStart as refusal:
            _skip(skipped, first.wanted, refusal, meeting)
    return plans


@dataclass(frozen=True, slots=True)
class _Shift:
    """By how many days, to which time on the wall; no time when the start stays."""

    days: int
    wall_time: dt.time | None


def _shift(first: ChangePlan) -> _Shift:
    if first.wanted.starts_at is None:
        return _Shift(0, None)
    wall = _wall(first.starts_at, first.room.site.time_zone)
    old = _wall(first.meeting.starts_at, first.meeting.room.site.time_zone)
    return _Shift((wall.date() - old.date()).days, wall.time())


def _wall(moment: dt.datetime, zone: str) -> dt.datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _like(first: ChangePlan, meeting: Meeting, shift: _Shift) -> ChangePlan:
    room = first.room if first.wanted.room_id else meeting.room
    starts_at = meeting.starts_at
    if shift.wall_time is not None:
        old = _wall(starts_at, meeting.room.site.time_zone)
        on = old.date() + dt.timedelta(days=shift.days)
        wall = dt.datetime.combine(on, shift.wall_time)
        starts_at = on_wall(wall, tz=ZoneInfo(room.site.time_zone))
    return ChangePlan(wanted=first.wanted, meeting=meeting, room=room, starts_at=starts_at)


def _skip(
    skipped: list[Skipped], wanted: MeetingChange, refusal: DomainError, meeting: Meeting
) -> None:
    """Note that a meeting stays as it is, unless all shall change or none."""
    if wanted.on_conflict == OnConflict.FAIL or wanted.scope == Scope.THIS:
        raise refusal
    on = series_scopes.local_date(meeting)
    skipped.append(Skipped.because(refusal, on=on, meeting_id=meeting.id))


def _settled(
    plans: list[ChangePlan], skipped: list[Skipped], *, now: dt.datetime
) -> list[ChangePlan]:
    """Leave out what cannot be had, until what is left can all be had together.

    A meeting that stays keeps its slot, which another one may have wanted, hence the repetition.

    :raises DomainError: the first refusal, when none can be had or none may be left out.
    """
    while True:
        refused = _refusals(plans, now=now)
        if not refused:
            return plans
        for plan in plans:
            if refusal := refused.get(plan.meeting.id):
                _skip(skipped, plan.wanted, refusal, plan.meeting)
        if len(refused) == len(plans):
            raise next(iter(refused.values()))
        plans = [plan for plan in plans if plan.meeting.id not in refused]


def _refusals(plans: Sequence[ChangePlan], *, now: dt.datetime) -> dict[str, DomainError]:
    rooms = {plan.room.id: plan.room for plan in plans}
    calendars = schedules.around_all(
        list(rooms.values()),
        starts=[plan.starts_at for plan in plans],
        duration_minutes=max(plan.duration_minutes for plan in plans),
        now=now,
        besides=[plan.meeting.id for plan in plans],
    )
    refused: dict[str, DomainError] = {}
    ours: list[tuple[str, Span]] = []
    for plan in plans:
        try:
            plan.check(calendars[plan.room.id], now=now)
            _check_apart(plan, ours)
        except DomainError as refusal:
            refused[plan.meeting.id] = refusal
    return refused


def _check_apart(plan: ChangePlan, ours: list[tuple[str, Span]]) -> None:
    """Refuse what meets an earlier one of the same change."""
    own = plan.blocked
    for room_id, span in ours:
        if room_id == plan.room.id and intervals.overlaps(span, own):
            raise SlotTaken
    ours.append((plan.room.id, own))


def _remember_in_series(first: ChangePlan, shift: _Shift) -> None:
    """Dates that are still to be had follow the series when more than one meeting of it moved."""
    if first.wanted.scope == Scope.THIS or first.meeting.series_id is None:
        return
    series = MeetingSeries.objects.select_for_update().get(id=first.meeting.series_id)
    series.room = first.room
    series.duration_minutes = first.duration_minutes
    if shift.wall_time is not None:
        series.wall_time = shift.wall_time
        skipped = [Skipped.read(stored) for stored in series.skipped]
        by = dt.timedelta(days=shift.days)
        series.skipped = [replace(entry, on=entry.on + by).stored() for entry in skipped]
    series.save(update_fields=["room", "duration_minutes", "wall_time", "skipped"])
