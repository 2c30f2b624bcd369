from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.domain import rules
from booking.domain.rules import BookingContext, ClosedPeriod, Code
from config.intervals import Interval
from sites_app.domain import opening_hours

PARIS = ZoneInfo("Europe/Paris")
HOURS = opening_hours.parse_week(week="09:00-18:00", saturday="", sunday="")
MONDAY = date(2026, 6, 15)


def local(day: int, clock: str) -> datetime:
    """An instant in June 2026 by the clock in Paris."""
    hours, minutes = clock.split(":")
    wall = datetime(2026, 6, day, int(hours), int(minutes))
    return opening_hours.resolve_wall(wall, tz=PARIS)


def opening(closures: tuple[ClosedPeriod, ...] = ()) -> tuple[Interval[datetime], ...]:
    return tuple(
        opening_hours.open_intervals(
            first_day=MONDAY,
            last_day=MONDAY + timedelta(days=14),
            hours=HOURS,
            tz=PARIS,
            exceptions={},
            closed_dates=(),
            closures=[period.span for period in closures],
        )
    )


# Thursday 18 June, 14:00 for an hour, asked on Monday 15 June at noon: breaks no rule.
FINE = BookingContext(
    now=local(15, "12:00"),
    tz=PARIS,
    is_new_person=False,
    starts_at=local(18, "14:00"),
    duration_minutes=60,
    attendees=4,
    open_spans=opening(),
)
NEW = replace(FINE, is_new_person=True)


def messages(ctx: BookingContext) -> list[str]:
    return [violation.message for violation in rules.violations(ctx)]


def test_a_good_booking_breaks_no_rule() -> None:
    assert rules.violations(FINE) == rules.violations(NEW) == []


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (local(12, "14:00"), "Cannot book meetings for today or past dates"),
        (local(15, "14:00"), "Cannot book meetings for today or past dates"),
        (local(16, "09:00"), "Meetings must be booked at least 2 days in advance"),
        (local(16, "17:00"), "Meetings must be booked at least 2 days in advance"),
    ],
)
def test_a_new_person_books_two_local_days_ahead(start: datetime, expected: str) -> None:
    assert messages(replace(NEW, starts_at=start))[0] == expected


def test_a_new_person_may_book_from_the_morning_of_the_second_day() -> None:
    assert messages(replace(NEW, starts_at=local(17, "09:00"))) == []


def test_the_days_of_a_new_person_are_those_of_the_site_not_utc() -> None:
    # 00:30 on the 16th in Paris is still the 15th in UTC: the 17th is then one day ahead.
    late = replace(NEW, now=local(16, "00:30"), starts_at=local(17, "14:00"))

    assert messages(late) == ["Meetings must be booked at least 2 days in advance"]


def test_a_new_person_is_told_the_first_opening_after_the_notice() -> None:
    (violation,) = rules.violations(replace(NEW, starts_at=local(15, "14:00")))

    assert violation.code == Code.TODAY_OR_PAST
    assert (violation.since, violation.until) == (None, local(17, "00:00"))
    assert violation.earliest_ok == local(17, "09:00")


def test_the_notice_is_a_setting() -> None:
    three_days = replace(NEW, new_person_min_days=3, starts_at=local(17, "14:00"))
    one_day = replace(NEW, new_person_min_days=1, starts_at=local(16, "09:00"))
    none = replace(NEW, new_person_min_days=0, starts_at=local(15, "12:00"))

    assert messages(three_days) == ["Meetings must be booked at least 3 days in advance"]
    assert messages(one_day) == messages(none) == []


def test_the_notice_over_the_night_of_the_clock_change_counts_days_not_hours() -> None:
    saturday = datetime(2026, 3, 28, 12, tzinfo=UTC)
    open_monday = tuple(
        opening_hours.open_intervals(
            first_day=date(2026, 3, 30),
            last_day=date(2026, 3, 30),
            hours=HOURS,
            tz=PARIS,
            exceptions={},
            closed_dates=(),
        )
    )
    ctx = replace(NEW, now=saturday, starts_at=open_monday[0].start, open_spans=open_monday)

    assert rules.violations(ctx) == []


def test_an_existing_person_books_up_to_the_present_instant() -> None:
    assert messages(replace(FINE, starts_at=local(15, "12:00"))) == []
    assert messages(replace(FINE, starts_at=local(15, "11:59"))) == [
        "Cannot book meetings for past dates"
    ]


