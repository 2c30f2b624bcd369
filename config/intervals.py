"""Half-open intervals `[start, end)` over anything ordered: instants, dates, minutes of a day.

The first list given to `subtract` and `intersect` keeps its own borders: two of its intervals
that merely touch stay two. That is how opening hours of two days in a row stay apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar


class Ordered(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


T = TypeVar("T", bound=Ordered)


@dataclass(frozen=True, slots=True)
class Interval(Generic[T]):
    """A stretch that holds its start and not its end; it is never empty.

    :raises ValueError: when it does not start before its end.
    """

    start: T
    end: T

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise ValueError("An interval must start before it ends")


def overlaps(one: Interval[T], other: Interval[T]) -> bool:
    """Say whether both share a moment; back to back is no overlap."""
    return one.start < other.end and other.start < one.end


def contains(outer: Interval[T], inner: Interval[T]) -> bool:
    """Say whether `inner` lies wholly in `outer`; shared borders are inside."""
    return not inner.start < outer.start and not outer.end < inner.end


def merge(intervals: Iterable[Interval[T]]) -> list[Interval[T]]:
    """Glue overlapping and touching intervals: the fewest that cover the same, sorted."""
    merged: list[Interval[T]] = []
    for interval in _sorted(intervals):
        if merged and not merged[-1].end < interval.start:
            interval = Interval(merged[-1].start, max(merged.pop().end, interval.end))
        merged.append(interval)
    return merged


def subtract(base: Iterable[Interval[T]], holes: Iterable[Interval[T]]) -> list[Interval[T]]:
    """Cut the holes out of each base interval and give what is left, sorted by start."""
    cuts = merge(holes)
    if not cuts:
        return _sorted(base)
    first = 0
    rest: list[Interval[T]] = []
    for interval in _sorted(base):
        first = _skip_before(cuts, first, interval.start)
        rest.extend(_pieces_outside(interval, cuts, first))
    return rest


def intersect(base: Iterable[Interval[T]], others: Iterable[Interval[T]]) -> list[Interval[T]]:
    """Give the parts of each base interval that the others cover, sorted by start."""
    covers = merge(others)
    first = 0
    shared: list[Interval[T]] = []
    for interval in _sorted(base):
        first = _skip_before(covers, first, interval.start)
        shared.extend(_pieces_inside(interval, covers, first))
    return shared


def _sorted(intervals: Iterable[Interval[T]]) -> list[Interval[T]]:
    return sorted(intervals, key=attrgetter("start"))


def _skip_before(intervals: list[Interval[T]], index: int, start: T) -> int:
    """Move the index past the intervals that end at or before `start`."""
    while index < len(intervals) and not start < intervals[index].end:
        index += 1
    return index


def _pieces_outside(
    interval: Interval[T], cuts: list[Interval[T]], index: int
) -> list[Interval[T]]:
    pieces: list[Interval[T]] = []
    start = interval.start
    while index < len(cuts) and cuts[index].start < interval.end:
        if start < cuts[index].start:
            pieces.append(Interval(start, cuts[index].start))
        start = cuts[index].end
        index += 1
    if start < interval.end:
        pieces.append(Interval(start, interval.end))
    return pieces


def _pieces_inside(
    interval: Interval[T], covers: list[Interval[T]], index: int
) -> list[Interval[T]]:
    pieces: list[Interval[T]] = []
    while index < len(covers) and covers[index].start < interval.end:
        start = max(interval.start, covers[index].start)
        pieces.append(Interval(start, min(interval.end, covers[index].end)))
        index += 1
    return pieces
