"""The waiting list: who would take a room if one got free, in the order in which they came.

What happens when a slot frees is told in `waitlist_offers`.
Source: booking rule R17; public-api, section 5, `/api/waitlist`.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from booking import selectors_finder
from booking.domain import bookable_rooms, finder, rules, schedules, waitlist_mails, windows
from booking.domain.booking_plans import RulesBroken
from booking.models import WaitlistEntry, WaitlistStatus
from config import rehearsal
from config.errors import DomainError
from organizations import selectors as people
from organizations.domain import accounts
from organizations.models import ApiRole, User
from sites_app.domain.sites import SiteNotFound
from sites_app.models import Room, Site

MOST_A_PERSON = 10


class WaitRefused(DomainError):
    """The time waited for is too short, too long or over."""

    code = "WAIT_REFUSED"


class NoRoomFits(DomainError):
    """The site has no public room that takes such a meeting at all, so that waiting would be in vain."""

    code = "NO_ROOM_FITS"
    message = "No room of this site takes a meeting of that size and duration"


class TooManyPlaces(DomainError):
    """The address waits for as much as is allowed."""

    code = "TOO_MANY_PLACES"
    status = 409
    message = "Too many waiting-list places for this e-mail"


class PlaceNotFound(DomainError):
    """No place that the asker may see has that id."""

    code = "PLACE_NOT_FOUND"
    status = 404
    message = "Waiting-list entry not found"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitWish:
    """What somebody waits for: a room, or any of a site, some time in `[start, end)`.

    Moments without a zone are on the site's wall.
    """

    room_id: str | None
    site_id: str | None
    start: dt.datetime
    end: dt.datetime
    duration_minutes: int
    contact_email: str
    people: int = 1
    contact_name: str = ""
    language: str = ""
    api_token_id: str | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in the queue; no id in a dry run, and no position for an archived account."""

    entry_id: str | None
    position: int | None

    @property
    def is_archived(self) -> bool:
        return self.position is None


def join(wish: WaitWish, *, now: dt.datetime) -> Place:
    """Give a place at the end of the queue and confirm it by mail; the same wish has one place.

    :raises RoomNotFound: :raises RoomNotPublic: :raises ContractRequired: :raises SiteNotFound:
    :raises InvalidEmail: :raises WaitRefused: :raises RulesBroken: :raises NoRoomFits:
    :raises TooManyPlaces:
    """
    email = accounts.normalise_email(wish.contact_email)
    room, site = _where(wish, now=now)
    entry = _entry(wish, email=email, room=room, site=site, now=now)
    _check(entry, now=now)
    person = people.person_by_email(email)
    if person is not None and person.counts_as_archived:
        return Place(entry_id=None, position=None)
    with rehearsal.transaction_unless(dry_run=wish.dry_run):
        placed = _placed(entry, now=now)
        position = _position(placed)
    return Place(entry_id=None if wish.dry_run else placed.id, position=position)


def leave(entry_id: str, *, asker: User) -> WaitlistEntry:
    """Give a place up for somebody who calls the API; a second call changes nothing.

    :raises PlaceNotFound: also for a place that is not the asker's.
    """
    entry = by_id(entry_id)
    if not _is_of(asker, entry):
        raise PlaceNotFound
    return leave_by_link(entry_id)


@transaction.atomic
def leave_by_link(entry_id: str) -> WaitlistEntry:
    """Give a place up for the bearer of its mailed link.

    :raises PlaceNotFound:
    """
    entry = by_id(entry_id, locked=True)
    if entry.is_waiting:
        entry.status = WaitlistStatus.LEFT
        entry.save(update_fields=["status"])
    return entry


def by_id(entry_id: str, *, locked: bool = False) -> WaitlistEntry:
    """Return a place with its room and site.

    :raises PlaceNotFound: when there is none.
    """
    entries = WaitlistEntry.objects.select_related("room", "site", "api_token")
    if locked:
        entries = entries.select_for_update(of=("self",))
    entry = entries.filter(id=entry_id).first()
    if entry is None:
        raise PlaceNotFound
    return entry


def queue(site_id: str, *, now: dt.datetime) -> QuerySet[WaitlistEntry]:
    """Return those who still wait at a site, the first first."""
    waiting = WaitlistEntry.objects.filter(
        site=site_id, status=WaitlistStatus.WAITING, ends_at__gt=now
    )
    return waiting.select_related("room", "site").order_by("created_at", "id")


