"""The demo operator: sites, rooms with pictures, rates, companies with contracts, and people.

Everything follows from the seed and the moment `now`; nothing is read from the database.
"""

import datetime as dt
import random
from dataclasses import dataclass, field
from decimal import Decimal

from backoffice.demo.places import (
    COMPANIES,
    FIRST_NAMES,
    LAST_NAMES,
    MEETING_NAMES,
    MEETING_TEXTS,
    OFFICE_NAMES,
    OFFICE_TEXTS,
    PLACES,
)
from contracts.models import ContractOption, Rate
from organizations.models import AccessCard, ApiRole, Language, Organization, Role, User
from sites_app.models import Equipment, Room, RoomLease, RoomState, RoomType, Site, SiteMembership

PASSWORD = "workways-demo-2026"  # noqa: S105 - printed by `make run`, for demo data alone
STAFF = "staff@workways.example"
MEMBER = "claire@acme.example"
DEVELOPER = "dev@acme.example"

_SEATS = (4, 6, 8, 10, 12, 16, 20, 40)
_OFFICE_SHARE = 4
"""Every fourth room is an office."""


@dataclass(slots=True)
class Operator:
    """All rows of the demo but the meetings, in the order in which they can be written."""

    sites: list[Site] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    organizations: list[Organization] = field(default_factory=list)
    memberships: list[SiteMembership] = field(default_factory=list)
    users: list[User] = field(default_factory=list)
    cards: list[AccessCard] = field(default_factory=list)
    rates: list[Rate] = field(default_factory=list)
    options: list[ContractOption] = field(default_factory=list)
    leases: list[RoomLease] = field(default_factory=list)


class Ids:
    """Ids that the seed determines: sortable like real ones, the same for the same seed."""

    def __init__(self, dice: random.Random, *, now: dt.datetime) -> None:
        self._dice = dice
        self._seconds = int(now.timestamp())

    def new(self) -> str:
        return f"{self._seconds:08x}{self._dice.getrandbits(64):016x}"


