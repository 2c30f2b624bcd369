"""Bills: rents, options, meetings, VAT by line, and their sums."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.domain import billing, months
from contracts.domain.billing import Facts, Kind, Ordered, Rent, Subject, Used, VatRule
from contracts.domain.option_pricing import OptionTerms, ProRata

MARCH = months.month_of(dt.date(2025, 3, 1))


def subject(country="FR", rate=None, key="", currency="EUR"):
    return Subject(
        label="x",
        reference="a" * 24,
        currency=currency,
        vat=VatRule(country=country, rate=rate),
        key=key,
    )


def rent(price, **values):
    return Rent(kind=Kind.ROOM, subject=subject(), price=Decimal(price), **values)


def bill(month=MARCH, pro_rata=ProRata.BY_DAY, **facts):
    return billing.bill(Facts(**facts), month, pro_rata=pro_rata)


def amounts(lines):
    return [(line.kind.value, line.net, line.vat) for line in lines]


def test_first_and_last_month_of_a_room_are_charged_by_day():
    first = rent(310, first_on=dt.date(2025, 3, 22))
    last = rent(310, last_on=dt.date(2025, 3, 1))

    assert amounts(bill(rents=[first, last])) == [("room", 100, 20), ("room", 10, 2)]


def test_full_months_setting():
    part = rent(310, first_on=dt.date(2025, 3, 22))

    assert amounts(bill(rents=[part], pro_rata=ProRata.FULL_MONTH)) == [("room", 310, 62)]


def test_room_of_another_time_costs_nothing():
    assert bill(rents=[rent(310, first_on=dt.date(2025, 4, 1))]) == []


def test_vat_is_that_of_the_country_and_day():
    luxembourg = Rent(kind=Kind.RENT, subject=subject("LU"), price=Decimal(100))

    rates = [
        bill(month=months.month_of(dt.date(year, 12, 1)), rents=[luxembourg])[0].vat_rate
        for year in (2022, 2023, 2024)
    ]

    assert rates == [17, 16, 17]


@pytest.mark.parametrize(("net", "vat"), [("0.12", "0.02"), ("0.13", "0.03"), ("2.50", "0.50")])
def test_vat_is_rounded_half_up_on_each_line(net, vat):
    one = Used(kind=Kind.MEETING, subject=subject(), net=Decimal(net), on=MARCH.first)

    (line,) = bill(used=[one])

    assert line.vat == Decimal(vat)


def test_half_a_cent_is_rounded_up():
    one = Used(
        kind=Kind.MEETING, subject=subject(rate=Decimal(10)), net=Decimal("0.05"), on=MARCH.first
    )

    assert bill(used=[one])[0].vat == Decimal("0.01")


def test_lines_in_order_of_kind_and_time():
    used = [
        Used(kind=kind, subject=subject(), net=Decimal(5), on=dt.date(2025, 3, day))
        for kind, day in ((Kind.MEETING, 9), (Kind.CANCELLATION, 2))
    ]
    option = Ordered(
        subject=subject(),
        terms=OptionTerms(price=Decimal(9), setup_fees=Decimal(3), start_on=MARCH.first),
    )

    lines = bill(rents=[rent(100)], ordered=[option], used=used)

    assert [line.kind.value for line in lines] == [
        "room",
        "setup",
        "option",
        "cancellation",
        "meeting",
    ]


def test_lines_of_nothing_are_left_out():
    option = Ordered(subject=subject(), terms=OptionTerms(price=Decimal(0)))

    assert bill(rents=[rent(0)], ordered=[option]) == []


def prepaid(start):
    return Ordered(
        subject=subject(key="service_by_month_prepaid"),
        terms=OptionTerms(
            price=Decimal(100), setup_fees=Decimal(7), start_on=dt.date.fromisoformat(start)
        ),
    )


@pytest.mark.parametrize(
    ("start", "paid", "charged"),
    [
        ("2025-04-01", False, [("setup", "2025-04-01"), ("option", "2025-04-01")]),
        ("2025-01-01", True, [("option", "2025-04-01")]),
        ("2025-01-01", False, [("option", "2025-03-01"), ("option", "2025-04-01")]),
        (
            "2025-03-10",
            False,
            [("setup", "2025-03-10"), ("option", "2025-03-10"), ("option", "2025-04-01")],
        ),
        ("2025-05-01", False, []),
    ],
)
def test_prepaid_service_stands_on_the_statement_of_the_month_before(start, paid, charged):
    known = {prepaid(start).subject.reference} if paid else set()

    lines = bill(ordered=[prepaid(start)], prepaid=known)

    assert [(line.kind.value, line.days.first.isoformat()) for line in lines] == charged


MONEY = st.integers(1, 5_000_000).map(lambda cents: Decimal(cents) / 100)
RATES = st.sampled_from([Decimal(0), Decimal("5.5"), Decimal(10), Decimal(20), Decimal(21)])
DATES = st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31))
RENTS = st.builds(
    lambda price, rate, first: Rent(
        kind=Kind.ROOM, subject=subject(rate=rate), price=price, first_on=first
    ),
    MONEY,
    RATES,
    st.none() | DATES,
)
OPTIONS = st.builds(
    lambda price, promo, length, quantity, fees, start, rate: Ordered(
        subject=subject(rate=rate),
        terms=OptionTerms(
            price=price,
            promo=promo,
            promo_months=length,
            quantity=quantity,
            setup_fees=fees,
            start_on=start,
        ),
    ),
    MONEY,
    st.none() | MONEY,
    st.integers(0, 12),
    st.integers(1, 9),
    MONEY,
    DATES,
    RATES,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rents=st.lists(RENTS, max_size=4), ordered=st.lists(OPTIONS, max_size=4), of=DATES)
def test_total_is_the_sum_of_the_lines_and_of_whole_cents(rents, ordered, of):
    lines = bill(month=months.month_of(of), rents=rents, ordered=ordered)

    totals = billing.totals(lines)

    cent = Decimal("0.01")
    assert totals.net == sum(line.net for line in lines)
    assert totals.gross == sum(line.net + line.vat for line in lines)
    assert all(line.net == line.net.quantize(cent) for line in lines)
    for line in lines:
        exact = line.net * line.vat_rate / 100
        assert line.vat == exact.quantize(cent, rounding=ROUND_HALF_UP)
