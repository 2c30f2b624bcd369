from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.intervals import Interval
from sites_app.domain import opening_hours
from sites_app.domain.opening_hours import NonExistentLocalTime, SlotFormatError

PARIS, BRUSSELS, DUBLIN = (
    ZoneInfo("Europe/Paris"),
    ZoneInfo("Europe/Brussels"),
    ZoneInfo("Europe/Dublin"),
)
ZONES = [PARIS, BRUSSELS, DUBLIN]
SPRING, AUTUMN, PLAIN = date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 15)
OFFICE_HOURS = opening_hours.parse_week(week="09:00-18:00", saturday="10:00-12:00", sunday="")
ALL_HOURS = opening_hours.parse_week(
    week="00:00-24:00", saturday="00:00-24:00", sunday="00:00-24:00"
)

WALL_MINUTES = st.lists(st.integers(0, 1440), unique=True, max_size=8).map(sorted)
SLOTS = WALL_MINUTES.map(
    lambda m: tuple(Interval(a, b) for a, b in zip(m[::2], m[1::2], strict=False))
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]  # year to minute


def spans_of(day: date, slots: str, tz: ZoneInfo) -> list[Interval[datetime]]:
    return opening_hours.day_intervals(day=day, slots=opening_hours.parse_slots(slots), tz=tz)


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("", ()),
        ("  ", ()),
        ("09:00-18:00", (Interval(540, 1080),)),
        ("09:00-12:00,14:00-18:00", (Interval(540, 720), Interval(840, 1080))),
        (" 14:00 - 18:00 , 09:00 - 12:00 ", (Interval(540, 720), Interval(840, 1080))),
        ("09:00-12:00,12:00-18:00", (Interval(540, 1080),)),
        ("00:00-24:00", (Interval(0, 1440),)),
        ("23:59-24:00", (Interval(1439, 1440),)),
    ],
)
def test_parse_slots_reads_the_documented_forms(
    text: str, slots: tuple[Interval[int], ...]
) -> None:
    assert opening_hours.parse_slots(text) == slots


@pytest.mark.parametrize(
    "text",
    [
        "closed",
        "9:00-18:00",
        "09:00",
        "09:00-18:00-20:00",
        "09:00-18:00,",
        ",",
        "09:60-18:00",
        "09:00-24:01",
        "25:00-26:00",
        "09.00-18.00",
        "٠٩:00-18:00",
        "-1:00-18:00",
        "09:00–18:00",
    ],
)
def test_a_malformed_slot_is_refused_with_the_right_form(text: str) -> None:
    with pytest.raises(
        SlotFormatError, match="write HH:MM-HH:MM, for example 09:00-18:00"
    ) as caught:
        opening_hours.parse_slots(text)

    assert "n'est pas un créneau" in caught.value.message_fr


@pytest.mark.parametrize("text", ["18:00-09:00", "09:00-09:00", "22:00-02:00", "24:00-24:00"])
def test_a_reversed_slot_is_refused(text: str) -> None:
    with pytest.raises(SlotFormatError) as caught:
        opening_hours.parse_slots(text)

    assert caught.value.message == (
        f'The time slot "{text}" must end after it starts; no slot runs over midnight'
    )


def test_overlapping_slots_are_refused() -> None:
    with pytest.raises(SlotFormatError) as caught:
        opening_hours.parse_slots("11:59-18:00,09:00-12:00")

    assert str(caught.value) == 'The time slots "09:00-12:00" and "11:59-18:00" overlap'


@given(SLOTS)
def test_format_slots_reads_back_as_the_same_slots(slots: tuple[Interval[int], ...]) -> None:
    assert opening_hours.parse_slots(opening_hours.format_slots(slots)) == slots


@given(st.text(alphabet="0129:-, ", max_size=24))
def test_parse_slots_gives_tidy_slots_or_a_slot_error(text: str) -> None:
    try:
        slots = opening_hours.parse_slots(text)
    except SlotFormatError:
        return
    assert all(one.end < two.start for one, two in pairwise(slots))
    assert all(0 <= slot.start < slot.end <= 1440 for slot in slots)


