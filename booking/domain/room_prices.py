"""Room prices: what a meeting, or a week or month of an office, costs a customer.

Source: Public API, GET /api/room-price; public-api, sections 2 and 6, "Room price".
"""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from apitokens.domain import customers
from booking import selectors_prices as selectors
from booking.domain import catalogue, pricing, quote_tokens, room_quotes
from booking.domain.bookable_rooms import RoomNotFound
from config.errors import DomainError
from organizations.models import Organization, User
from sites_app.domain import opening_hours
from sites_app.models import MEETING_TYPES, OFFICE_TYPES, Room, RoomState, RoomType

USUAL_MINUTES = 60
USUAL_PERSONS = 2
PRICED_MEETING_STATES = (RoomState.BOOKABLE, RoomState.OCCUPIED)
PRICED_OFFICE_STATES = (RoomState.RENTED, RoomState.FOR_RENT)
ZERO = Decimal(0)

Period = Literal["week", "month"]


class InvalidRoomId(DomainError):
    """Source: Public API, GET /api/room-price, "Invalid roomId format"."""

    code = "INVALID_ROOM_ID"
    message = "Invalid roomId format"


class TypeNotPriced(DomainError):
    """Rooms of that type have no price. Source: "Unsupported room type"."""

    code = "TYPE_NOT_PRICED"


class InvalidPeriod(DomainError):
    """Source: Public API, GET /api/room-price, "Invalid period (for offices)"."""

    code = "INVALID_PERIOD"
    message = 'Invalid period: must be "week" or "month"'


class TooManyPersons(DomainError):
    """More people than the room holds. Source: public-api, section 2, GET /api/room-price."""

    code = "TOO_MANY_PEOPLE"


class InvalidStartDate(DomainError):
    """The site's clocks skip that time."""

    code = "INVALID_START"
    message = "Invalid startDate: this local time does not exist at the site"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks a price for; None and "" are what was not said.

    `starts_at` without a zone is the site's local time.
    """

    room_id: str
    asker: User
    starts_at: dt.datetime | None = None
    duration_minutes: int | None = None
    persons: int | None = None
    period: str = ""
    organization_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPrice:
    """The answer: a quote, or None when the room's state, type or missing prices allow none.

    A meeting's has its duration and persons, an office's its period. The token stands beside a
    meeting's quote whose start was given.
    """

    room: Room
    actual_state: str
    quote: pricing.Quote | None = None
    duration_minutes: int | None = None
    persons: int | None = None
    period: Period | None = None
    quote_token: str = ""


def ask(question: Question, *, now: dt.datetime) -> RoomPrice:
    """Price a room in two queries, of which the customer is the second.

    :raises RoomNotFound: :raises TypeNotPriced: :raises InvalidPeriod: :raises TooManyPersons:
    :raises InvalidStartDate: :raises customers.OrganizationNotFound:
    """
    room = selectors.priced_room(question.room_id, now=now)
    if room is None:
        raise RoomNotFound
    if room.type not in (*MEETING_TYPES, *OFFICE_TYPES):
        raise TypeNotPriced(f"Price calculation not supported for room type: {room.type}")
    if _is_like_a_meeting(room, question):
        return _of_meeting(room, question, now=now)
    return _of_office(room, question, now=now)


def _is_like_a_meeting(room: Room, question: Question) -> bool:
    by_the_hour = room.type == RoomType.PUBLIC_OFFICE and bool(room.price_per_hour)
    return room.is_meeting_room or (by_the_hour and question.duration_minutes is not None)


def _of_meeting(room: Room, question: Question, *, now: dt.datetime) -> RoomPrice:
    minutes = question.duration_minutes or USUAL_MINUTES
    persons = question.persons or min(USUAL_PERSONS, room.max_person or USUAL_PERSONS)
    _check_persons(room, persons)
    starts_at = _instant(room, question)
    customer = _customer(question)
    found = RoomPrice(
        room=room, actual_state=_state(room), duration_minutes=minutes, persons=persons
    )
    is_sold = room.type in (RoomType.PUBLIC_MEETING, RoomType.PUBLIC_OFFICE)
    if not (is_sold or room.default_state in PRICED_MEETING_STATES):
        return found
    quote = room_quotes.quote(
        room,
        starts_at=starts_at or now,
        duration_minutes=minutes,
        attendees=persons,
        is_member=customer is not None and customer.is_member,
    )
    found = replace(found, quote=quote)
    if quote is None or starts_at is None:
        return found
    return replace(found, quote_token=_promise(found, quote, customer, starts_at, now=now))


def _promise(
    found: RoomPrice,
    quote: pricing.Quote,
    customer: Organization | None,
    starts_at: dt.datetime,
    *,
    now: dt.datetime,
) -> str:
    assert found.duration_minutes is not None  # a meeting's price has both
    assert found.persons is not None
    return quote_tokens.issue(
        quote,
        room_id=found.room.id,
        starts_at=starts_at,
        duration_minutes=found.duration_minutes,
        persons=found.persons,
        organization_id=customer.id if customer else "",
        now=now,
    )


def _of_office(room: Room, question: Question, *, now: dt.datetime) -> RoomPrice:
    if question.period not in ("", "week", "month"):
        raise InvalidPeriod
    period: Period = "week" if question.period == "week" else "month"
    customer = _customer(question)
    is_member = customer is not None and customer.is_member
    quote = pricing.quote_office(
        prices=room_quotes.prices(room),
        period=period,
        sale=room_quotes.sale(room.site, starts_at=_instant(room, question) or now),
        customer=pricing.Customer(
            discount_percent=Decimal(room.member_discount_percent if is_member else ZERO)
        ),
    )
    is_priced = room.is_public_office or room.default_state in PRICED_OFFICE_STATES
    return RoomPrice(
        room=room,
        actual_state=_state(room),
        quote=quote if is_priced else None,
        period=period,
    )


def _check_persons(room: Room, persons: int) -> None:
    most = room.max_person
    if 0 < most < persons:
        noun = "person" if most == 1 else "persons"
        raise TooManyPersons(f"This room holds at most {most} {noun}")


def _instant(room: Room, question: Question) -> dt.datetime | None:
    wanted = question.starts_at
    if wanted is None or wanted.tzinfo is not None:
        return wanted
    try:
        return opening_hours.resolve_wall(wanted, tz=ZoneInfo(room.site.time_zone))
    except opening_hours.NonExistentLocalTime as error:
        raise InvalidStartDate from error


def _customer(question: Question) -> Organization | None:
    if question.organization_id is None:
        return None
    return customers.visible_to(question.asker, organization_id=question.organization_id)


def _state(room: Room) -> str:
    """Derive what goes on in the room, as `/api/rooms` does, but that a bookable room is `free`."""
    state = catalogue.actual_state(
        room_type=room.type,
        default_state=room.default_state,
        is_running=room.is_running,  # type: ignore[attr-defined]  # the selector's annotation
        is_let=room.is_let,  # type: ignore[attr-defined]  # the selector's annotation
    )
    is_free = room.is_meeting_room and state == RoomState.BOOKABLE
    return RoomState.FREE if is_free else state
