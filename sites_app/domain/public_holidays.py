"""Public holidays of a country, for sites that close on them. Source: the `holidays` library."""

from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=256)
def dates(*, country: str, year: int) -> frozenset[date]:
    """Return the country's public holidays of one year; none for a country it does not know."""
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def between(*, country: str, first_day: date, last_day: date) -> frozenset[date]:
    """Return the public holidays of every year that the days touch."""
    years = range(first_day.year, last_day.year + 1)
    return frozenset().union(*(dates(country=country, year=year) for year in years))
