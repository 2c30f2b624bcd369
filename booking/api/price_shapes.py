"""Quotes as the API writes them. Source: public-api, section 5, "room-price additions"."""

from typing import Any

from booking.domain.pricing import Label, PriceLine, Quote
from config.money import json_number

LABELS = {
    Label.HOUR: "Hours",
    Label.HALF_DAY: "Half days",
    Label.DAY: "Days",
    Label.WEEK: "Week",
    Label.MONTH: "Month",
    Label.SUPPLEMENT: "Supplement per person",
    Label.MEMBER_DISCOUNT: "Member discount",
}


def quote(found: Quote) -> dict[str, Any]:
    """Write what stands beside a net price: currency, VAT and lines, rates in per cent."""
    return {
        "currency": found.currency,
        "vatRate": json_number(found.vat_rate),
        "priceGross": json_number(found.gross),
        "lines": [_line(line) for line in found.lines],
    }


def _line(line: PriceLine) -> dict[str, Any]:
    return {
        "label": LABELS[line.label_code],
        "quantity": json_number(line.quantity),
        "unit": str(line.unit),
        "net": json_number(line.net),
        "vatRate": json_number(line.vat_rate),
    }
