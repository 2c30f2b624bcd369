from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import intervals
from config.intervals import Interval

SPAN = st.tuples(st.integers(0, 30), st.integers(1, 8)).map(lambda p: Interval(p[0], p[0] + p[1]))
SPANS = st.lists(SPAN, max_size=8)
DISJOINT = SPANS.map(intervals.merge)


def points(spans: list[Interval[int]]) -> set[int]:
    return {point for span in spans for point in range(span.start, span.end)}


@pytest.mark.parametrize(("start", "end"), [(5, 5), (6, 5)])
def test_an_empty_or_reversed_interval_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="must start before it ends"):
        Interval(start, end)


@pytest.mark.parametrize(
    ("other", "overlaps", "contains"),
    [
        (Interval(0, 5), False, False),  # before
        (Interval(0, 10), False, False),  # meets
        (Interval(5, 15), True, False),  # overlaps the start
        (Interval(10, 15), True, True),  # starts
        (Interval(12, 15), True, True),  # during
        (Interval(15, 20), True, True),  # finishes
        (Interval(10, 20), True, True),  # equals
        (Interval(5, 25), True, False),  # covers
        (Interval(15, 25), True, False),  # overlaps the end
        (Interval(20, 25), False, False),  # met by
        (Interval(25, 30), False, False),  # after
    ],
)
def test_every_relation_of_two_intervals(
    other: Interval[int], overlaps: bool, contains: bool
) -> None:
    one = Interval(10, 20)

    assert intervals.overlaps(one, other) is intervals.overlaps(other, one) is overlaps
    assert intervals.contains(one, other) is contains


def test_merge_glues_touching_and_keeps_gaps() -> None:
    assert intervals.merge([Interval(5, 7), Interval(1, 3), Interval(3, 4)]) == [
        Interval(1, 4),
        Interval(5, 7),
    ]


def test_subtract_keeps_touching_base_intervals_apart() -> None:
    base = [Interval(0, 10), Interval(10, 20)]

    assert intervals.subtract(base, []) == base
    assert intervals.subtract(base, [Interval(8, 12)]) == [Interval(0, 8), Interval(12, 20)]


def test_intersect_keeps_touching_base_intervals_apart() -> None:
    base = [Interval(0, 10), Interval(10, 20)]

    assert intervals.intersect(base, [Interval(5, 15)]) == [Interval(5, 10), Interval(10, 15)]


@given(SPANS)
def test_merge_covers_the_same_in_the_fewest_pieces(spans: list[Interval[int]]) -> None:
    merged = intervals.merge(spans)

    assert points(merged) == points(spans)
    assert all(one.end < two.start for one, two in pairwise(merged))
    assert intervals.merge(merged) == merged


@given(SPANS, SPANS)
def test_subtract_leaves_what_only_the_base_covers(
    base: list[Interval[int]], holes: list[Interval[int]]
) -> None:
    assert points(intervals.subtract(base, holes)) == points(base) - points(holes)


@given(SPANS, SPANS)
def test_intersect_gives_what_both_cover(
    base: list[Interval[int]], others: list[Interval[int]]
) -> None:
    assert points(intervals.intersect(base, others)) == points(base) & points(others)


@given(DISJOINT, SPANS)
def test_subtract_and_intersect_share_the_base_out(
    base: list[Interval[int]], others: list[Interval[int]]
) -> None:
    outside, inside = intervals.subtract(base, others), intervals.intersect(base, others)

    assert intervals.merge([*outside, *inside]) == intervals.merge(base)
    assert intervals.intersect(outside, inside) == []


@given(DISJOINT, DISJOINT)
def test_intersect_covers_the_same_either_way(
    one: list[Interval[int]], other: list[Interval[int]]
) -> None:
    assert points(intervals.intersect(one, other)) == points(intervals.intersect(other, one))
