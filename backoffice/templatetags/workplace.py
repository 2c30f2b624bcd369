"""Numbers and days of the workplace in staff's language."""

import datetime as dt
from collections.abc import Sequence

from babel.numbers import format_percent
from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language

from config import moments
from sites_app.models import Site

register = template.Library()

_MONDAY = dt.date(2024, 1, 1)


@register.filter
def percent(share: float) -> str:
    """Write a share such as 0.124 as "12.4 %" in the reader's way, without needless zeros."""
    language = "fr" if get_language() == "fr" else "en"
    return str(format_percent(share, format="#,##0.#\N{NO-BREAK SPACE}%", locale=language))


@register.filter
def on_clock_of(moment: dt.datetime, site: Site) -> str:
    """Write a moment as it stood on the wall of a site."""
    return moments.shown(moment, zone=site.time_zone)


@register.filter
def share_below(share: float) -> str:
    """Write how far below zero a share is, without its sign."""
    return percent(-share)


@register.filter
def weekdays(numbers: Sequence[int]) -> str:
    """Write ISO weekdays by their short names."""
    return ", ".join(
        date_format(_MONDAY + dt.timedelta(days=number - 1), "D") for number in sorted(numbers)
    )
