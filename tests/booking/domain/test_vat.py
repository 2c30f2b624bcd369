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


MEMBER_STATES = """
    AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK
"""


def test_the_table_holds_the_27_member_states() -> None:
    day = date(2026, 6, 15)
    rates = [vat.standard_rate(country=state, on=day) for state in MEMBER_STATES.split()]

    assert (len(rates), min(rates) > 0) == (27, True)
