"""The series and people on which forecasts are measured; a file that is not in the directory is left out."""

import csv
import datetime as dt
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workplace.forecasting import special_days
from workplace.forecasting.attendance import UNKNOWN, Attendance, Declared
from workplace.forecasting.special_days import Region, SpecialDays

Counts = NDArray[np.float64]

PEOPLE = "simulated_hybrid_persons_2024_2025.csv.gz"
INTENTIONS = "simulated_hybrid_intentions_2024_2025.csv.gz"
STREETS = "melbourne_pedestrian_hourly_2015_2016.csv.gz"
DOORS = "calit2_building_door_counts_2005_halfhour.csv"
FRANCE = Region(country="FR")
VICTORIA = Region(country="AU", subdivision="VIC")
CALIFORNIA = Region(country="US", subdivision="CA")
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What came each day (days,) and each hour (days, 24) of one place."""

    name: str
    counts: Counts
    hourly: Counts | None
    days: SpecialDays
    origins: tuple[int, ...]
    horizon: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """People of an office; `business_days` are indices of calendar days, on the others it is closed."""

    seen: NDArray[np.int8]
    teams: NDArray[np.int64]
    days: SpecialDays
    business_days: NDArray[np.int64]
    declared: Declared | None

    def until(self, day: int, *, declared: Declared) -> Attendance:
        """Give what was known before a calendar day."""
        return Attendance(
            seen=self.seen[:, :day], teams=self.teams, days=self.days, declared=declared
        )


def series(directory: Path) -> Iterator[Series]:
    """Read every series of the directory."""
    if (directory / STREETS).exists():
        yield from _streets(directory / STREETS)
    if (directory / DOORS).exists():
        yield _doors(directory / DOORS)
    if (directory / PEOPLE).exists():
        yield _office_counts(office(directory))


def office(directory: Path) -> Office:
    """Read the simulated people and what they told."""
    header, *rows = _rows(directory / PEOPLE)
    dates = [dt.date.fromisoformat(text) for text in header[3:]]
    number = (dates[-1] - dates[0]).days + 1
    business = np.array([(day - dates[0]).days for day in dates])
    seen = np.full((len(rows), number), UNKNOWN, dtype=np.int8)
    seen[:, business] = np.array([[int(value) for value in row[3:]] for row in rows])
    closed = {dates[0] + offset * _DAY for offset in range(number)} - set(dates)
    return Office(
        seen=seen,
        teams=np.array([int(row[1]) for row in rows]),
        days=special_days.mark(first_day=dates[0], days=number, region=FRANCE, closed=closed),
        business_days=business,
        declared=_declared(directory / INTENTIONS, business),
    )


def _declared(path: Path, business: NDArray[np.int64]) -> Declared | None:
    """Read the plans; each is known from the fifth business day before on."""
    if not path.exists():
        return None
    plans = np.array([[int(value) for value in row[1:]] for row in _rows(path)[1:]])
    people, days = np.nonzero(plans)
    known_from = np.array([business[max(day - 5, 0)] - 1 for day in range(len(business))])
    return Declared(
        people=people,
        days=business[days],
        known_from=known_from[days],
        plans=(plans[people, days] > 0).astype(np.int8),
    )


def _streets(path: Path) -> Iterator[Series]:
    """Read hourly counts of streets; a day that lacks more than one hour is unknown."""
    by_name: dict[str, dict[dt.date, dict[int, float]]] = {}
    for name, day, hour, value in _rows(path)[1:]:
        days = by_name.setdefault(name, {})
        days.setdefault(dt.date.fromisoformat(day), {})[int(hour)] = float(value)
    for name, found in by_name.items():
        yield _series(name, found, VICTORIA, fewest_hours=23)


def _doors(path: Path) -> Series:
    """Read who went in through the main door of a building."""
    found: dict[dt.date, dict[int, float]] = {}
    for text, _out, came in _rows(path)[1:]:
        moment = dt.datetime.fromisoformat(text)
        hours = found.setdefault(moment.date(), {})
        hours[moment.hour] = hours.get(moment.hour, 0.0) + float(came or 0)
    return _series("CalIt2 building", found, CALIFORNIA, fewest_hours=23)


def _series(
    name: str, found: dict[dt.date, dict[int, float]], region: Region, *, fewest_hours: int
) -> Series:
    first = min(found)
    number = (max(found) - first).days + 1
    hourly = np.full((number, 24), np.nan)
    for day, hours in found.items():
        if len(hours) >= fewest_hours:
            hourly[(day - first).days] = [hours.get(hour, 0.0) for hour in range(24)]
    return Series(
        name=name,
        counts=hourly.sum(axis=1),
        hourly=hourly,
        days=special_days.mark(first_day=first, days=number, region=region),
        **_plan(number),
    )


def _plan(number: int) -> dict[str, object]:
    """Say from where to forecast: 14 origins a fortnight apart, of a short series 4 a week apart."""
    is_short = number < 200
    horizon, rounds, apart = (14, 4, 7) if is_short else (28, 14, 14)
    origins = tuple(number - horizon - apart * back for back in range(rounds - 1, -1, -1))
    return {"origins": origins, "horizon": horizon}


def _office_counts(found: Office) -> Series:
    counts = (found.seen == 1).sum(axis=0).astype(float)
    counts[found.days.is_closed] = np.nan
    return Series(
        name="simulated office", counts=counts, hourly=None, days=found.days, **_plan(len(counts))
    )


def _rows(path: Path) -> list[list[str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", newline="") as lines:
        return list(csv.reader(lines))
