from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from booking.domain import pricing
from booking.domain.pricing import Customer, Label, PriceLine, RoomPrices, Sale, Unit
from config.money import quantize_cents

SALE = Sale(country="FR", on=date(2026, 6, 15))
PRICES = RoomPrices(hour=Decimal(50), half_day=Decimal(150), day=Decimal(240))

MONEY = st.decimals(min_value=0, max_value=300, places=2)
ROOM_PRICES = st.builds(RoomPrices, hour=MONEY, half_day=MONEY, day=MONEY)
MINUTES = st.integers(1, 3 * 24 * 60)
PERCENTS = st.decimals(min_value=0, max_value=100, places=1)


def net(minutes: int, prices: RoomPrices = PRICES, **options: object) -> Decimal | None:
    quote = pricing.quote_meeting(
        prices=prices,
        duration_minutes=minutes,
        sale=SALE,
        **options,  # type: ignore[arg-type]  # any mixture of options
    )
    return quote.net if quote else None


def cheapest_by_trying_everything(minutes: int, prices: RoomPrices) -> Decimal | None:
    """Every number of days and half days up to one too many, the rest by the hour."""
    costs: list[Fraction] = []
    for days in range(minutes // 480 + 2 if prices.day else 1):
        for half_days in range(minutes // 240 + 2 if prices.half_day else 1):
            rest = max(0, minutes - 480 * days - 240 * half_days)
            if rest == 0 or prices.hour:
                costs.append(
                    days * Fraction(prices.day)
                    + half_days * Fraction(prices.half_day)
                    + Fraction(rest, 60) * Fraction(prices.hour)
                )
    if not costs:
        return None
    cost = min(costs)
    return quantize_cents(Decimal(cost.numerator) / Decimal(cost.denominator))


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (1, "25"),
        (30, "25"),
        (31, "50"),
        (60, "50"),
        (90, "75"),
        (120, "100"),
        (180, "150"),
        (181, "150"),
        (240, "150"),
        (270, "175"),
        (330, "225"),
        (360, "240"),
        (480, "240"),
        (510, "265"),
        (960, "480"),
    ],
)
def test_the_cheapest_cover_of_a_duration(minutes: int, expected: str) -> None:
    assert net(minutes) == Decimal(expected)


def test_the_documented_example_costs_100() -> None:
    assert net(120, RoomPrices(hour=Decimal(50))) == 100


def test_the_step_of_the_room_rounds_the_duration_up() -> None:
    assert net(61, step_minutes=60) == 100
    assert net(61, step_minutes=15) == Decimal("62.5")


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        (RoomPrices(hour=Decimal(10)), "20"),
        (RoomPrices(half_day=Decimal(35)), "35"),
        (RoomPrices(day=Decimal(60)), "60"),
        (RoomPrices(hour=Decimal(40), day=Decimal(60)), "60"),
    ],
)
def test_a_room_sold_by_some_units_only(prices: RoomPrices, expected: str) -> None:
    assert net(120, prices) == Decimal(expected)


def test_a_room_without_any_price_has_no_quote() -> None:
    assert net(60, RoomPrices(week=Decimal(100), month=Decimal(400))) is None


@pytest.mark.parametrize("minutes", [0, -30])
def test_no_duration_is_an_error(minutes: int) -> None:
    with pytest.raises(ValueError, match="at least a minute"):
        net(minutes)


def test_an_endless_duration_is_priced_at_once() -> None:
    # 4,473,924 days and 128 minutes, charged as two and a half hours.
    assert net(2**31) == 4_473_924 * 240 + 125


def test_the_lines_of_a_quote_with_everything() -> None:
    customer = Customer(
        persons=6,
        included_persons=4,
        supplement_per_person=Decimal("7.50"),
        discount_percent=Decimal(10),
    )

    quote = pricing.quote_meeting(prices=PRICES, duration_minutes=270, sale=SALE, customer=customer)

    assert quote is not None
    rate = Decimal(20)
    assert quote.lines == (
        PriceLine(
            label_code=Label.HALF_DAY,
            quantity=Decimal(1),
            unit=Unit.HALF_DAY,
            unit_price=Decimal(150),
            net=Decimal("150.00"),
            vat_rate=rate,
        ),
        PriceLine(
            label_code=Label.HOUR,
            quantity=Decimal("0.5"),
            unit=Unit.HOUR,
            unit_price=Decimal(50),
            net=Decimal("25.00"),
            vat_rate=rate,
        ),
        PriceLine(
            label_code=Label.SUPPLEMENT,
            quantity=Decimal(2),
            unit=Unit.PERSON,
            unit_price=Decimal("7.50"),
            net=Decimal("15.00"),
            vat_rate=rate,
        ),
        PriceLine(
            label_code=Label.MEMBER_DISCOUNT,
            quantity=Decimal(10),
            unit=Unit.PERCENT,
            unit_price=Decimal("-1.75"),
            net=Decimal("-17.50"),
            vat_rate=rate,
        ),
    )
    assert (quote.net, quote.vat_rate, quote.gross) == (Decimal("172.50"), rate, Decimal("207.00"))
    assert quote.currency == "EUR"