def test_the_week_tells_saturday_and_sunday_apart() -> None:
    written = [opening_hours.format_slots(OFFICE_HOURS.on_weekday(weekday)) for weekday in range(7)]

    assert written == ["09:00-18:00"] * 5 + ["10:00-12:00", ""]


@pytest.mark.parametrize(
    ("exceptions", "closed_dates", "holidays", "expected"),
    [
        ({}, set(), set(), "09:00-18:00"),
        ({}, set(), {PLAIN}, ""),
        ({PLAIN: "11:00-13:00"}, set(), set(), "11:00-13:00"),
        ({PLAIN: ""}, set(), set(), ""),
        ({PLAIN: "11:00-13:00"}, set(), {PLAIN}, "11:00-13:00"),
        ({PLAIN: "11:00-13:00"}, {PLAIN}, set(), ""),
        ({SPRING: "11:00-13:00"}, {AUTUMN}, {SPRING}, "09:00-18:00"),
    ],
)
def test_closed_dates_beat_exceptions_beat_holidays_beat_the_week(
    exceptions: dict[date, str], closed_dates: set[date], holidays: set[date], expected: str
) -> None:
    slots = opening_hours.local_spans(
        day=PLAIN,
        hours=OFFICE_HOURS,
        exceptions=exceptions,
        closed_dates=closed_dates,
        holidays=holidays,
    )

    assert opening_hours.format_slots(slots) == expected


@pytest.mark.parametrize("tz", ZONES)
@pytest.mark.parametrize(("day", "half_hours"), [(SPRING, 46), (PLAIN, 48), (AUTUMN, 50)])
def test_a_whole_day_has_its_true_length(day: date, half_hours: int, tz: ZoneInfo) -> None:
    (span,) = spans_of(day, "00:00-24:00", tz)

    assert span.end - span.start == half_hours * timedelta(minutes=30)


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ("01:00-02:30", [Interval(utc(2026, 3, 29, 0), utc(2026, 3, 29, 1))]),
        ("02:30-04:00", [Interval(utc(2026, 3, 29, 1), utc(2026, 3, 29, 2))]),
        ("02:00-03:00", []),
        ("02:15-02:45", []),
        ("01:00-02:00,03:00-04:00", [Interval(utc(2026, 3, 29, 0), utc(2026, 3, 29, 2))]),
    ],
)
def test_a_border_in_the_gap_moves_to_its_end(
    slots: str, expected: list[Interval[datetime]]
) -> None:
    assert spans_of(SPRING, slots, PARIS) == expected


def test_an_ambiguous_border_is_the_first() -> None:
    assert spans_of(AUTUMN, "00:00-02:30", PARIS) == [
        Interval(utc(2026, 10, 24, 22), utc(2026, 10, 25, 0, 30))
    ]
    assert spans_of(AUTUMN, "02:30-04:00", PARIS) == [
        Interval(utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 3))
    ]


@pytest.mark.parametrize(
    ("tz", "hour"), [(PARIS, 2), (BRUSSELS, 2), (DUBLIN, 1)], ids=["Paris", "Brussels", "Dublin"]
)
class TestResolveWallOnTheNightsOfTheClockChange:
    def test_a_time_in_the_gap_is_refused(self, tz: ZoneInfo, hour: int) -> None:
        for minute in (0, 30, 59):
            with pytest.raises(NonExistentLocalTime, match="does not exist"):
                opening_hours.resolve_wall(datetime(2026, 3, 29, hour, minute), tz=tz)

    def test_the_minutes_around_the_gap_exist(self, tz: ZoneInfo, hour: int) -> None:
        before = opening_hours.resolve_wall(datetime(2026, 3, 29, hour - 1, 59), tz=tz)
        after = opening_hours.resolve_wall(datetime(2026, 3, 29, hour + 1, 0), tz=tz)

        assert (before, after) == (utc(2026, 3, 29, 0, 59), utc(2026, 3, 29, 1, 0))

    def test_a_time_in_the_fold_is_the_first(self, tz: ZoneInfo, hour: int) -> None:
        first = opening_hours.resolve_wall(datetime(2026, 10, 25, hour, 30), tz=tz)

        assert first == utc(2026, 10, 25, 0, 30)
        assert first.tzinfo is UTC

    def test_a_fold_flag_on_the_input_changes_nothing(self, tz: ZoneInfo, hour: int) -> None:
        flagged = datetime(2026, 10, 25, hour, 30, fold=1)

        assert opening_hours.resolve_wall(flagged, tz=tz) == utc(2026, 10, 25, 0, 30)


