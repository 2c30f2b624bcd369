"""Standard VAT rates by country and date.

Source: European Commission, Taxes in Europe Database (VAT rates of the Member States); national
tax authorities for the countries outside the Union. Renting out rooms with services is taxed at
the standard rate.
"""

from datetime import date
from decimal import Decimal

# What a rate was before the first change listed for it does not matter: nothing was sold then.
_ALWAYS = date.min

# Per cent, each from the date beside it until the next one.
_STANDARD_RATES: dict[str, tuple[tuple[date, str], ...]] = {
    "AT": ((_ALWAYS, "20"),),
    "BE": ((_ALWAYS, "21"),),
    "BG": ((_ALWAYS, "20"),),
    "CY": ((_ALWAYS, "19"),),
    "CZ": ((_ALWAYS, "21"),),
    "DE": ((_ALWAYS, "19"), (date(2020, 7, 1), "16"), (date(2021, 1, 1), "19")),
    "DK": ((_ALWAYS, "25"),),
    "EE": ((_ALWAYS, "20"), (date(2024, 1, 1), "22"), (date(2025, 7, 1), "24")),
    "ES": ((_ALWAYS, "21"),),
    "FI": ((_ALWAYS, "24"), (date(2024, 9, 1), "25.5")),
    "FR": ((_ALWAYS, "20"),),
    "GR": ((_ALWAYS, "23"), (date(2016, 6, 1), "24")),
    "HR": ((_ALWAYS, "25"),),
    "HU": ((_ALWAYS, "27"),),
    "IE": ((_ALWAYS, "23"), (date(2020, 9, 1), "21"), (date(2021, 3, 1), "23")),
    "IT": ((_ALWAYS, "22"),),
    "LT": ((_ALWAYS, "21"),),
    "LU": ((_ALWAYS, "17"), (date(2023, 1, 1), "16"), (date(2024, 1, 1), "17")),
    "LV": ((_ALWAYS, "21"),),
    "MT": ((_ALWAYS, "18"),),
    "NL": ((_ALWAYS, "21"),),
    "PL": ((_ALWAYS, "23"),),
    "PT": ((_ALWAYS, "23"),),
    "RO": (
        (_ALWAYS, "24"),
        (date(2016, 1, 1), "20"),
        (date(2017, 1, 1), "19"),
        (date(2025, 8, 1), "21"),
    ),
    "SE": ((_ALWAYS, "25"),),
    "SI": ((_ALWAYS, "22"),),
    "SK": ((_ALWAYS, "20"), (date(2025, 1, 1), "23")),
    # Outside the Union.
    "CH": ((_ALWAYS, "8.0"), (date(2018, 1, 1), "7.7"), (date(2024, 1, 1), "8.1")),
    "GB": ((_ALWAYS, "20"),),
    "MC": ((_ALWAYS, "20"),),
    "NO": ((_ALWAYS, "25"),),
}


def standard_rate(*, country: str, on: date) -> Decimal:
    """Give the per cent in force on the local date; 0 for a country not in the table.

    The table holds each rate since 2015; an earlier date gets the rate of that year.
    """
    changes = _STANDARD_RATES.get(country.upper(), ())
    in_force = [rate for since, rate in changes if since <= on]
    return Decimal(in_force[-1]) if in_force else Decimal(0)