def make(*, sites: int, rooms: int, people: int, seed: int, now: dt.datetime) -> Operator:
    """Make up an operator of the given size."""
    dice = random.Random(seed)  # noqa: S311 - invented data, no secret
    ids = Ids(dice, now=now)
    operator = Operator(sites=[_site(number, ids, now) for number in range(sites)])
    for number in range(rooms):
        # Shifted by one each time round, so that every site gets its share of offices.
        site = operator.sites[(number + number // sites) % sites]
        operator.rooms.append(_room(number, site, ids, dice, now))
    _companies(operator, max(4, people // 8), ids, dice, now)
    _people(operator, people, ids, dice, now)
    _contracts(operator, ids, dice)
    return operator


# --- sites and rooms -----------------------------------------------------------------------------


def _site(number: int, ids: Ids, now: dt.datetime) -> Site:
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
        closed_dates=[dt.date(now.year + later, 12, 25) for later in (0, 1)],
        created_at=now,
        updated_at=now,
    )


def _room(number: int, site: Site, ids: Ids, dice: random.Random, now: dt.datetime) -> Room:
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
        public_name=_numbered(MEETING_NAMES, number),
        type=kind,
        default_state=RoomState.BOOKABLE,
        surface_commercial=Decimal(seats * 2 + dice.randint(4, 10)),
        description=dice.choice(MEETING_TEXTS),
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
        public_name=f"Office {_numbered(OFFICE_NAMES, number)}",
        type=kind,
        default_state=RoomState.FOR_RENT,
        surface_commercial=Decimal(seats * 6 + dice.randint(4, 9)),
        description=dice.choice(OFFICE_TEXTS),
        min_person=1,
        max_person=seats,
        nb_seat=seats,
        configuration="office",
        equipment=[Equipment.WIFI, Equipment.DAYLIGHT, Equipment.PRINTER],
        price_per_month=Decimal(220 * seats + dice.choice((80, 130, 190))),
    )


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


def _numbered(names: tuple[str, ...], number: int) -> str:
    again = number // len(names)
    return names[number % len(names)] + (f" {again + 1}" if again else "")


def _rounded(price: Decimal) -> Decimal:
    return (price / 5).quantize(Decimal(1)) * 5


# --- companies and people --------------------------------------------------------------------------


def _companies(
    operator: Operator, count: int, ids: Ids, dice: random.Random, now: dt.datetime
) -> None:
    for number in range(count):
        site = operator.sites[number % len(operator.sites)]
        start = now.date() - dt.timedelta(days=dice.randint(60, 700))
        operator.organizations.append(
            Organization(
                id=ids.new(),
                name=_numbered(COMPANIES, number),
                status="active",
                is_member=number % 3 == 0,
                email=f"accounts{number}@{_domain(number)}",
                country=site.country,
                address=f"{dice.randint(1, 90)} {site.address.split(' ', 1)[1]}, {site.city}",
                language=Language.ENGLISH if site.country == "IE" else Language.FRENCH,
                max_resident_users=dice.randint(2, 25),
                rental_start_on=start,
                rental_end_on=start + dt.timedelta(days=365 * dice.choice((2, 3))),
                renewal_months=12,
                created_at=now,
                updated_at=now,
            )
        )
        for position, offset in enumerate((0, 1)):
            member_of = operator.sites[(number + offset) % len(operator.sites)]
            if offset == 0 or member_of is not site:
                operator.memberships.append(
                    SiteMembership(
                        site=member_of, organization=operator.organizations[-1], position=position
                    )
                )


def _domain(number: int) -> str:
    return "acme.example" if number == 0 else f"company{number}.example"


def _people(
    operator: Operator, count: int, ids: Ids, dice: random.Random, now: dt.datetime
) -> None:
    first = operator.organizations[0]
    operator.users += [
        person(ids, now, STAFF, "Sophie", "Martin", api_role=ApiRole.APP_ADMIN, role=Role.USER),
        person(ids, now, MEMBER, "Claire", "Moreau", organization=first, role=Role.PRINCIPAL_ADMIN),
        person(
            ids, now, DEVELOPER, "Karim", "Lambert", organization=first, api_role=ApiRole.DEVELOPER
        ),
    ]
    for number in range(3, count):
        company = number % len(operator.organizations)
        operator.users.append(
            person(
                ids,
                now,
                f"person{number}@{_domain(company)}",
                dice.choice(FIRST_NAMES),
                dice.choice(LAST_NAMES),
                organization=operator.organizations[company],
                role=Role.ADMIN if number % 7 == 0 else Role.USER,
            )
        )
    for number, user in enumerate(operator.users[1:40], start=1):
        operator.cards.append(
            AccessCard(
                id=ids.new(),
                number=f"WW-{number:05d}",
                holder=user,
                status="active",
                created_at=now,
            )
        )


def person(
    ids: Ids, now: dt.datetime, email: str, first_name: str, last_name: str, **fields: object
) -> User:
    """Make somebody who cannot log in yet."""
    return User(
        **{
            "id": ids.new(),
            "email": email,
            "first_name": first_name,
            "last_name": last_name,
            "role": Role.USER,
            "password": "!",
            "email_verified_at": now,
            "created_at": now,
            "updated_at": now,
            **fields,
        }
    )


# --- contracts -----------------------------------------------------------------------------------

_RATES = (
    ("parking", "Parking space", "Place de parking", "other", 150, 135, None, None, 50),
    ("tv_rental", "TV rental", "Location de téléviseur", "quantity", 30, 27, None, None, 0),
    ("service_by_month", "Monthly service", "Service mensuel", "promo", 200, 180, 150, 3, 100),
    ("bike_garage", "Bicycle garage", "Garage à vélos", "quantity", 15, 12, None, None, 0),
    ("private_wifi", "Private Wi-Fi", "Wi-Fi privé", "other", 60, 50, None, None, 80),
    ("cleaning_service", "Daily cleaning", "Ménage quotidien", "quote", 0, 0, None, None, 0),
)


def _contracts(operator: Operator, ids: Ids, dice: random.Random) -> None:
    _rates(operator, ids)
    _leases(operator, ids, dice)
    _options(operator, ids, dice)


def _rates(operator: Operator, ids: Ids) -> None:
    for key, name, name_fr, kind, public, member, promo, months, fees in _RATES:
        operator.rates.append(
            Rate(
                id=ids.new(),
                key=key,
                name=name,
                name_en=name,
                name_fr=name_fr,
                type=kind,
                public_base=public,
                member_base=member,
                public_promo=promo,
                member_promo=promo and promo * Decimal("0.9"),
                promo_months=months,
                setup_fees=fees,
            )
        )


def _leases(operator: Operator, ids: Ids, dice: random.Random) -> None:
    offices = [room for room in operator.rooms if room.price_per_month]
    let = dice.sample(offices, k=len(offices) * 2 // 3)
    for number, office in enumerate(let):
        tenant = operator.organizations[number % len(operator.organizations)]
        operator.leases.append(
            RoomLease(
                id=ids.new(),
                room=office,
                organization=tenant,
                starts_on=tenant.rental_start_on,
                ends_on=tenant.rental_end_on,
                price=office.price_per_month,
            )
        )


def _options(operator: Operator, ids: Ids, dice: random.Random) -> None:
    for organization in operator.organizations:
        for number, rate in enumerate(dice.sample(operator.rates[:5], k=2), start=1):
            operator.options.append(
                ContractOption(
                    id=ids.new(),
                    organization=organization,
                    number=number,
                    rate=rate,
                    key=rate.key,
                    name=rate.name_fr if organization.language == Language.FRENCH else rate.name,
                    quantity=dice.randint(1, 3) if rate.supports_quantity else 1,
                    start_on=organization.rental_start_on,
                )
            )
        organization.next_option_number = 3