@pytest.mark.parametrize("wall", [datetime.min, datetime.max])
def test_times_beyond_the_calendar_are_refused_or_exact(wall: datetime) -> None:
    zone = ZoneInfo("Asia/Tokyo") if wall == datetime.min else ZoneInfo("America/New_York")

    with pytest.raises(NonExistentLocalTime):
        opening_hours.resolve_wall(wall, tz=zone)


def test_a_day_that_a_zone_skipped_has_no_opening() -> None:
    apia = ZoneInfo("Pacific/Apia")

    assert spans_of(date(2011, 12, 30), "00:00-24:00", apia) == []
    assert len(spans_of(date(2011, 12, 31), "00:00-24:00", apia)) == 1


def test_a_gap_of_half_an_hour_ends_to_the_second() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")

    moved = opening_hours.to_instant(day=date(2026, 10, 4), minutes=2 * 60 + 10, tz=lord_howe)

    assert moved.astimezone(lord_howe).replace(tzinfo=None) == datetime(2026, 10, 4, 2, 30)


@settings(deadline=None)
@given(
    day=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    minutes=st.integers(0, 1439),
    zone=st.sampled_from(
        ["Europe/Paris", "Europe/Dublin", "America/St_Johns", "Africa/Cairo", "Australia/Lord_Howe"]
    ),
)
def test_to_instant_never_runs_backwards(day: date, minutes: int, zone: str) -> None:
    tz = ZoneInfo(zone)

    one = opening_hours.to_instant(day=day, minutes=minutes, tz=tz)
    next_minute = opening_hours.to_instant(day=day, minutes=minutes + 1, tz=tz)

    assert one <= next_minute


def test_consecutive_whole_days_stay_apart() -> None:
    spans = opening_hours.open_intervals(
        first_day=date(2026, 6, 15),
        last_day=date(2026, 6, 17),
        hours=ALL_HOURS,
        tz=PARIS,
        exceptions={},
        closed_dates=(),
    )

    assert spans == [
        Interval(utc(2026, 6, day, 22), utc(2026, 6, day + 1, 22)) for day in (14, 15, 16)
    ]


def test_closures_are_cut_out_and_closed_days_left_out() -> None:
    spans = opening_hours.open_intervals(
        first_day=date(2026, 6, 15),
        last_day=date(2026, 6, 21),
        hours=OFFICE_HOURS,
        tz=PARIS,
        exceptions={date(2026, 6, 16): "12:00-13:00"},
        closed_dates={date(2026, 6, 17)},
        closures=[
            Interval(utc(2026, 6, 15, 10), utc(2026, 6, 15, 11)),
            Interval(utc(2026, 6, 18, 12), utc(2026, 6, 20, 9)),
        ],
    )

    assert spans == [
        Interval(utc(2026, 6, 15, 7), utc(2026, 6, 15, 10)),
        Interval(utc(2026, 6, 15, 11), utc(2026, 6, 15, 16)),
        Interval(utc(2026, 6, 16, 10), utc(2026, 6, 16, 11)),
        Interval(utc(2026, 6, 18, 7), utc(2026, 6, 18, 12)),
        Interval(utc(2026, 6, 20, 9), utc(2026, 6, 20, 10)),
    ]


def test_local_day_is_the_date_on_the_wall() -> None:
    assert opening_hours.local_day(utc(2026, 6, 15, 21, 59), tz=PARIS) == date(2026, 6, 15)
    assert opening_hours.local_day(utc(2026, 6, 15, 22, 0), tz=PARIS) == date(2026, 6, 16)
    end_of_time = datetime.max.replace(tzinfo=UTC)
    assert opening_hours.local_day(end_of_time, tz=PARIS) == date.max