def test_grace_minutes_let_an_existing_person_book_a_little_late() -> None:
    late = replace(FINE, grace_minutes=5)

    assert messages(replace(late, starts_at=local(15, "11:55"))) == []
    assert messages(replace(late, starts_at=local(15, "11:54"))) == [
        "Cannot book meetings for past dates"
    ]


def test_the_past_names_the_next_start_on_the_grid() -> None:
    ctx = replace(FINE, now=local(15, "12:10"), starts_at=local(15, "10:00"))

    (violation,) = rules.violations(ctx)

    assert violation.code == Code.IN_THE_PAST
    assert violation.until == local(15, "12:10")
    assert violation.earliest_ok == local(15, "12:30")


@pytest.mark.parametrize(
    ("minutes", "shortest", "longest", "step", "expected"),
    [
        (29, 0, 0, 0, ["Duration must be at least 30 minutes"]),
        (30, 0, 0, 0, []),
        (59, 60, 480, 0, ["Duration must be between 60 and 480 minutes"]),
        (60, 60, 240, 0, []),
        (240, 60, 240, 0, []),
        (241, 60, 240, 0, ["Duration must be between 60 and 240 minutes"]),
        (59, 60, 0, 0, ["Duration must be at least 60 minutes"]),
        (60, 60, 0, 0, []),
        (240, 0, 240, 0, []),
        (241, 0, 240, 0, ["Duration must be at most 240 minutes"]),
        (90, 0, 0, 30, []),
        (91, 0, 0, 30, ["Duration must be a multiple of 30 minutes"]),
        (
            20,
            60,
            480,
            30,
            [
                "Duration must be at least 30 minutes",
                "Duration must be between 60 and 480 minutes",
                "Duration must be a multiple of 30 minutes",
            ],
        ),
        (0, 0, 0, 30, ["Duration must be at least 30 minutes"]),
        (-60, 0, 0, 0, ["Duration must be at least 30 minutes"]),
    ],
)
def test_duration_limits_on_both_sides(
    minutes: int, shortest: int, longest: int, step: int, expected: list[str]
) -> None:
    ctx = replace(
        FINE,
        starts_at=local(18, "09:00"),
        duration_minutes=minutes,
        min_duration_minutes=shortest,
        max_duration_minutes=longest,
        step_minutes=step,
    )

    assert messages(ctx) == expected


@pytest.mark.parametrize(
    ("attendees", "most", "expected"),
    [
        (8, 8, []),
        (9, 8, ["This room holds at most 8 persons"]),
        (2, 1, ["This room holds at most 1 person"]),
        (500, 0, []),
    ],
)
def test_capacity_on_both_sides(attendees: int, most: int, expected: list[str]) -> None:
    assert messages(replace(FINE, attendees=attendees, max_persons=most)) == expected


def test_only_capacity_is_beyond_staff() -> None:
    ctx = replace(FINE, attendees=9, max_persons=8, duration_minutes=20)

    assert [one.is_overridable for one in rules.violations(ctx)] == [True, False]


@pytest.mark.parametrize(
    ("start", "minutes", "is_open"),
    [
        ("08:59", 60, False),
        ("09:00", 60, True),
        ("17:00", 60, True),
        ("17:01", 60, False),
        ("09:00", 540, True),
        ("18:00", 30, False),
    ],
)
def test_a_meeting_lies_wholly_in_the_opening_hours(
    start: str, minutes: int, is_open: bool
) -> None:
    ctx = replace(FINE, starts_at=local(18, start), duration_minutes=minutes)
    refusal = "The room is closed at the requested time (open 09:00-18:00)"

    assert messages(ctx) == ([] if is_open else [refusal])


def test_a_day_too_short_for_the_meeting_names_no_earliest_start() -> None:
    (violation,) = rules.violations(replace(FINE, duration_minutes=541))

    assert violation.message == "The room is closed at the requested time (open 09:00-18:00)"
    assert violation.earliest_ok is None


def test_closed_all_day_names_the_next_opening() -> None:
    (violation,) = rules.violations(replace(FINE, starts_at=local(20, "10:00")))

    assert violation.code == Code.CLOSED_DAY
    assert violation.message == "The room is closed on that day"
    assert violation.message_fr == "La salle est fermée ce jour-là"
    assert (violation.since, violation.until) == (local(19, "18:00"), local(22, "09:00"))
    assert violation.earliest_ok == local(22, "09:00")


