"""A plot of calls per day, as plain numbers for a template's SVG."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

DAYS = 30
BAR_WIDTH, GAP, HEIGHT = 16, 4, 96
_LEAST_HEIGHT = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One day's calls; `x`, `y` and `height` in the plot's units."""

    day: dt.date
    calls: int
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Plot:
    """The bars, oldest first, and what a reader needs beside them."""

    bars: list[Bar]
    width: int
    height: int
    bar_width: int
    most: int
    total: int


def per_day(calls: Mapping[dt.date, int], *, today: dt.date) -> Plot:
    """Draw the last 30 days; a day without calls has no bar, one with few a bar that can be seen."""
    days = [today - dt.timedelta(days=age) for age in reversed(range(DAYS))]
    most = max((calls.get(day, 0) for day in days), default=0)
    bars = [_bar(day, calls.get(day, 0), most=most, place=place) for place, day in enumerate(days)]
    return Plot(
        bars=bars,
        width=DAYS * (BAR_WIDTH + GAP) - GAP,
        height=HEIGHT,
        bar_width=BAR_WIDTH,
        most=most,
        total=sum(bar.calls for bar in bars),
    )


def _bar(day: dt.date, calls: int, *, most: int, place: int) -> Bar:
    height = max(_LEAST_HEIGHT, round(HEIGHT * calls / most)) if calls else 0
    return Bar(day, calls, place * (BAR_WIDTH + GAP), HEIGHT - height, height)
