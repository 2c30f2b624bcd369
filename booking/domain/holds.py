"""Holds: how long an unconfirmed request keeps its slot, and what happens when that is over."""

import datetime as dt
from collections.abc import Collection, Sequence

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from booking.domain import mails, meeting_events, reservations
from booking.domain.availability import Span
from booking.models import Meeting, MeetingStatus

SWEEP_LOCK = 0x686F6C64  # any number that no other sweep uses
BATCH = 100

log = structlog.get_logger(__name__)


def expiry_for_newcomer(*, starts_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return until when a new person's request holds its slot.

    A day (a setting), at most until 12 h before the start (a setting); where that is already over,
    as long as a member's mailed link would. Never past the start.
    """
    last = starts_at - dt.timedelta(hours=settings.HOLD_ENDS_HOURS_BEFORE_START)
    usual = min(now + dt.timedelta(hours=settings.HOLD_HOURS), last)
    return max(usual, expiry_for_mailed_link(starts_at=starts_at, now=now))


def expiry_for_mailed_link(*, starts_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return until when a known address keeps the slot that only its mailbox can confirm."""
    return min(now + dt.timedelta(minutes=settings.MEMBER_LINK_HOLD_MINUTES), starts_at)


def expiry_for_offer(*, starts_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return until when somebody on the waiting list keeps what was offered.

    30 minutes, 10 if the start is within 4 hours; never past the start. Source: booking rule R17.
    """
    is_soon = starts_at - now <= dt.timedelta(hours=4)
    return min(now + dt.timedelta(minutes=10 if is_soon else 30), starts_at)


def expire(meeting_ids: Sequence[str], *, now: dt.datetime) -> None:
    """Let these stale holds go, in the caller's transaction, and tell the people.

    Those that somebody else has settled meanwhile are left alone.
    """
    chosen = _stale(now=now).filter(id__in=meeting_ids)
    _let_go(list(chosen.order_by("id").select_for_update(of=("self",))), now=now)


def make_room(
    room_ids: Sequence[str], *, span: Span, now: dt.datetime, besides: Collection[str] = ()
) -> None:
    """Make sure, under the rooms' locks, that nothing holds them then; let stale holds go.

    :raises SlotTaken: when something does.
    """
    found = reservations.conflicts(room_ids, span=span, now=now, besides=besides)
    if not all(conflict.is_stale for conflict in found):
        raise reservations.SlotTaken
    if found:
        expire([conflict.meeting_id for conflict in found if conflict.meeting_id], now=now)


def release_stale(*, now: dt.datetime) -> int:
    """Let every stale hold go; return how many. Two sweeps at once have the effect of one.

    One that cannot be let go is logged and holds up no other; the next run tries again.
    """
    released, broken = 0, set[str]()
    while batch := _release_batch(broken, now=now):
        released += batch
    return released - len(broken)


def _release_batch(broken: set[str], *, now: dt.datetime) -> int:
    """Settle the next stale holds besides the broken ones, to which it adds; return how many it tried."""
    with transaction.atomic():
        if not _is_the_only_sweep():
            return 0
        # One that a booking or a confirmation is busy with will be settled by that.
        stale = _stale(now=now).exclude(pk__in=broken)
        locked = stale.select_for_update(skip_locked=True, of=("self",))
        batch = list(locked.order_by("id")[:BATCH])
        broken.update(meeting.pk for meeting in batch if not _is_let_go(meeting, now=now))
    return len(batch)


def _is_let_go(meeting: Meeting, *, now: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            _let_go([meeting], now=now)
    except Exception:
        log.exception("hold.not_released", meeting=meeting.pk)
        return False
    return True


def _is_the_only_sweep() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        return bool(cursor.fetchone()[0])


def _stale(*, now: dt.datetime) -> QuerySet[Meeting]:
    return Meeting.objects.select_related("room__site", "api_token").filter(
        status=MeetingStatus.PENDING, hold_expires_at__lte=now
    )


def _let_go(meetings: Sequence[Meeting], *, now: dt.datetime) -> None:
    if not meetings:
        return
    ids = [meeting.id for meeting in meetings]
    reservations.give_back(ids)
    for meeting in meetings:
        meeting.status = MeetingStatus.EXPIRED
        meeting.sequence += 1
        meeting.revised_at = now
        meeting.save(update_fields=["status", "sequence", "revised_at"])
        meeting_events.record("meeting.expired", meeting, now=now)
        mails.hold_released(meeting, now=now)
