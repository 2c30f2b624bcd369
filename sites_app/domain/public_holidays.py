"""Public holidays of a country, for sites that close on them. Source: the `holidays` library."""

from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=256)
def dates(*, country: str, year: int, subdivision: str = "") -> frozenset[date]:
    """Return the public holidays of one year: none for an unknown country, its own for an unknown region."""
    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))
    except NotImplementedError:
        return dates(country=country, year=year) if subdivision else frozenset()


def between(
    *, country: str, first_day: date, last_day: date, subdivision: str = ""
) -> frozenset[date]:
    """Return the public holidays of every year that the days touch."""
    years = range(first_day.year, last_day.year + 1)
    each = (dates(country=country, year=year, subdivision=subdivision) for year in years)
    return frozenset().union(*each)
