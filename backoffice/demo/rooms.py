"""The demo operator's sites and rooms."""

import datetime as dt
import random
from decimal import Decimal

from backoffice.demo.ids import Ids
from backoffice.demo.names import MEETING_NAMES, MEETING_TEXTS, OFFICE_NAMES, OFFICE_TEXTS
from backoffice.demo.places import PLACES
from sites_app.models import Equipment, Room, RoomState, RoomType, Site

_SEATS = (4, 6, 8, 10, 12, 16, 20, 40)
_OFFICE_SHARE = 4
"""Every fourth room is an office."""


def make_site(number: int, ids: Ids, now: dt.datetime) -> Site:
    """Make the site of one place; beyond the last place they begin again, with a number."""
    place = PLACES[number % len(PLACES)]
    again = number // len(PLACES)
    return Site(
        id=ids.new(),
        name=place.name + (f" {again + 1}" if again else ""),
        country=place.country,
        time_zone=place.time_zone,
        address=place.address,
        city=place.city,
        postal_code=place.postal_code,
        latitude=Decimal(place.latitude),
        longitude=Decimal(place.longitude),
        email=f"{place.city.lower()}@workways.example",
        phone=place.phone,
        description=place.description,
        description_fr=place.description_fr,
        closed_dates=[dt.date(now.year + later, 12, 25) for later in (0, 1)],
        created_at=now,
        updated_at=now,
    )


def make_room(number: int, site: Site, ids: Ids, dice: random.Random, now: dt.datetime) -> Room:
    """Make a meeting room, or an office, of a site."""
    if number % _OFFICE_SHARE == _OFFICE_SHARE - 1:
        room = _office(number, ids, dice)
    else:
        room = _meeting_room(number, ids, dice)
    room.site = site
    room.created_at = room.updated_at = now
    return room


def _meeting_room(number: int, ids: Ids, dice: random.Random) -> Room:
    seats = dice.choice(_SEATS[:6] if number % 5 else _SEATS)
    hourly = Decimal(8 + 3 * seats + dice.choice((0, 2, 5)))
    kind = RoomType.PUBLIC_MEETING if number % 9 else RoomType.PRIVATE_MEETING
    return Room(
        id=ids.new(),
        name=f"M{number + 1:03d}",
        public_name=numbered(MEETING_NAMES, number),
        type=kind,
        default_state=RoomState.BOOKABLE,
        surface_commercial=Decimal(seats * 2 + dice.randint(4, 10)),
        **_described(dice.choice(MEETING_TEXTS)),
        min_person=1,
        max_person=seats,
        nb_seat=seats,
        configuration=dice.choice(("boardroom", "u-shape", "theatre", "workshop")),
        other_configuration="",
        equipment=_equipment(dice),
        min_duration=dice.choice((30, 60, 60)),
        max_duration=dice.choice((480, 480, 600)),
        step_duration=30,
        cleaning_minutes=dice.choice((0, 0, 0, 15)) if seats > 10 else 0,
        slot_week=dice.choice(("08:00-20:00", "09:00-18:00", "08:30-19:00")),
        slot_saturday=dice.choice(("", "", "09:00-13:00")),
        price_per_hour=hourly,
        price_per_half_day=_rounded(hourly * Decimal("3.4")),
        price_per_day=_rounded(hourly * 6),
        member_discount_percent=Decimal(10),
    )


def _office(number: int, ids: Ids, dice: random.Random) -> Room:
    seats = dice.choice((1, 2, 2, 4, 4, 6, 8))
    kind = dice.choice((RoomType.PUBLIC_OFFICE, RoomType.PUBLIC_OFFICE, RoomType.PRIVATE_OFFICE))
    return Room(
        id=ids.new(),
        name=f"B{number + 1:03d}",
        public_name=f"Office {numbered(OFFICE_NAMES, number)}",
        type=kind,
        default_state=RoomState.FOR_RENT,
        surface_commercial=Decimal(seats * 6 + dice.randint(4, 9)),
        **_described(dice.choice(OFFICE_TEXTS)),
        min_person=1,
        max_person=seats,
        nb_seat=seats,
        configuration="office",
        equipment=[Equipment.WIFI, Equipment.DAYLIGHT, Equipment.PRINTER],
        price_per_month=Decimal(220 * seats + dice.choice((80, 130, 190))),
    )


def _described(texts: tuple[str, str]) -> dict[str, str]:
    english, french = texts
    return {"description": english, "description_fr": french}


def _equipment(dice: random.Random) -> list[str]:
    usual = [Equipment.WIFI, Equipment.SCREEN, Equipment.WHITEBOARD]
    extra = (
        Equipment.VIDEO_CONFERENCE,
        Equipment.DAYLIGHT,
        Equipment.COFFEE,
        Equipment.ACCESSIBLE,
        Equipment.AIR_CONDITIONING,
        Equipment.FLIPCHART,
        Equipment.PROJECTOR,
    )
    return [*usual, *sorted(dice.sample(extra, k=dice.randint(2, 4)))]


def numbered(names: tuple[str, ...], number: int) -> str:
    """Give the name at a position; beyond the last they begin again, with a number."""
    again = number // len(names)
    return names[number % len(names)] + (f" {again + 1}" if again else "")


def _rounded(price: Decimal) -> Decimal:
    return (price / 5).quantize(Decimal(1)) * 5
