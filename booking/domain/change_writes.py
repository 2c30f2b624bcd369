"""Writing changes: the meetings, what they block, their events; one mail for all of them.

Source: booking rule R15; public-api, section 2, POST /api/meeting-request, "Every outcome e-mails".
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from booking.domain import (
    booking_writes,
    calendar_entries,
    holds,
    limits,
    mails,
    meeting_events,
    reservations,
    room_quotes,
    series_mails,
)
from booking.domain.change_plans import ChangePlan
from booking.models import Meeting
from config import instants
from config.money import quantize_cents
from organizations.models import User

_UNPRICED: dict[str, Any] = {
    "price": None,
    "price_gross": None,
    "vat_rate": None,
    "price_lines": [],
}


def write(plans: Sequence[ChangePlan], *, by: User | None, now: dt.datetime) -> None:
    """Write these changes, whose rooms and meetings are locked, in the caller's transaction.

    :raises SlotTaken: when something else holds one of the rooms after all.
    :raises LimitReached:
    """
    ours = [plan.meeting.id for plan in plans]
    moves = [(plan, plan.blocked) for plan in plans if plan.is_move]
    rooms = {plan.room.id: reservations.touched_by(plan.room.id) for plan, _ in moves}
    for plan, span in moves:
        holds.make_room(rooms[plan.room.id], span=span, now=now, besides=ours)
    longer = [plan for plan, _ in moves if not plan.only_shortens]
    if moves:
        reservations.leave([plan.meeting.id for plan, _ in moves])
    for plan in plans:
        _write_one(plan, by=by, now=now)
    for plan, span in moves:
        reservations.take(plan.meeting, room_ids=rooms[plan.room.id], span=span)
    for plan in longer:
        _check_limits(plan, now=now)
    _tell([plan.meeting for plan in plans], now=now)


def _write_one(plan: ChangePlan, *, by: User | None, now: dt.datetime) -> None:
    meeting = plan.meeting
    before = {"roomId": meeting.room_id, "startsAt": instants.written(meeting.starts_at)}
    before["endsAt"] = instants.written(meeting.ends_at)
    changed = plan.texts | _place(plan, now=now) | money(plan, now=now)
    changed |= {"sequence": meeting.sequence + 1, "revised_at": now}
    for name, value in changed.items():
        setattr(meeting, name, value)
    meeting.save(update_fields=list(changed))
    calendar_entries.refresh(meeting)
    data: dict[str, Any] = {
        "startsAt": instants.written(meeting.starts_at),
        "endsAt": instants.written(meeting.ends_at),
        "before": before,
        "by": by and by.id,
    }
    if plan.wanted.override_reason:
        data["overrideReason"] = plan.wanted.override_reason
    meeting_events.record("meeting.changed", meeting, now=now, **data)


def _check_limits(plan: ChangePlan, *, now: dt.datetime) -> None:
    """Refuse a move into a day, week or month of which the person or company has had enough.

    Asked when all have moved, so that a series is not in its own way.
    """
    meeting = plan.meeting
    if plan.wanted.is_overridden or meeting.organizer_id is None:
        return
    limits.check(limits.Booking.of(meeting), now=now)


def _tell(changed: Sequence[Meeting], *, now: dt.datetime) -> None:
    if len(changed) == 1:
        mails.changed(changed[0], now=now)
    else:
        series_mails.changed(changed, now=now)


def _place(plan: ChangePlan, *, now: dt.datetime) -> dict[str, Any]:
    changed: dict[str, Any] = {
        "room": plan.room,
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "attendees": plan.attendees,
        "hold_expires_at": _hold(plan, now=now),
    }
    if plan.is_other_room:
        changed["cancellation_terms"] = plan.room.cancellation_terms
        changed["currency"] = plan.room.site.currency
    return changed


def _hold(plan: ChangePlan, *, now: dt.datetime) -> dt.datetime | None:
    """A request is held no longer than before, and never past what its new start allows."""
    held = plan.meeting.hold_expires_at
    if held is None or not plan.meeting.is_pending:
        return held
    return min(held, holds.expiry_for_newcomer(starts_at=plan.starts_at, now=now))


def money(plan: ChangePlan, *, now: dt.datetime) -> dict[str, Any]:
    """Return the price fields that become others.

    The price follows room, duration and number of people by today's rates; a move in time alone
    keeps it. Who shortens when cancelling would already cost something pays what was agreed.
    """
    if not (plan.is_other_room or plan.is_other_duration or plan.is_other_size):
        return _vat_of_the_day(plan) if plan.is_other_start else {}
    if plan.only_shortens and plan.is_past_free_window(now=now):
        return {}
    quote = room_quotes.quote(
        plan.room,
        starts_at=plan.starts_at,
        duration_minutes=plan.duration_minutes,
        attendees=plan.attendees,
        is_member=plan.is_member,
    )
    return booking_writes.price_fields(quote) if quote else dict(_UNPRICED)


def _vat_of_the_day(plan: ChangePlan) -> dict[str, Any]:
    meeting = plan.meeting
    rate = room_quotes.sale(plan.room.site, starts_at=plan.starts_at).vat_rate
    if meeting.price is None or meeting.vat_rate in (None, rate):
        return {}
    lines = [line | {"vat_rate": str(rate)} for line in meeting.price_lines]
    nets = [Decimal(line["net"]) for line in lines] or [meeting.price]
    vat = sum((quantize_cents(net * rate / 100) for net in nets), Decimal(0))
    return {"vat_rate": rate, "price_lines": lines, "price_gross": meeting.price + vat}
