"""Waiting-list offers: when a slot frees, the first who can take it gets it held, then the next.

An offer is an ordinary hold with a mailed link. Its end frees the slot again, which offers it to
the next. Any number of tasks and sweeps may look at once: rooms are locked first, then the place
in the queue, so that one slot makes one offer and one place gets one.
Source: booking rule R17.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

import structlog

from booking import selectors_finder
from booking.domain import (
    booking_writes,
    holds,
    limits,
    mails,
    meeting_events,
    reservations,
    room_quotes,
    schedules,
    waitlist,
)
from booking.domain.availability import SlotState
from booking.domain.finder import Calendars, Match, Wish
from booking.domain.limits import LimitReached
from booking.domain.reservations import SlotTaken
from booking.models import Meeting, MeetingStatus, WaitlistEntry, WaitlistStatus
from config import instants
from organizations.domain import accounts
from organizations.models import User
from sites_app.models import Room

MOST_LOOKED_AT = 300
STARTS_TO_TRY = 5

log = structlog.get_logger(__name__)


def slot_freed(meeting_ids: Sequence[str], *, now: dt.datetime) -> int:
    """Offer what these meetings gave back, at their sites; return how many offers were made."""
    sites = Room.objects.filter(reservations__meeting__in=list(meeting_ids))
    return sum(offer_at(site_id, now=now) for site_id in set(sites.values_list("site", flat=True)))


def sweep(*, now: dt.datetime) -> int:
    """Offer whatever is free to whoever waits anywhere; return how many offers were made.

    What goes wrong at one site is logged and holds up no other; the next run tries again.
    """
    waitlist.close_what_is_over(now=now)
    sites = WaitlistEntry.objects.filter(status=WaitlistStatus.WAITING, ends_at__gt=now)
    site_ids = list(sites.order_by("site").values_list("site", flat=True).distinct())
    return sum(_offered_at(site_id, now=now) for site_id in site_ids)


def _offered_at(site_id: str, *, now: dt.datetime) -> int:
    try:
        return offer_at(site_id, now=now)
    except Exception:
        log.exception("waitlist.site_failed", site=site_id)
        return 0


def offer_at(site_id: str, *, now: dt.datetime) -> int:
    """Go through a site's queue from its head and hold for each what it can take now."""
    entries = list(waitlist.queue(site_id, now=now)[:MOST_LOOKED_AT])
    if not entries:
        return 0
    rooms = selectors_finder.rooms(site_id=site_id)
    made = 0
    calendars = _calendars(rooms, entries, now=now)
    for entry in entries:
        if _offered(entry, rooms, calendars, now=now):
            made += 1
            calendars = _calendars(rooms, entries, now=now)
    return made


def _calendars(
    rooms: Sequence[Room], entries: Sequence[WaitlistEntry], *, now: dt.datetime
) -> Calendars:
    return Calendars.read(rooms, [_wish(entry) for entry in entries], now=now)


def _wish(entry: WaitlistEntry) -> Wish:
    return Wish(
        duration_minutes=entry.duration_minutes,
        people=entry.attendees,
        start=entry.starts_at,
        end=entry.ends_at,
    )


def _offered(
    entry: WaitlistEntry, rooms: Sequence[Room], calendars: Calendars, *, now: dt.datetime
) -> bool:
    """Hold the first start that the entry can take; a start lost to somebody else is passed over."""
    for room, start in _starts(entry, rooms, calendars):
        try:
            return reservations.in_transaction(
                lambda room=room, start=start: _hold(  # type: ignore[misc]  # bound now, not later
                    entry.id, room, start, calendars, now=now
                )
            )
        except (SlotTaken, _NotForThem):
            continue
        except LimitReached:
            return False
    return False


