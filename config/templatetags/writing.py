"""Days and amounts as plain text, in the reader's language."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency, format_decimal
from django import template
from django.template import defaultfilters
from django.utils.formats import date_format
from django.utils.translation import get_language

register = template.Library()


_DAY_OF_MONTH = re.compile(r"j(?= [FbMN])")


def day_written(day: dt.date, form: str) -> str:
    """Write a day or moment in a format of Django's; French numbers the first of a month: "1er mai"."""
    return date_format(day, _numbered(day, form))


@register.filter("date", expects_localtime=True, is_safe=False)
def date(value: Any, form: str | None = None) -> str:
    """Write a date as Django's own filter does, and the first of a month as the reader's language does."""
    return str(defaultfilters.date(value, _numbered(value, form) if form else form))


def _numbered(day: Any, form: str) -> str:
    if get_language() != "fr" or getattr(day, "day", None) != 1:
        return form
    return _DAY_OF_MONTH.sub(r"j\\e\\r", form)


@register.filter
def short_day(day: dt.date) -> str:
    """Write a day in little room: "Mon 23 Nov", "lun 23 nov": French months have no capital."""
    return day_written(day, "D j b" if get_language() == "fr" else "D j M")


@register.filter
def short_date(day: dt.date) -> str:
    """Write a day without its weekday: "23 Nov", "23 nov"."""
    return day_written(day, "j b" if get_language() == "fr" else "j M")


@register.simple_tag
def money(amount: Decimal | int | float, *, currency: str = "EUR") -> str:
    """Write an amount as plain text in the reader's language, without cents when whole."""
    exact, locale = Decimal(str(amount)), _locale()
    if exact != exact.to_integral_value():
        return billed(exact, currency=currency)
    pattern = "#,##0\N{NO-BREAK SPACE}¤" if locale == "fr_FR" else "¤#,##0"
    return str(
        format_currency(exact, currency, format=pattern, locale=locale, currency_digits=False)
    )


@register.simple_tag
def billed(amount: Decimal, *, currency: str = "EUR") -> str:
    """Write an amount of a bill: always with cents, so that columns line up."""
    return str(format_currency(amount, currency, locale=_locale()))


@register.filter
def per_cent(rate: Decimal) -> str:
    """Write a rate such as that of a VAT, given in hundredths: "20%", "5.5%", "5,5 %"."""
    sign = "\N{NO-BREAK SPACE}%" if get_language() == "fr" else "%"
    return f"{format_decimal(rate, format='0.##', locale=_locale())}{sign}"


def _locale() -> str:
    return "fr_FR" if get_language() == "fr" else "en_IE"
