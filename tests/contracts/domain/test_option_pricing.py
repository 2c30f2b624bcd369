"""What an option costs: every month of a promotion, parts of months, quantity, setup fees."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.domain import months, option_pricing
from contracts.domain.months import Days
from contracts.domain.option_pricing import ChargeKind, OptionTerms, ProRata

AMOUNTS = st.decimals(0, 100_000, places=2)
DATES = st.dates(dt.date(2020, 1, 1), dt.date(2032, 12, 31))
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def day(text):
    return dt.date.fromisoformat(text)


def month(text):
    return months.month_of(day(f"{text}-01"))


def charged(terms, of, pro_rata=ProRata.BY_DAY):
    found = option_pricing.charges(terms, month(of), pro_rata=pro_rata)
    return [
        (charge.kind.value, f"{charge.days.first:%d}-{charge.days.last:%d}", charge.net)
        for charge in found
    ]


PROMO = OptionTerms(
    price=Decimal(200), promo=Decimal(150), promo_months=3, start_on=day("2025-01-01")
)


@pytest.mark.parametrize(
    ("of", "kind", "net"),
    [
        ("2025-01", "promo", 150),
        ("2025-02", "promo", 150),
        ("2025-03", "promo", 150),
        ("2025-04", "regular", 200),
        ("2026-01", "regular", 200),
    ],
)
def test_first_months_have_the_promotional_price(of, kind, net):
    assert [(one, amount) for one, _days, amount in charged(PROMO, of)] == [(kind, net)]


def test_before_the_start_there_is_nothing():
    assert charged(PROMO, "2024-12") == []


def test_promotion_counts_to_the_day():
    terms = OptionTerms(
        price=Decimal(200), promo=Decimal(150), promo_months=3, start_on=day("2025-01-15")
    )

    assert option_pricing.promo_end(terms) == day("2025-04-14")
    assert charged(terms, "2025-01") == [("promo", "15-31", Decimal("82.26"))]
    assert charged(terms, "2025-04") == [
        ("promo", "01-14", Decimal("70.00")),
        ("regular", "15-30", Decimal("106.67")),
    ]


def test_promotion_by_full_months():
    terms = OptionTerms(
        price=Decimal(200), promo=Decimal(150), promo_months=3, start_on=day("2025-01-15")
    )

    assert charged(terms, "2025-01", ProRata.FULL_MONTH) == [("promo", "15-31", 150)]
    assert charged(terms, "2025-04", ProRata.FULL_MONTH) == [("promo", "01-30", 150)]
    assert charged(terms, "2025-05", ProRata.FULL_MONTH) == [("regular", "01-31", 200)]


@pytest.mark.parametrize(
    "terms",
    [
        OptionTerms(price=Decimal(200), promo=Decimal(150), start_on=day("2025-01-01")),
        OptionTerms(price=Decimal(200), promo_months=3, start_on=day("2025-01-01")),
        OptionTerms(price=Decimal(200), promo=Decimal(150), promo_months=3),
    ],
    ids=["no months", "no price", "no start"],
)
def test_without_months_price_or_start_there_is_no_promotion(terms):
    assert charged(terms, "2025-01") == [("regular", "01-31", 200)]


def test_promotional_price_of_nothing_is_one():
    terms = OptionTerms(
        price=Decimal(200), promo=Decimal(0), promo_months=1, start_on=day("2025-01-01")
    )

    assert charged(terms, "2025-01") == [("promo", "01-31", 0)]


@pytest.mark.parametrize(
    ("start", "end", "of", "net"),
    [
        ("2024-02-29", None, "2024-02", "1.00"),
        ("2024-02-01", None, "2024-02", "29.00"),
        ("2025-02-01", "2025-02-14", "2025-02", "14.50"),
        ("2025-03-31", "2025-03-31", "2025-03", "0.94"),
        (None, "2025-03-30", "2025-03", "28.06"),
    ],
)
def test_part_of_a_month_by_day(start, end, of, net):
    terms = OptionTerms(price=Decimal(29), start_on=start and day(start), end_on=end and day(end))

    assert [amount for *_rest, amount in charged(terms, of)] == [Decimal(net)]


def test_quantity_multiplies_the_price_and_not_the_setup_fees():
    terms = OptionTerms(
        price=Decimal("10.50"),
        quantity=3,
        setup_fees=Decimal(50),
        start_on=day("2025-01-01"),
    )

    assert charged(terms, "2025-01") == [
        ("setup", "01-01", 50),
        ("regular", "01-31", Decimal("31.50")),
    ]


def test_setup_fees_are_due_once():
    terms = OptionTerms(price=Decimal(10), setup_fees=Decimal(50), start_on=day("2025-01-31"))

    kinds = [[kind for kind, *_ in charged(terms, of)] for of in ("2024-12", "2025-01", "2025-02")]

    assert kinds == [[], ["setup", "regular"], ["regular"]]


def test_what_is_not_priced_costs_nothing():
    terms = OptionTerms(price=None, setup_fees=Decimal(50), start_on=day("2025-01-01"))

    assert charged(terms, "2025-01") == []


@UNHURRIED
@given(amount=AMOUNTS, of=DATES)
def test_all_days_of_a_month_are_the_month(amount, of):
    whole = months.month_of(of)

    assert option_pricing.part_of_month(amount, whole, pro_rata=ProRata.BY_DAY) == amount


@UNHURRIED
@given(amount=AMOUNTS, of=DATES)
def test_parts_of_a_month_differ_from_it_by_a_cent_at_most(amount, of):
    whole = months.month_of(of)
    parts = [Days(whole.first, of)]
    if of < whole.last:
        parts.append(Days(of + months.A_DAY, whole.last))

    total = sum(
        option_pricing.part_of_month(amount, part, pro_rata=ProRata.BY_DAY) for part in parts
    )

    assert abs(total - amount) <= Decimal("0.01")


@UNHURRIED
@given(start=DATES, length=st.integers(1, 24), of=DATES)
def test_promotion_lasts_its_months_and_no_day_is_charged_twice(start, length, of):
    terms = OptionTerms(price=Decimal(31), promo=Decimal(28), promo_months=length, start_on=start)

    found = option_pricing.charges(terms, months.month_of(of), pro_rata=ProRata.BY_DAY)

    end = months.later(start, months=length)
    charged_days = [charge.days for charge in found]
    assert all(charge.days.last < end for charge in found if charge.kind == ChargeKind.PROMO)
    assert all(charge.days.first >= end for charge in found if charge.kind == ChargeKind.REGULAR)
    covered = months.month_of(of).within(start, None)
    assert sum(days.count for days in charged_days) == (covered.count if covered else 0)
