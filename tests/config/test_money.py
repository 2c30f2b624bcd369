from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import money


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        ("0.124", "0.12"),
        ("0.125", "0.13"),
        ("0.135", "0.14"),
        ("-0.125", "-0.13"),
        ("2", "2.00"),
        ("461.53846", "461.54"),
    ],
)
def test_quantize_cents_rounds_halves_away_from_zero(amount: str, cents: str) -> None:
    assert str(money.quantize_cents(Decimal(amount))) == cents


@pytest.mark.parametrize(
    ("amount", "text"),
    [("100.00", "100"), ("37.50", "37.5"), ("0.00", "0"), ("-0.00", "0"), ("-1", "-1")],
)
def test_json_number_has_no_needless_decimals(amount: str, text: str) -> None:
    assert repr(money.json_number(Decimal(amount))) == text


def test_json_number_of_nothing_is_nothing() -> None:
    assert money.json_number(None) is None


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_json_number_refuses_what_json_cannot_say(amount: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        money.json_number(Decimal(amount))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1500€", "1500"),
        ("1 500,50 €", "1500.50"),
        ("1\u202f500,50\u00a0€", "1500.50"),
        ("€1,500.50", "1500.50"),
        ("1.500,50", "1500.50"),
        ("1500.5", "1500.5"),
        ("1500,5", "1500.5"),
        ("1'500.50 CHF", "1500.50"),
        ("EUR 1500", "1500"),
        ("1500 euros", "1500"),
        ("1.500", "1500"),
        ("1,500", "1500"),
        ("12.345.678,90", "12345678.90"),
        ("99999999", "99999999"),
        ("0", "0"),
        ("0,50", "0.5"),
        ("  42  ", "42"),
    ],
)
def test_parse_amount_reads_what_people_write(text: str, amount: str) -> None:
    assert money.parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "€",
        "abc",
        "-5",
        "1e5",
        "NaN",
        "1.500.50",
        "1,500,5",
        "1 50",
        "1.2345",
        "1500.505",
        "0.500",
        "1500 / 1600",
        "100000000",
        "100.000.000",
        "١٢٣",
        "1..5",
        "12,",
        ",5",
    ],
)
def test_parse_amount_refuses_what_is_not_one_clear_amount(text: str) -> None:
    with pytest.raises(ValueError, match="mount"):
        money.parse_amount(text)


@given(st.decimals(min_value=0, max_value=99_999_999, places=2))
def test_parse_amount_reads_english_and_french_spellings_alike(amount: Decimal) -> None:
    english = f"€{amount:,.2f}"
    french = f"{amount:,.2f} €".replace(",", "\u202f").replace(".", ",")

    assert money.parse_amount(english) == money.parse_amount(french) == amount


@given(st.text(max_size=20))
def test_parse_amount_gives_an_amount_or_a_value_error(text: str) -> None:
    try:
        amount = money.parse_amount(text)
    except ValueError:
        return
    assert 0 <= amount < 100_000_000