def close_what_is_over(*, now: dt.datetime) -> int:
    """End the places whose time has passed; return how many."""
    over = WaitlistEntry.objects.filter(status=WaitlistStatus.WAITING, ends_at__lte=now)
    return over.update(status=WaitlistStatus.OVER)


def _where(wish: WaitWish, *, now: dt.datetime) -> tuple[Room | None, Site]:
    if wish.room_id is not None:
        room = bookable_rooms.by_id(wish.room_id)
        bookable_rooms.check_public(room, on=bookable_rooms.local_date(room, now))
        return room, room.site
    site = Site.objects.filter(id=wish.site_id, is_public=True).first()
    if site is None:
        raise SiteNotFound
    return None, site


def _entry(
    wish: WaitWish, *, email: str, room: Room | None, site: Site, now: dt.datetime
) -> WaitlistEntry:
    tz = ZoneInfo(site.time_zone)
    return WaitlistEntry(
        site=site,
        room=room,
        starts_at=finder.in_zone(wish.start, tz),
        ends_at=finder.in_zone(wish.end, tz),
        duration_minutes=wish.duration_minutes,
        attendees=wish.people,
        contact_email=email,
        contact_name=wish.contact_name,
        language=wish.language or accounts.default_language(site.country),
        api_token_id=wish.api_token_id,
        created_at=now,
    )


def _check(entry: WaitlistEntry, *, now: dt.datetime) -> None:
    length = entry.ends_at - entry.starts_at
    if length < dt.timedelta(minutes=entry.duration_minutes):
        raise WaitRefused("Invalid to: must be at least the duration after from")
    if windows.is_too_long(length):
        raise WaitRefused(windows.TOO_LONG)
    if entry.ends_at - dt.timedelta(minutes=entry.duration_minutes) <= now:
        raise WaitRefused("Cannot book meetings for past dates")
    room = entry.room
    broken = [
        *rules.duration_violations(
            entry.duration_minutes,
            shortest=room.min_duration if room else 0,
            longest=room.max_duration if room else 0,
            step=room.step_duration if room else 0,
        ),
        *rules.people_violations(entry.attendees, most=room.max_person if room else 0),
    ]
    if broken:
        raise RulesBroken(broken)
    if room is None and not _has_room_for(entry):
        raise NoRoomFits


def _has_room_for(entry: WaitlistEntry) -> bool:
    rooms = selectors_finder.rooms(site_id=entry.site_id, people=entry.attendees)
    return any(schedules.takes_duration(room, entry.duration_minutes) for room in rooms)


def _placed(entry: WaitlistEntry, *, now: dt.datetime) -> WaitlistEntry:
    waiting = WaitlistEntry.objects.filter(
        contact_email=entry.contact_email, status=WaitlistStatus.WAITING, ends_at__gt=now
    )
    same = {
        name: getattr(entry, name)
        for name in ("site_id", "room_id", "starts_at", "ends_at", "duration_minutes")
    }
    known = waiting.filter(**same).first()
    if known is not None:
        return known
    if waiting.count() >= MOST_A_PERSON:
        raise TooManyPlaces
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:  # the same wish at the same moment: it has its place
        return waiting.get(**same)
    waitlist_mails.joined(entry, now=now)
    return entry


def _position(entry: WaitlistEntry) -> int:
    """Count who comes first among those who may take the same slot."""
    before = Q(created_at__lt=entry.created_at) | Q(created_at=entry.created_at, id__lt=entry.id)
    rivals = WaitlistEntry.objects.filter(
        before,
        site=entry.site_id,
        status=WaitlistStatus.WAITING,
        starts_at__lt=entry.ends_at,
        ends_at__gt=entry.starts_at,
    )
    if entry.room_id is not None:
        rivals = rivals.filter(Q(room=entry.room_id) | Q(room=None))
    return rivals.count() + 1


def _is_of(asker: User, entry: WaitlistEntry) -> bool:
    """Say whether the asker made the place, or it is for somebody of the asker's company."""
    if asker.api_role == ApiRole.APP_ADMIN:
        return True
    if entry.api_token is not None and entry.api_token.owner_id == asker.id:
        return True
    person = people.person_by_email(entry.contact_email)
    own = asker.organization_id
    return own is not None and person is not None and person.organization_id == own
