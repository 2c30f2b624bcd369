"""What an organization's month depends on, read from what is stored."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from booking.models import Meeting
from contracts import selectors
from contracts.domain.billing import Facts, Kind, Ordered, Rent, Subject, Used, VatRule
from contracts.domain.months import A_DAY, Days
from contracts.domain.option_pricing import OptionTerms
from contracts.models import ContractOption, Rate, RateType, VatType
from organizations.models import Organization
from sites_app.models import RoomLease, Site

_PROMO_TYPES = (RateType.PROMO, RateType.PROMO_WITH_QUANTITY)


@dataclass(frozen=True, slots=True)
class _Home:
    """Where an organization's own services are taxed, and in which currency."""

    country: str
    currency: str


def gather(organization: Organization, month: Days) -> Facts:
    """Read what the organization has on contract and what it used that month.

    `organization` comes from `selectors.organization_with_contract`.
    """
    home = _home(organization)
    return Facts(
        rents=list(_rents(organization, home)),
        ordered=[_ordered(option, organization, home) for option in _options(organization)],
        used=list(_used(organization, month)),
        prepaid=_prepaid(organization, month),
    )


def terms_of(option: ContractOption, organization: Organization) -> OptionTerms:
    """Return an option's terms: its own prices and dates, else the rate's and the contract's.

    A `quote` rate has no price until staff give the option one.
    """
    rate = option.rate
    base = rate.member_base if organization.is_member else rate.public_base
    return OptionTerms(
        price=_own_or(option.price, None if rate.type == RateType.QUOTE else base),
        promo=_own_or(option.price_promo, _promo(rate, is_member=organization.is_member)),
        promo_months=_own_or(option.promo_months, rate.promo_months) or 0,
        quantity=option.quantity,
        setup_fees=rate.setup_fees,
        start_on=option.start_on or organization.rental_start_on,
        end_on=option.end_on or organization.rental_end_on,
    )


def _own_or(own: Any, other: Any) -> Any:
    return other if own is None else own


def _promo(rate: Rate, *, is_member: bool) -> Decimal | None:
    if rate.type not in _PROMO_TYPES:
        return None
    return rate.member_promo if is_member else rate.public_promo


def _options(organization: Organization) -> list[ContractOption]:
    return list(organization.contract_options.all())


def _prepaid(organization: Organization, month: Days) -> set[str]:
    """Return the ids of the options that an earlier statement charged for this month.

    What came in place of such an option, under a new id, is paid for by it: one of its key for each
    that is gone.
    """
    paid = selectors.options_prepaid_for(organization.pk, month=month.first)
    options = {option.pk: option.key for option in _options(organization)}
    gone = Counter(key for option_id, key in paid if option_id not in options)
    found = {option_id for option_id, _ in paid if option_id in options}
    for option_id, key in options.items():
        if option_id not in found and gone[key]:
            gone[key] -= 1
            found.add(option_id)
    return found


def _home(organization: Organization) -> _Home:
    sites = [row.site for row in organization.site_memberships.all()]
    sites += [lease.room.site for lease in organization.leases.all()]
    if sites:
        return _Home(sites[0].country, sites[0].currency)
    return _Home(organization.country, "EUR")


def _rents(organization: Organization, home: _Home) -> Iterator[Rent]:
    if organization.base_price is not None:
        yield Rent(
            kind=Kind.RENT,
            subject=Subject(
                label="",
                reference=organization.pk,
                currency=home.currency,
                vat=VatRule(country=home.country),
            ),
            price=organization.base_price,
            first_on=organization.rental_start_on,
            last_on=organization.rental_end_on,
        )
        return
    for lease in organization.leases.all():
        if lease.price:
            yield _room(lease, organization)


def _room(lease: RoomLease, organization: Organization) -> Rent:
    assert lease.price is not None
    return Rent(
        kind=Kind.ROOM,
        subject=_subject(lease.room.display_name, lease.room_id, lease.room.site),
        price=lease.price,
        first_on=lease.starts_on or organization.rental_start_on,
        last_on=lease.ends_on,
    )


def _subject(label: str, reference: str, site: Site, *, rate: Decimal | None = None) -> Subject:
    return Subject(
        label=label,
        reference=reference,
        currency=site.currency,
        vat=VatRule(country=site.country, rate=rate),
    )


def _ordered(option: ContractOption, organization: Organization, home: _Home) -> Ordered:
    rate, site = option.rate, option.rate.site
    return Ordered(
        subject=Subject(
            label=option.name,
            reference=option.pk,
            currency=site.currency if site else home.currency,
            vat=VatRule(country=site.country if site else home.country, rate=_vat_rate(rate)),
            key=option.key,
        ),
        terms=terms_of(option, organization),
    )


def _vat_rate(rate: Rate) -> Decimal | None:
    return Decimal(0) if rate.vat_type == VatType.NONE else rate.vat_rate


def _used(organization: Organization, month: Days) -> Iterator[Used]:
    """List the month's meetings on the clock of their site."""
    since = dt.datetime.combine(month.first - A_DAY, dt.time(), dt.UTC)
    until = dt.datetime.combine(month.last + 2 * A_DAY, dt.time(), dt.UTC)
    for meeting in selectors.billed_meetings(organization.pk, since=since, until=until):
        day = meeting.starts_at.astimezone(ZoneInfo(meeting.room.site.time_zone)).date()
        if month.first <= day <= month.last:
            yield _meeting(meeting, day)


def _meeting(meeting: Meeting, day: dt.date) -> Used:
    room = meeting.room
    label = " · ".join(part for part in (room.display_name, meeting.name) if part)[:300]
    amount = meeting.cancellation_fee if meeting.is_cancelled else meeting.price
    assert amount is not None
    return Used(
        kind=Kind.CANCELLATION if meeting.is_cancelled else Kind.MEETING,
        subject=Subject(
            label=label,
            reference=meeting.pk,
            currency=meeting.currency,
            vat=VatRule(country=room.site.country, rate=meeting.vat_rate),
        ),
        net=amount,
        on=day,
    )
