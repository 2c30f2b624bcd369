from datetime import date
from decimal import Decimal

import pytest

from booking.domain import vat


@pytest.mark.parametrize(
    ("country", "on", "rate"),
    [
        ("FR", date(2026, 6, 15), "20"),
        ("BE", date(2026, 6, 15), "21"),
        ("ie", date(2026, 6, 15), "23"),
        ("IE", date(2020, 8, 31), "23"),
        ("IE", date(2020, 9, 1), "21"),
        ("IE", date(2021, 2, 28), "21"),
        ("IE", date(2021, 3, 1), "23"),
        ("EE", date(2025, 6, 30), "22"),
        ("EE", date(2025, 7, 1), "24"),
        ("FI", date(2026, 1, 1), "25.5"),
        ("US", date(2026, 1, 1), "0"),
    ],
)
def test_the_rate_in_force_on_both_sides_of_a_change(country: str, on: date, rate: str) -> None:
    assert vat.standard_rate(country=country, on=on) == Decimal(rate)


def test_countries_without_a_rate_are_told_apart_from_zero() -> None:
    assert (vat.is_known("fr"), vat.is_known("US")) == (True, False)


MEMBER_STATES = """
    AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK
"""


def test_the_table_holds_the_27_member_states() -> None:
    known = [country for country in MEMBER_STATES.split() if vat.is_known(country)]

    assert len(known) == 27
