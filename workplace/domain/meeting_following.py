"""Following meetings: what becomes of a meeting anywhere becomes of the plans and allocations it is for.

Events name the meetings; what is written follows from how the meeting stands now, so that an event
that comes twice, late or never (a sweep looks too) has the same effect.
Source: Workplace API, section 12, "One truth both ways".
"""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.db.models import F, Q

from apitokens.models import EventType
from booking.models import Meeting, MeetingStatus
from workplace.domain import (
    allocation_events,
    allocations,
    intention_invitations,
    intention_writes,
)
from workplace.models import OPEN_STATUSES, Allocation, Intention, IntentionStatus, Layer

GONE = (MeetingStatus.CANCELLED, MeetingStatus.EXPIRED)
REASONS = {
    MeetingStatus.CANCELLED: "meeting_cancelled",
    MeetingStatus.EXPIRED: "meeting_expired",
}
SWEPT = dt.timedelta(days=2)
BATCH = 200
_DIFFERS = (
    Q(meeting__status__in=GONE)
    | ~Q(starts_at=F("meeting__starts_at"))
    | ~Q(ends_at=F("meeting__ends_at"))
    | ~Q(room=F("meeting__room"))
)

log = structlog.get_logger(__name__)


def follow(meeting_ids: Iterable[str], *, now: dt.datetime) -> int:
    """Bring the plans and allocations of these meetings up to date; return how many were changed.

    What goes wrong with one meeting is logged and holds up no other; the sweep tries again.
    """
    return sum(_followed(meeting_id, now=now) for meeting_id in meeting_ids)


def sweep(*, now: dt.datetime) -> int:
    """Follow the meetings whose events a dead broker missed; those that fail hold up no other."""
    changed, last = 0, ""
    while missed := _missed(after=last, since=now - SWEPT):
        changed += follow(missed, now=now)
        last = missed[-1]
    return changed


def _missed(*, after: str, since: dt.datetime) -> list[str]:
    """List the next meetings, by id, that plans or allocations differ from."""
    met = Q(meeting__gt=after, ends_at__gt=since)  # what differs from no meeting follows none
    plans = Intention.objects.filter(met, _DIFFERS, status__in=OPEN_STATUSES)
    seats = Allocation.objects.filter(met, _DIFFERS, deleted_at=None)
    ids = plans.values_list("meeting", flat=True).union(seats.values_list("meeting", flat=True))
    return list(ids.order_by("meeting")[:BATCH])


def _followed(meeting_id: str, *, now: dt.datetime) -> int:
    try:
        with transaction.atomic():
            return _follow(meeting_id, now=now)
    except Exception:
        log.exception("workplace.meeting_not_followed", meeting=meeting_id)
        return 0


def _follow(meeting_id: str, *, now: dt.datetime) -> int:
    rows = Intention.objects.select_related("site", "room", "team", "person", "invited_by")
    family = rows.filter(Q(meeting=meeting_id) | Q(parent__meeting=meeting_id)).order_by("pk")
    plans = list(family.select_for_update(of=("self",)))
    seats = list(
        Allocation.objects.filter(meeting=meeting_id, deleted_at=None)
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    if not plans and not seats:
        return 0
    meeting = Meeting.objects.select_related("room__site").get(pk=meeting_id)
    live = _live(plans, meeting)
    if meeting.status in GONE:
        return _call_off(meeting, live, seats, now=now)
    moved = [plan for plan in live if _differs(plan, meeting)]
    for plan in moved:
        _move(plan, meeting, now=now)
    other = [seat for seat in seats if _differs(seat, meeting)]
    for seat in other:
        _move_seat(seat, meeting, now=now)
    return len(moved) + len(other)


def _live(plans: list[Intention], meeting: Meeting) -> list[Intention]:
    """Leave out what is off, and guests of a plan that was given up while they still meet."""
    own = {plan.pk for plan in plans if plan.meeting_id == meeting.pk and _is_open(plan)}
    return [plan for plan in plans if _is_open(plan) and own & {plan.pk, plan.parent_id}]


def _is_open(plan: Intention) -> bool:
    return plan.status in OPEN_STATUSES


def _call_off(
    meeting: Meeting, plans: list[Intention], seats: list[Allocation], *, now: dt.datetime
) -> int:
    reason = meeting.cancel_reason or REASONS[MeetingStatus(meeting.status)]
    for plan in plans:
        intention_writes.release_seats(plan, now=now)
        intention_writes.change(plan, status=IntentionStatus.CANCELLED, reason=reason, now=now)
        if plan.parent_id is not None:
            intention_invitations.tell_cancelled(plan, now=now)
    allocations.remove(seats, by=None, now=now)
    return len(plans) + len(seats)


def _differs(row: Intention | Allocation, meeting: Meeting) -> bool:
    stored = (row.starts_at, row.ends_at, row.room_id)
    return stored != (meeting.starts_at, meeting.ends_at, meeting.room_id)


def _move(plan: Intention, meeting: Meeting, *, now: dt.datetime) -> None:
    site = meeting.room.site
    intention_writes.release_seats(plan, now=now)
    intention_writes.change(
        plan,
        site=site,
        room=meeting.room,
        layer=_layer_of(meeting),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        day=meeting.starts_at.astimezone(ZoneInfo(site.time_zone)).date(),
        now=now,
    )


def _move_seat(seat: Allocation, meeting: Meeting, *, now: dt.datetime) -> None:
    seat.site, seat.room, seat.layer = meeting.room.site, meeting.room, _layer_of(meeting)
    seat.starts_at, seat.ends_at = meeting.starts_at, meeting.ends_at
    seat.version += 1
    seat.updated_at = now
    seat.save(
        update_fields=["site", "room", "layer", "starts_at", "ends_at", "version", "updated_at"]
    )
    allocation_events.record(EventType.ALLOCATION_UPDATED, [seat], now=now)


def _layer_of(meeting: Meeting) -> Layer | None:
    placement = getattr(meeting.room, "placement", None)
    return placement.layer if placement else None
