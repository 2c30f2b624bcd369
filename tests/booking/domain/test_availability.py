from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.domain import availability
from booking.domain.availability import Busy, BusyKind, MeetingShape, SlotState
from config import intervals
from config.intervals import Interval
from sites_app.domain import opening_hours

Span = Interval[datetime]
HOUR = MeetingShape(duration_minutes=60)
MIDNIGHT = datetime(2026, 6, 15, tzinfo=UTC)
ALL_HOURS = opening_hours.parse_week(
    week="00:00-24:00", saturday="00:00-24:00", sunday="00:00-24:00"
)


def at(clock: str) -> datetime:
    hours, minutes = clock.split(":")
    return MIDNIGHT + timedelta(hours=int(hours), minutes=int(minutes))


def span(text: str) -> Span:
    start, end = text.split("-")
    return Interval(at(start), at(end))


def starts(open_spans: list[str], blocked: list[str], **options: object) -> list[str]:
    shape = options.pop("shape", HOUR)
    found = availability.bookable_starts(
        open_spans=[span(text) for text in open_spans],
        blocked=[span(text) for text in blocked],
        shape=shape,  # type: ignore[arg-type]  # any mixture of options
        **options,  # type: ignore[arg-type]  # any mixture of options
    )
    return [f"{start:%H:%M}" for start in found]


QUARTERS = st.integers(0, 95)
SPANS = st.lists(
    st.tuples(QUARTERS, st.integers(1, 20)).map(
        lambda p: Interval(
            MIDNIGHT + p[0] * timedelta(minutes=15),
            MIDNIGHT + (p[0] + p[1]) * timedelta(minutes=15),
        )
    ),
    max_size=6,
)
OPEN = SPANS.map(intervals.merge)


def test_starts_run_from_the_opening_by_half_hours() -> None:
    assert starts(["09:15-11:20"], []) == ["09:15", "09:45", "10:15"]


def test_a_meeting_may_end_exactly_at_closing() -> None:
    assert starts(["09:00-10:00"], []) == ["09:00"]
    assert starts(["09:00-09:59"], []) == []


def test_each_span_has_its_own_grid() -> None:
    found = starts(["09:00-10:30", "14:10-15:30"], [], step_minutes=20)

    assert found == ["09:00", "09:20", "14:10", "14:30"]


def test_a_meeting_lies_in_one_span_even_when_two_touch() -> None:
    assert starts(["09:00-10:00", "10:00-11:00"], []) == ["09:00", "10:00"]


def test_back_to_back_with_a_booking_is_fine() -> None:
    assert starts(["09:00-13:00"], ["10:00-11:00"]) == ["09:00", "11:00", "11:30", "12:00"]


def test_setup_and_cleaning_must_miss_other_bookings_but_not_the_opening_hours() -> None:
    shape = MeetingShape(duration_minutes=60, setup_minutes=15, cleaning_minutes=30)

    found = starts(["09:00-14:00"], ["11:00-12:00"], shape=shape)

    # 09:30 would be cleaned until 11:00; 12:00 would be set up from 11:45; 13:00 ends at closing.
    assert found == ["09:00", "09:30", "12:30", "13:00"]


def test_not_before_keeps_the_grid_and_is_itself_allowed() -> None:
    assert starts(["09:00-12:00"], [], not_before=at("10:00")) == ["10:00", "10:30", "11:00"]
    assert starts(["09:00-12:00"], [], not_before=at("10:01")) == ["10:30", "11:00"]
    assert starts(["09:00-12:00"], [], not_before=at("08:00"))[0] == "09:00"
    assert starts(["09:00-12:00"], [], not_before=at("12:00")) == []


@pytest.mark.parametrize("zone", ["Europe/Paris", "Europe/Brussels", "Europe/Dublin"])
@pytest.mark.parametrize(
    ("day", "half_hours"),
    [(date(2026, 3, 29), 46), (date(2026, 6, 15), 48), (date(2026, 10, 25), 50)],
)
def test_a_whole_day_offers_each_of_its_half_hours_once(
    zone: str, day: date, half_hours: int
) -> None:
    open_spans = opening_hours.open_intervals(
        first_day=day,
        last_day=day,
        hours=ALL_HOURS,
        tz=ZoneInfo(zone),
        exceptions={},
        closed_dates=(),
    )

    found = list(
        availability.bookable_starts(
            open_spans=open_spans, blocked=[], shape=MeetingShape(duration_minutes=30)
        )
    )

    assert len(set(found)) == len(found) == half_hours


