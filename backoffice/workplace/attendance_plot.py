"""The attendance plot of a location, as plain numbers for a template's SVG.

People seen are columns, forecasts a line in its 80 % band, declared intentions a mark; days without a
value have nothing. Pure: x grows to the right, y downwards, both in the plot's units.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

Scale = Callable[[float], float]

STEP, HEIGHT = 18, 220
LEFT, TOP, BOTTOM = 44, 12, 26
COLUMN = 10
LINES = 4
_NICE = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlottedDay:
    """One day's values; None where there is none. `low` and `high` bound the band."""

    day: dt.date
    seen: int | None = None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    intentions: int = 0
    is_closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A day with its column's left edge, its top and height, and the middle, where its marks stand."""

    day: PlottedDay
    x: float
    middle: float
    y: float
    height: float
    intentions_y: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GridLine:
    """A horizontal line with the number that it stands for."""

    value: int
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendancePlot:
    """What the template draws; `bands` and `lines` are point lists, one for each unbroken run of days."""

    width: float
    height: float
    ground: float
    columns: list[Column]
    bands: list[str]
    lines: list[str]
    grid: list[GridLine]
    weeks: list[Column]
    today_x: float | None


def draw(days: Sequence[PlottedDay], *, today: dt.date) -> AttendancePlot:
    """Lay the days out from left to right; Mondays are named below, today has a line before it."""
    top_value = _ceiling(max((_most(day) for day in days), default=0))
    ground = TOP + HEIGHT

    def y(value: float) -> float:
        return round(ground - HEIGHT * value / top_value, 1)

    columns = [_column(day, place, y=y, ground=ground) for place, day in enumerate(days)]
    runs = list(_runs(columns))
    return AttendancePlot(
        width=LEFT + STEP * len(days) + STEP / 2,
        height=ground + BOTTOM,
        ground=ground,
        columns=columns,
        bands=[_band(run, y) for run in runs],
        lines=[_points((one.middle, y(one.day.expected or 0.0)) for one in run) for run in runs],
        grid=_grid(top_value, y),
        weeks=[column for column in columns if column.day.day.isoweekday() == 1],
        today_x=next((one.middle for one in columns if one.day.day == today), None),
    )


def _column(day: PlottedDay, place: int, *, y: Scale, ground: float) -> Column:
    x = LEFT + STEP * place
    top = y(day.seen or 0)
    return Column(
        day=day,
        x=x + (STEP - COLUMN) / 2,
        middle=x + STEP / 2,
        y=top,
        height=round(ground - top, 1),
        intentions_y=y(day.intentions) if day.intentions else None,
    )


def _most(day: PlottedDay) -> float:
    return max(day.seen or 0, day.expected or 0.0, day.high or 0.0, day.intentions)


def _ceiling(most: float) -> int:
    """Return the least nice number that is not below, a multiple of the number of lines."""
    step = 1.0
    while True:
        for factor in _NICE:
            if step * factor * LINES >= most and (step * factor).is_integer():
                return int(step * factor) * LINES
        step *= 10


def _runs(columns: Sequence[Column]) -> Iterator[list[Column]]:
    """Cut the days into runs that all have a forecast."""
    for has_forecast, run in groupby(columns, key=lambda one: one.day.expected is not None):
        if has_forecast:
            yield list(run)


def _band(run: Sequence[Column], y: Scale) -> str:
    above = [(one.middle, y(one.day.high or 0.0)) for one in run]
    below = [(one.middle, y(one.day.low or 0.0)) for one in reversed(run)]
    return _points(iter([*above, *below]))


def _points(points: Iterator[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _grid(top_value: int, y: Scale) -> list[GridLine]:
    values = [top_value * number // LINES for number in range(LINES + 1)]
    return [GridLine(value=value, y=y(value)) for value in values]