def test_a_closure_shows_the_hours_that_are_left_and_its_reason() -> None:
    works = ClosedPeriod(
        span=Interval(local(18, "12:00"), local(18, "15:00")), reason="Works", reason_fr="Travaux"
    )
    ctx = replace(FINE, closures=(works,), open_spans=opening((works,)))

    (violation,) = rules.violations(ctx)

    assert violation.message == (
        "The room is closed at the requested time (open 09:00-12:00,15:00-18:00)"
    )
    assert (violation.reason, violation.reason_fr) == ("Works", "Travaux")
    assert (violation.since, violation.until) == (works.span.start, works.span.end)
    assert violation.earliest_ok == local(18, "15:00")


def test_a_closure_elsewhere_lends_no_reason() -> None:
    works = ClosedPeriod(span=Interval(local(19, "12:00"), local(19, "15:00")), reason="Works")
    ctx = replace(FINE, starts_at=local(18, "20:00"), closures=(works,))

    assert [one.reason for one in rules.violations(ctx)] == [""]


def test_hours_until_midnight_are_written_24_00_and_no_meeting_crosses_it() -> None:
    slots = opening_hours.parse_slots("20:00-24:00")
    spans = tuple(opening_hours.day_intervals(day=MONDAY, slots=slots, tz=PARIS))
    ctx = replace(FINE, open_spans=spans, starts_at=local(15, "23:30"))

    assert messages(ctx) == ["The room is closed at the requested time (open 20:00-24:00)"]
    assert messages(replace(ctx, starts_at=local(15, "23:00"))) == []


def test_a_meeting_across_midnight_in_a_room_open_around_the_clock_names_the_rest_of_the_day() -> (
    None
):
    always = opening_hours.parse_week(week="00:00-24:00", saturday="", sunday="")
    spans = opening_hours.open_intervals(
        first_day=MONDAY,
        last_day=MONDAY + timedelta(days=2),
        hours=always,
        tz=PARIS,
        exceptions={},
        closed_dates=(),
    )
    ctx = replace(FINE, open_spans=tuple(spans), starts_at=local(16, "23:00"), duration_minutes=120)

    (violation,) = rules.violations(ctx)

    assert (violation.since, violation.until) == (local(16, "23:00"), local(17, "00:00"))
    assert violation.earliest_ok == local(17, "00:00")


def test_all_broken_rules_come_in_the_documented_order() -> None:
    ctx = replace(
        NEW,
        starts_at=local(14, "10:00"),
        duration_minutes=45,
        step_minutes=30,
        min_duration_minutes=60,
        attendees=9,
        max_persons=8,
    )

    assert [violation.code for violation in rules.violations(ctx)] == [
        Code.TODAY_OR_PAST,
        Code.DURATION_OUT_OF_RANGE,
        Code.DURATION_STEP,
        Code.TOO_MANY_PEOPLE,
        Code.CLOSED_DAY,
    ]


def test_a_room_never_open_is_closed_without_an_end() -> None:
    (violation,) = rules.violations(replace(FINE, open_spans=()))

    assert violation.code == Code.CLOSED_DAY
    assert (violation.since, violation.until, violation.earliest_ok) == (None, None, None)


@settings(deadline=None)
@given(
    starts_at=st.datetimes(timezones=st.just(UTC)),
    duration=st.integers(-(2**31), 2**31),
    attendees=st.integers(-5, 2**31),
    limits=st.tuples(*[st.integers(-5, 600)] * 4),
    is_new=st.booleans(),
)
def test_the_rules_never_raise_and_always_speak_both_languages(
    starts_at: datetime,
    duration: int,
    attendees: int,
    limits: tuple[int, int, int, int],
    is_new: bool,
) -> None:
    ctx = replace(
        FINE,
        starts_at=starts_at,
        duration_minutes=duration,
        attendees=attendees,
        is_new_person=is_new,
        min_duration_minutes=limits[0],
        max_duration_minutes=limits[1],
        step_minutes=limits[2],
        max_persons=limits[3],
    )

    assert all(one.message and one.message_fr for one in rules.violations(ctx))


@settings(deadline=None)
@given(
    minutes=st.integers(-3 * 1440, 14 * 1440),
    duration=st.integers(30, 540),
    is_new=st.booleans(),
)
def test_the_earliest_start_named_breaks_no_rule(minutes: int, duration: int, is_new: bool) -> None:
    ctx = replace(
        FINE,
        starts_at=FINE.now + timedelta(minutes=minutes),
        duration_minutes=duration,
        is_new_person=is_new,
    )

    for violation in rules.violations(ctx):
        if violation.earliest_ok is not None:
            assert violation.earliest_ok >= ctx.starts_at
            assert rules.violations(replace(ctx, starts_at=violation.earliest_ok)) == []
