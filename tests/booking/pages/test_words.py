"""The website's words for what the engines name by code."""

from decimal import Decimal

import pytest
from django.utils import translation

from booking.domain.pricing import Label, PriceLine, Unit
from booking.pages import words


@pytest.mark.parametrize(
    ("language", "quantity", "text"),
    [
        ("en", "1", "1 hour"),
        ("en", "1.5", "1.5 hours"),
        ("en", "2", "2 hours"),
        ("fr", "1", "1 heure"),
        ("fr", "1.5", "1,5 heure"),
        ("fr", "2", "2 heures"),
    ],
)
def test_price_line_counts_as_the_reader_does(language: str, quantity: str, text: str) -> None:
    line = PriceLine(
        label_code=Label.HOUR,
        quantity=Decimal(quantity),
        unit=Unit.HOUR,
        unit_price=Decimal(22),
        net=Decimal(22) * Decimal(quantity),
        vat_rate=Decimal(20),
    )

    with translation.override(language):
        assert words.price_line(line) == text