@pytest.mark.parametrize(("persons", "expected"), [(3, "50"), (4, "50"), (5, "60")])
def test_the_supplement_begins_above_the_persons_included(persons: int, expected: str) -> None:
    customer = Customer(persons=persons, included_persons=4, supplement_per_person=Decimal(10))

    assert net(60, customer=customer) == Decimal(expected)


@pytest.mark.parametrize("percent", ["-0.1", "100.1"])
def test_an_impossible_discount_is_refused(percent: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        Customer(discount_percent=Decimal(percent))


def test_vat_is_rounded_half_up_line_by_line() -> None:
    # At 20 % 0.18 gives 0.036 and 0.13 gives 0.026: 0.04 + 0.03; their sum would give 0.06.
    prices = RoomPrices(hour=Decimal("0.13"), half_day=Decimal("0.18"))

    quote = pricing.quote_meeting(prices=prices, duration_minutes=300, sale=SALE)

    assert quote is not None
    assert (quote.net, quote.gross) == (Decimal("0.31"), Decimal("0.38"))


def test_vat_follows_the_country_and_the_date() -> None:
    in_cut = Sale(country="IE", on=date(2020, 9, 1), currency="GBP")

    quote = pricing.quote_meeting(prices=PRICES, duration_minutes=60, sale=in_cut)

    assert quote is not None
    assert (quote.vat_rate, quote.gross, quote.currency) == (21, Decimal("60.50"), "GBP")


@pytest.mark.parametrize(
    ("prices", "month", "week"),
    [
        (RoomPrices(month=Decimal(2000)), "2000", "461.54"),
        (RoomPrices(month=Decimal(2000), week=Decimal(600)), "2000", "600"),
        (RoomPrices(week=Decimal(600)), None, "600"),
        (RoomPrices(hour=Decimal(10)), None, None),
    ],
)
def test_offices_by_month_and_week(prices: RoomPrices, month: str | None, week: str | None) -> None:
    by_month = pricing.quote_office(prices=prices, period="month", sale=SALE)
    by_week = pricing.quote_office(prices=prices, period="week", sale=SALE)

    assert (by_month.net if by_month else None) == (Decimal(month) if month else None)
    assert (by_week.net if by_week else None) == (Decimal(week) if week else None)


@settings(deadline=None)
@given(ROOM_PRICES, MINUTES)
@example(RoomPrices(half_day=Decimal(3), day=Decimal(5)), 500)
@example(RoomPrices(hour=Decimal(1), half_day=Decimal(5), day=Decimal(7)), 470)
def test_the_price_is_that_of_the_best_cover_there_is(prices: RoomPrices, minutes: int) -> None:
    rounded = -(-minutes // 30) * 30

    assert net(minutes, prices) == cheapest_by_trying_everything(rounded, prices)


@settings(deadline=None)
@given(
    prices=ROOM_PRICES,
    minutes=MINUTES,
    more=st.integers(1, 600),
    step=st.sampled_from([0, 1, 7, 20, 30, 60]),
    percent=PERCENTS,
)
def test_a_longer_meeting_never_costs_less(
    prices: RoomPrices, minutes: int, more: int, step: int, percent: Decimal
) -> None:
    customer = Customer(discount_percent=percent)

    shorter = net(minutes, prices, step_minutes=step, customer=customer)
    longer = net(minutes + more, prices, step_minutes=step, customer=customer)

    assert (shorter is None) == (longer is None)
    assert shorter is None or longer is None or 0 <= shorter <= longer


@settings(deadline=None)
@given(ROOM_PRICES, MINUTES, PERCENTS)
def test_a_quote_adds_up(prices: RoomPrices, minutes: int, percent: Decimal) -> None:
    quote = pricing.quote_meeting(
        prices=prices,
        duration_minutes=minutes,
        sale=SALE,
        customer=Customer(discount_percent=percent),
    )

    if quote is not None:
        assert quote.net == sum(line.net for line in quote.lines)
        assert quote.gross == quote.net + sum(line.vat for line in quote.lines)
