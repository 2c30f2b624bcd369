"""The demo operator: sites, rooms with pictures, rates, companies with contracts, and people.

Everything follows from the seed and the moment `now`; nothing is read from the database.
"""

import datetime as dt
import random
from dataclasses import dataclass, field

from backoffice.demo import contracts
from backoffice.demo.ids import Ids
from backoffice.demo.names import (
    COMPANIES,
    FIRST_NAMES,
    LAST_NAMES,
)
from backoffice.demo.rooms import make_room, make_site, numbered
from contracts.models import ContractOption, Rate
from organizations.models import AccessCard, ApiRole, Language, Organization, Role, User
from sites_app.models import Room, RoomLease, Site, SiteMembership

PASSWORD = "workways-demo-2026"  # noqa: S105 - printed by `make run`, for demo data alone
STAFF = "staff@workways.example"
MEMBER = "claire@acme.example"
DEVELOPER = "dev@acme.example"


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


def make(*, sites: int, rooms: int, people: int, seed: int, now: dt.datetime) -> Operator:
    """Make up an operator of the given size."""
    dice = random.Random(seed)  # noqa: S311 - invented data, no secret
    ids = Ids(dice, now=now)
    operator = Operator(sites=[make_site(number, ids, now) for number in range(sites)])
    for number in range(rooms):
        # Shifted by one each time round, so that every site gets its share of offices.
        site = operator.sites[(number + number // sites) % sites]
        operator.rooms.append(make_room(number, site, ids, dice, now))
    _companies(operator, max(4, people // 8), ids, dice, now)
    _people(operator, people, ids, dice, now)
    operator.rates = contracts.make_rates(ids)
    operator.leases = contracts.make_leases(operator.rooms, operator.organizations, ids, dice)
    operator.options = contracts.make_options(operator.organizations, operator.rates, ids, dice)
    return operator


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
                name=numbered(COMPANIES, number),
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