def _starts(
    entry: WaitlistEntry, rooms: Sequence[Room], calendars: Calendars
) -> Iterator[tuple[Room, dt.datetime]]:
    fitting = [
        room
        for room in rooms
        if entry.room_id in (None, room.id)
        and (room.max_person == 0 or room.max_person >= entry.attendees)
    ]
    minutes = entry.duration_minutes
    for room in fitting:  # the time asked for itself, on the grid or not
        state = calendars.of_room[room.id].slot_state(
            starts_at=entry.starts_at, duration_minutes=minutes
        )
        if state == SlotState.BOOKABLE:
            yield room, entry.starts_at
    found = calendars.matches(_wish(entry), fitting, most=STARTS_TO_TRY)
    for match in sorted(found, key=_soonest):
        yield match.room, match.starts_at


def _soonest(match: Match) -> tuple[dt.datetime, int, str]:
    return match.starts_at, match.room.max_person, match.room.id


class _NotForThem(Exception):
    """A rule forbids this very start to this person, perhaps not a later one."""


def _hold(
    entry_id: str, room: Room, start: dt.datetime, calendars: Calendars, *, now: dt.datetime
) -> bool:
    """Hold the slot in one transaction: rooms, place, person, meeting, in the order of all locks."""
    room_ids = reservations.lock_rooms(room.id)
    entry = waitlist.by_id(entry_id, locked=True)
    if not entry.is_waiting:
        return False
    shape = schedules.shape(room, duration_minutes=entry.duration_minutes)
    holds.make_room(room_ids, span=shape.blocked_span(start), now=now)
    person = accounts.locked_visitor(
        accounts.Visitor(
            email=entry.contact_email, name=entry.contact_name, language=entry.language
        )
    )
    _check(entry, room, start, person, calendars, now=now)
    meeting = _meeting(entry, room, start, person, now=now)
    limits.check(limits.Booking.of(meeting), now=now)
    meeting.save(force_insert=True)
    reservations.take(meeting, room_ids=room_ids, span=shape.blocked_span(start))
    entry.status = WaitlistStatus.OFFERED
    entry.meeting = meeting
    entry.save(update_fields=["status", "meeting"])
    _tell(meeting, person, now=now)
    return True


def _check(
    entry: WaitlistEntry,
    room: Room,
    start: dt.datetime,
    person: User,
    calendars: Calendars,
    *,
    now: dt.datetime,
) -> None:
    broken = schedules.violations(
        calendars.of_room[room.id],
        starts_at=start,
        duration_minutes=entry.duration_minutes,
        attendees=entry.attendees,
        is_new_person=not person.is_existing,
        now=now,
    )
    if broken or person.counts_as_archived:
        raise _NotForThem


def _meeting(
    entry: WaitlistEntry, room: Room, start: dt.datetime, person: User, *, now: dt.datetime
) -> Meeting:
    organization = person.organization
    quote = room_quotes.quote(
        room,
        starts_at=start,
        duration_minutes=entry.duration_minutes,
        attendees=entry.attendees,
        is_member=person.is_existing and organization is not None and organization.is_member,
    )
    return Meeting(
        room=room,
        status=MeetingStatus.PENDING,
        starts_at=start,
        ends_at=start + dt.timedelta(minutes=entry.duration_minutes),
        hold_expires_at=holds.expiry_for_offer(starts_at=start, now=now),
        attendees=entry.attendees,
        is_private=True,
        contact_email=entry.contact_email,
        contact_name=entry.contact_name or person.full_name,
        language=entry.language,
        organizer=person,
        organization_id=person.organization_id,
        api_token_id=entry.api_token_id,
        cancellation_terms=room.cancellation_terms,
        currency=room.site.currency,
        created_at=now,
        revised_at=now,
        **(booking_writes.price_fields(quote) if quote else {}),
    )


def _tell(meeting: Meeting, person: User, *, now: dt.datetime) -> None:
    meeting_events.record(
        "meeting.requested", meeting, startsAt=instants.written(meeting.starts_at), now=now
    )
    mails.waitlist_offer(meeting, is_known=person.is_existing, now=now)
