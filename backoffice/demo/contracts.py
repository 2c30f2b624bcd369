"""What the demo operator's companies rent: rates, offices and options."""

import random
from collections.abc import Sequence
from decimal import Decimal

from backoffice.demo.ids import Ids
from contracts.models import ContractOption, Rate
from organizations.models import Language, Organization
from sites_app.models import Room, RoomLease

_RATES = (
    ("parking", "Parking space", "Place de parking", "other", 150, 135, None, None, 50),
    ("tv_rental", "TV rental", "Location de téléviseur", "quantity", 30, 27, None, None, 0),
    ("service_by_month", "Monthly service", "Service mensuel", "promo", 200, 180, 150, 3, 100),
    ("bike_garage", "Bicycle garage", "Garage à vélos", "quantity", 15, 12, None, None, 0),
    ("private_wifi", "Private Wi-Fi", "Wi-Fi privé", "other", 60, 50, None, None, 80),
    ("cleaning_service", "Daily cleaning", "Ménage quotidien", "quote", 0, 0, None, None, 0),
)


def make_rates(ids: Ids) -> list[Rate]:
    """Make the price list."""
    return [
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
        for key, name, name_fr, kind, public, member, promo, months, fees in _RATES
    ]


def make_leases(
    rooms: Sequence[Room], organizations: Sequence[Organization], ids: Ids, dice: random.Random
) -> list[RoomLease]:
    """Let two offices of three, to one organization after the other."""
    offices = [room for room in rooms if room.price_per_month]
    let = dice.sample(offices, k=len(offices) * 2 // 3)
    return [
        _lease(office, organizations[number % len(organizations)], ids)
        for number, office in enumerate(let)
    ]


def _lease(office: Room, tenant: Organization, ids: Ids) -> RoomLease:
    return RoomLease(
        id=ids.new(),
        room=office,
        organization=tenant,
        starts_on=tenant.rental_start_on,
        ends_on=tenant.rental_end_on,
        price=office.price_per_month,
    )


def make_options(
    organizations: Sequence[Organization], rates: Sequence[Rate], ids: Ids, dice: random.Random
) -> list[ContractOption]:
    """Give each organization two options; it counts on from these."""
    found = []
    for organization in organizations:
        for number, rate in enumerate(dice.sample(rates[:5], k=2), start=1):
            found.append(_option(organization, number, rate, ids, dice))
        organization.next_option_number = 3
    return found


def _option(
    organization: Organization, number: int, rate: Rate, ids: Ids, dice: random.Random
) -> ContractOption:
    return ContractOption(
        id=ids.new(),
        organization=organization,
        number=number,
        rate=rate,
        key=rate.key,
        name=rate.name_fr if organization.language == Language.FRENCH else rate.name,
        quantity=dice.randint(1, 3) if rate.supports_quantity else 1,
        start_on=organization.rental_start_on,
    )
