"""What a caller means by a time. Source: workplace-api, section 0, Times; section 13, Time."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from workplace.domain import times
from workplace.domain.times import BadTime, Edge

PARIS, CAIRO = ZoneInfo("Europe/Paris"), ZoneInfo("Africa/Cairo")
START, END = Edge.START, Edge.END


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2025-08-11T09:15:00Z", "2025-08-11T09:15:00"),
        ("2025-08-11t09:15:00z", "2025-08-11T09:15:00"),
        ("2025-08-11 09:15Z", "2025-08-11T09:15:00"),
        ("2025-08-11T09:15:00+02:00", "2025-08-11T07:15:00"),
        ("2025-08-11T09:15:00 02:00", "2025-08-11T07:15:00"),
        ("2025-08-11T09:15:00-0530", "2025-08-11T14:45:00"),
        ("2025-08-11T09:15:00.25Z", "2025-08-11T09:15:00.250000"),
        ("2025-08-11T09:15:00,123456789Z", "2025-08-11T09:15:00.123456"),
    ],
)
def test_without_timezone_a_date_time_says_its_own_offset(text: str, meant: str) -> None:
    for edge in Edge:
        assert times.instant(text, edge=edge, read_in=None, day_zone=PARIS) == utc(meant)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2025-08-11T09:15:00", "naive_time"),
        ("", ""),
        ("now", ""),
        ("2025-02-30", ""),
        ("2025-13-01T00:00:00Z", ""),
        ("2025-08-11T24:00:00Z", ""),
        ("2025-08-11T09:15:00+24:00", ""),
        ("2025-08-11T09:15:00+02:60", ""),
        ("1969-12-31", ""),
        ("2201-01-01T00:00:00Z", ""),
        ("2025-W33-1", ""),
        ("20250811", ""),
        ("٢٠٢٥-08-11", ""),
        ("2025-08-11T09:15:00Z; drop", ""),
    ],
)
def test_what_is_no_time_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadTime) as refusal:
        times.instant(text, edge=START, read_in=None, day_zone=dt.UTC)
    assert refusal.value.sub_code == code


@pytest.mark.parametrize("ending", ["", "Z", "z", "+00:00", "-00:00"])
def test_with_timezone_the_digits_are_its_wall_clock(ending: str) -> None:
    found = times.instant(
        f"2025-08-11T09:15:00{ending}", edge=START, read_in=PARIS, day_zone=dt.UTC
    )

    assert found == utc("2025-08-11T07:15:00")


@pytest.mark.parametrize("ending", ["+02:00", "-01:00", "+00:01"])
def test_an_offset_beside_timezone_is_ambiguous(ending: str) -> None:
    with pytest.raises(BadTime) as refusal:
        times.instant(f"2025-08-11T09:15:00{ending}", edge=START, read_in=PARIS, day_zone=dt.UTC)
    assert refusal.value.sub_code == "ambiguous_timezone"


def test_a_date_is_its_first_and_last_moment_in_the_zone_of_the_call_or_the_place() -> None:
    def edges(read_in: ZoneInfo | None, day_zone: dt.tzinfo) -> tuple[dt.datetime, ...]:
        return tuple(
            times.instant("2025-10-26", edge=edge, read_in=read_in, day_zone=day_zone)
            for edge in Edge
        )

    in_utc = (utc("2025-10-26T00:00:00"), utc("2025-10-26T23:59:59.999999"))
    in_paris = (utc("2025-10-25T22:00:00"), utc("2025-10-26T22:59:59.999999"))
    assert edges(None, dt.UTC) == in_utc
    assert edges(None, PARIS) == in_paris
    assert edges(PARIS, dt.UTC) == in_paris
    assert in_paris[1] - in_paris[0] == dt.timedelta(hours=25, microseconds=-1)


@pytest.mark.parametrize(
    ("wall", "start", "end"),
    [
        ("2025-03-30T01:59:59", "2025-03-30T00:59:59", "2025-03-30T00:59:59"),
        ("2025-03-30T02:00:00", "2025-03-30T01:00:00", "2025-03-30T01:00:00"),
        ("2025-03-30T02:30:00", "2025-03-30T01:30:00", "2025-03-30T01:30:00"),  # 03:30 on the wall
        ("2025-03-30T03:00:00", "2025-03-30T01:00:00", "2025-03-30T01:00:00"),
        ("2025-10-26T01:59:59", "2025-10-25T23:59:59", "2025-10-25T23:59:59"),
        ("2025-10-26T02:00:00", "2025-10-26T00:00:00", "2025-10-26T01:00:00"),
        ("2025-10-26T02:30:00", "2025-10-26T00:30:00", "2025-10-26T01:30:00"),
        ("2025-10-26T03:00:00", "2025-10-26T02:00:00", "2025-10-26T02:00:00"),
    ],
)
def test_skipped_times_move_on_and_repeated_ones_depend_on_the_edge(
    wall: str, start: str, end: str
) -> None:
    naive = dt.datetime.fromisoformat(wall)

    assert times.resolve(naive, PARIS, edge=START) == utc(start)
    assert times.resolve(naive, PARIS, edge=END) == utc(end)


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        ("2025-03-30", PARIS, 23),
        ("2025-06-01", PARIS, 24),
        ("2025-10-26", PARIS, 25),
        ("2025-04-25", CAIRO, 23),  # the day begins at 01:00
        ("2025-04-24", CAIRO, 24),
        ("2025-03-30", dt.UTC, 24),
    ],
)
def test_a_local_day_has_23_to_25_hours(day: str, zone: dt.tzinfo, hours: int) -> None:
    first, after = times.local_day(dt.date.fromisoformat(day), zone)
    following, _ = times.local_day(dt.date.fromisoformat(day) + dt.timedelta(days=1), zone)

    assert after - first == dt.timedelta(hours=hours)
    assert following == after


def test_zones_are_those_of_iana() -> None:
    assert times.zone("Europe/London") == ZoneInfo("Europe/London")
    for name in ("Europe/Atlantis", "", "../etc/passwd", "CEST+2", "localtime"):
        with pytest.raises(BadTime):
            times.zone(name)


def test_instants_are_written_in_utc_to_the_second() -> None:
    moment = dt.datetime(2025, 6, 1, 10, 0, 0, 999999, tzinfo=PARIS)

    assert times.written(moment) == "2025-06-01T08:00:00Z"
    assert times.written_or_none(moment) == "2025-06-01T08:00:00Z"
    assert times.written_or_none(None) is None
