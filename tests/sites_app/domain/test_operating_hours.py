"""When a whole site is open. Source: Workplace API, section 13; booking rule R5."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from config.intervals import Interval
from sites_app.domain import operating_hours
from sites_app.domain.opening_hours import SlotFormatError
from tests.factories.sites_app import (
    ClosureFactory,
    OpeningExceptionFactory,
    RoomFactory,
    SiteFactory,
)

MONDAY = dt.date(2030, 1, 7)
DAY = dt.timedelta(days=1)
OFFICE = [{"days": [1, 2, 3, 4, 5], "open": "07:00", "close": "21:00"}]
PARIS = ZoneInfo("Europe/Paris")


def at(hour, day=MONDAY):
    return dt.datetime.combine(day, dt.time(hour), PARIS).astimezone(dt.UTC)


def test_no_entry_is_every_weekday_all_day():
    hours = operating_hours.parse([])

    assert [hours.on_weekday(day) for day in range(7)] == [(Interval(0, 1440),)] * 7


def test_days_that_no_entry_names_are_closed():
    hours = operating_hours.parse(OFFICE)

    assert hours.on_weekday(0) == hours.on_weekday(4) == (Interval(420, 1260),)
    assert hours.on_weekday(5) == hours.on_weekday(6) == ()


def test_entries_about_one_day_add_up_and_24_may_close():
    hours = operating_hours.parse(
        [
            {"days": [1], "open": "07:00", "close": "12:00"},
            {"days": [1, 7], "open": "11:00", "close": "13:00"},
            {"days": [1], "open": "20:00", "close": "24:00"},
        ]
    )

    assert hours.on_weekday(0) == (Interval(420, 780), Interval(1200, 1440))
    assert hours.on_weekday(6) == (Interval(660, 780),)


@pytest.mark.parametrize(
    "entry",
    [
        {"days": [0], "open": "07:00", "close": "21:00"},
        {"days": [8], "open": "07:00", "close": "21:00"},
        {"days": [1], "open": "7:00", "close": "21:00"},
        {"days": [1], "open": "21:00", "close": "07:00"},
        {"days": [1], "open": "07:00"},
    ],
)
def test_what_is_no_time_or_weekday_is_refused(entry):
    with pytest.raises(SlotFormatError):
        operating_hours.parse([entry])


def openings(site, first=MONDAY, last=MONDAY):
    return operating_hours.openings(site, first_day=first, last_day=last)


@pytest.mark.django_db
def test_a_site_is_open_by_its_own_clock(django_assert_num_queries):
    site = SiteFactory(operating_hours=OFFICE)

    with django_assert_num_queries(2):
        found = openings(site, last=MONDAY + 6 * DAY)

    assert found.on(MONDAY) == [Interval(at(7), at(21))]
    assert [found.is_open_on(MONDAY + day * DAY) for day in range(7)] == [True] * 5 + [False] * 2
    assert found.closing_of(MONDAY) == at(21)
    assert found.closing_of(MONDAY + 5 * DAY) is None


@pytest.mark.django_db
def test_without_hours_a_day_is_as_long_as_the_clocks_make_it():
    site = SiteFactory()
    autumn = dt.date(2026, 10, 25)

    (span,) = openings(site, autumn, autumn).spans

    assert span.end - span.start == dt.timedelta(hours=25)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "closed",
    [
        {"closed_dates": [dt.date(2030, 1, 1)]},
        {"public_holidays": True},
        {"public_holidays": True, "country": "GB", "holiday_country": "FR"},
    ],
)
def test_closed_dates_and_public_holidays_are_closed(closed):
    new_year = dt.date(2030, 1, 1)

    assert not openings(SiteFactory(**closed), new_year, new_year).is_open_on(new_year)
    assert openings(SiteFactory(), new_year, new_year).is_open_on(new_year)


@pytest.mark.django_db
def test_a_regions_own_holidays_count_where_the_site_lies_in_it():
    boxing_day = dt.date(2030, 12, 26)  # a holiday in Alsace, not in the rest of France
    sites = [
        SiteFactory(public_holidays=True, holiday_subdivision=region) for region in ("6AE", "IDF")
    ]

    found = [openings(site, boxing_day, boxing_day).is_open_on(boxing_day) for site in sites]

    assert found == [False, True]


@pytest.mark.django_db
def test_a_dated_exception_beats_the_week_and_a_closure_of_the_whole_site_is_cut_out():
    site = SiteFactory(operating_hours=OFFICE)
    OpeningExceptionFactory(site=site, date=MONDAY, slots="10:00-16:00")
    ClosureFactory(site=site, starts_at=at(12), ends_at=at(13))
    ClosureFactory(site=site, room=RoomFactory(site=site), starts_at=at(10), ends_at=at(16))
    ClosureFactory(starts_at=at(10), ends_at=at(16))

    found = openings(site)

    assert list(found.spans) == [Interval(at(10), at(12)), Interval(at(13), at(16))]
    assert found.is_open_within(Interval(at(11), at(14)))
    assert not found.is_open_within(Interval(at(12), at(13)))
    assert found.is_open_throughout(Interval(at(13), at(16)))
    assert not found.is_open_throughout(Interval(at(11), at(14)))


# --- what is stored -----------------------------------------------------------------------------

DAYTIME = {"days": [1, 7], "open": "07:00", "close": "24:00"}


@pytest.mark.parametrize("stored", [[], [DAYTIME], [DAYTIME, DAYTIME]])
def test_hours_that_may_be_stored(stored):
    operating_hours.check(stored)


@pytest.mark.parametrize(
    "stored",
    [
        {},
        None,
        "07:00-21:00",
        [1],
        [{}],
        [DAYTIME | {"days": []}],
        [DAYTIME | {"days": 1}],
        [DAYTIME | {"days": ["1"]}],
        [DAYTIME | {"days": [True]}],
        [DAYTIME | {"days": [0]}],
        [DAYTIME | {"days": [8]}],
        [DAYTIME | {"open": 7}],
        [DAYTIME | {"open": "7:00"}],
        [DAYTIME | {"open": "24:00"}],
        [DAYTIME | {"close": "24:01"}],
        [DAYTIME | {"close": "12:00,13:00-14:00"}],
        [DAYTIME | {"note": "x"}],
    ],
)
def test_hours_that_may_not_be_stored(stored):
    with pytest.raises(SlotFormatError):
        operating_hours.check(stored)