def test_the_hour_that_the_clock_skips_is_not_offered() -> None:
    paris, day = ZoneInfo("Europe/Paris"), date(2026, 3, 29)
    open_spans = opening_hours.day_intervals(
        day=day, slots=opening_hours.parse_slots("01:00-05:00"), tz=paris
    )

    found = availability.bookable_starts(open_spans=open_spans, blocked=[], shape=HOUR)

    walls = [f"{start.astimezone(paris):%H:%M}" for start in found]
    assert walls == ["01:00", "01:30", "03:00", "03:30", "04:00"]


@pytest.mark.parametrize(
    ("start", "state"),
    [
        ("08:59", SlotState.CLOSED),
        ("09:00", SlotState.BOOKABLE),
        ("09:01", SlotState.TAKEN),
        ("10:30", SlotState.TAKEN),
        ("11:00", SlotState.BOOKABLE),
        ("11:07", SlotState.BOOKABLE),
        ("12:00", SlotState.BOOKABLE),
        ("12:01", SlotState.CLOSED),
    ],
)
def test_slot_state_on_both_sides_of_every_border(start: str, state: SlotState) -> None:
    found = availability.slot_state(
        starts_at=at(start),
        open_spans=[span("09:00-13:00")],
        blocked=[span("10:00-11:00")],
        shape=HOUR,
    )

    assert found == state


def test_nearest_starts_prefers_the_earlier_of_two_equally_near() -> None:
    offered = [at("09:00"), at("11:00"), at("09:30"), at("15:00")]

    nearest = availability.nearest_starts(wanted=at("10:00"), starts=offered)

    assert nearest == [at("09:30"), at("09:00"), at("11:00")]


def test_busy_tells_kinds_and_cuts_to_the_window() -> None:
    found = availability.busy(
        window=span("08:00-12:00"),
        open_spans=[span("09:00-18:00")],
        taken=[
            Busy(span("08:45-10:00"), BusyKind.MEETING),
            Busy(span("11:30-13:00"), BusyKind.HOLD),
            Busy(span("14:00-15:00"), BusyKind.BLOCK),
        ],
    )

    assert found == [
        Busy(span("08:00-08:45"), BusyKind.CLOSED),
        Busy(span("08:45-10:00"), BusyKind.MEETING),
        Busy(span("11:30-12:00"), BusyKind.HOLD),
    ]


@pytest.mark.parametrize(
    "numbers",
    [{"duration_minutes": 0}, {"duration_minutes": 30, "setup_minutes": -1}],
)
def test_an_impossible_shape_is_refused(numbers: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least"):
        MeetingShape(**numbers)


@given(OPEN, SPANS)
def test_free_and_blocked_share_the_open_time_out(
    open_spans: list[Span], blocked: list[Span]
) -> None:
    free = intervals.subtract(open_spans, blocked)
    taken = intervals.intersect(open_spans, blocked)

    assert intervals.merge([*free, *taken]) == open_spans
    assert intervals.intersect(free, blocked) == []


@given(OPEN, SPANS)
def test_free_and_busy_share_the_window_out(open_spans: list[Span], blocked: list[Span]) -> None:
    window = Interval(MIDNIGHT, MIDNIGHT + timedelta(days=1))
    taken = [Busy(one, BusyKind.MEETING) for one in intervals.merge(blocked)]

    busy = [
        entry.span for entry in availability.busy(window=window, open_spans=open_spans, taken=taken)
    ]
    free = intervals.intersect(intervals.subtract(open_spans, blocked), [window])

    assert intervals.merge([*busy, *free]) == [window]
    assert intervals.intersect(busy, free) == []


@settings(deadline=None)
@given(
    open_spans=OPEN,
    blocked=SPANS,
    shape=st.builds(
        MeetingShape,
        duration_minutes=st.integers(1, 240),
        setup_minutes=st.integers(0, 45),
        cleaning_minutes=st.integers(0, 45),
    ),
    step=st.sampled_from([0, 15, 30, 45]),
)
def test_a_grid_start_is_offered_exactly_when_it_is_bookable(
    open_spans: list[Span], blocked: list[Span], shape: MeetingShape, step: int
) -> None:
    offered = availability.bookable_starts(
        open_spans=open_spans, blocked=blocked, shape=shape, step_minutes=step
    )

    every_step = timedelta(minutes=step or 30)
    grid = [
        one.start + n * every_step
        for one in open_spans
        for n in range((one.end - one.start) // every_step + 1)
    ]
    expected = [
        start
        for start in grid
        if availability.slot_state(
            starts_at=start, open_spans=open_spans, blocked=blocked, shape=shape
        )
        == SlotState.BOOKABLE
    ]
    assert list(offered) == expected
