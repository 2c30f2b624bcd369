from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from booking.domain import cancellation_fees
from booking.domain.cancellation_fees import DEFAULT_TERMS, CancellationTerms, FeeStep

STARTS_AT = datetime(2026, 6, 18, 12, tzinfo=UTC)


def fee(
    remaining: timedelta, terms: CancellationTerms = DEFAULT_TERMS, price: str = "99.99"
) -> str:
    found = cancellation_fees.fee(
        terms=terms, price=Decimal(price), starts_at=STARTS_AT, now=STARTS_AT - remaining
    )
    return str(found.fee)


@pytest.mark.parametrize(
    ("remaining", "expected"),
    [
        (timedelta(days=3), "0.00"),
        (timedelta(hours=24), "0.00"),
        (timedelta(hours=24) - timedelta(seconds=1), "50.00"),
        (timedelta(hours=2), "50.00"),
        (timedelta(hours=2) - timedelta(seconds=1), "99.99"),
        (timedelta(0), "99.99"),
        (timedelta(hours=-1), "99.99"),
    ],
)
def test_the_default_steps_on_both_sides_of_their_borders(
    remaining: timedelta, expected: str
) -> None:
    assert fee(remaining) == expected


def test_half_a_cent_is_rounded_up() -> None:
    assert fee(timedelta(hours=3), price="0.25") == "0.13"


def test_the_free_window_ends_where_the_first_fee_begins() -> None:
    found = cancellation_fees.fee(
        terms=(FeeStep(72, Decimal(0)), FeeStep(48, Decimal(30))),
        price=Decimal(100),
        starts_at=STARTS_AT,
        now=STARTS_AT - timedelta(hours=60),
    )

    assert found.fee == 0
    assert found.free_until == STARTS_AT - timedelta(hours=48)


def test_terms_without_steps_are_free_until_the_start() -> None:
    found = cancellation_fees.fee(terms=(), price=Decimal(100), starts_at=STARTS_AT, now=STARTS_AT)

    assert (found.fee, found.free_until) == (Decimal(0), STARTS_AT)


@pytest.mark.parametrize(("hours", "percent"), [(-1, "50"), (24, "-1"), (24, "100.01")])
def test_an_impossible_step_is_refused(hours: int, percent: str) -> None:
    with pytest.raises(ValueError, match="0 to 100"):
        FeeStep(hours, Decimal(percent))


def test_stored_terms_read_back_as_the_default() -> None:
    stored = [{"hours": 24, "percent": 50}, {"hours": 2, "percent": 100}]

    assert cancellation_fees.parse_terms(stored) == DEFAULT_TERMS
    assert cancellation_fees.parse_terms([]) == ()
    assert cancellation_fees.parse_terms([{"hours": 1, "percent": 12.5}]) == (
        FeeStep(1, Decimal("12.5")),
    )


@pytest.mark.parametrize(
    "stored",
    [
        None,
        {"hours": 24, "percent": 50},
        ["free"],
        [{"hours": 24}],
        [{"hours": "24", "percent": 50}],
        [{"hours": 24, "percent": True}],
        [{"hours": 24, "percent": 101}],
        [{"hours": 24, "percent": float("nan")}],
        [{"hours": -1, "percent": 50}],
    ],
)
def test_stored_terms_of_another_shape_are_refused(stored: object) -> None:
    with pytest.raises(ValueError, match=r"step|per cent"):
        cancellation_fees.parse_terms(stored)
