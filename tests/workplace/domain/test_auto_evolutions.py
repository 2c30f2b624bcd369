"""Evolutions that start by themselves. Source: workplace-api, section 1, `evolution_settings`."""

import datetime as dt

import pytest

from tests.factories.organizations import OrganizationFactory
from tests.factories.sites_app import SiteFactory
from tests.factories.workplace import EvolutionFactory
from workplace.domain import auto_evolutions
from workplace.models import Evolution, EvolutionStatus

pytestmark = pytest.mark.django_db

PARIS = dt.timezone(dt.timedelta(hours=1))
HOURS = [{"days": [1, 2, 3, 4, 5], "open": "07:00", "close": "21:00"}]
EVERY_DAY = [HOURS[0] | {"days": [1, 2, 3, 4, 5, 6, 7]}]
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (dt.date(2030, 1, day) for day in (8, 9, 10, 11))
MARCH, OCTOBER = dt.date(2030, 3, 31), dt.date(2030, 10, 27)
"""The Sundays before whose mornings the clocks are put forward and back."""
ONE_DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)


def at(hour: int, minute: int = 0, *, day: dt.date = TUESDAY) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), PARIS)


def utc(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), dt.UTC)


def site_with(*, time_zone: str = "Europe/Paris", hours=HOURS, **evolving: object):
    evolving = {"auto_evolve_disabled": False} | evolving
    settings = {"evolution_settings": evolving}
    return SiteFactory(workplace_settings=settings, operating_hours=hours, time_zone=time_zone)


def runs() -> list[dt.date]:
    return list(Evolution.objects.order_by("created_at", "day").values_list("day", flat=True))


@pytest.mark.parametrize("settings", [{}, {"evolution_settings": {}}])
def test_off_by_default(settings) -> None:
    SiteFactory(workplace_settings=settings, operating_hours=HOURS)

    assert auto_evolutions.start_due(now=at(6)) == 0
    assert runs() == []


def test_tomorrow_is_planned_once_a_morning_and_published_at_once() -> None:
    site = site_with()

    assert auto_evolutions.start_due(now=at(5)) == 1
    assert auto_evolutions.start_due(now=at(23)) == 0

    run = Evolution.objects.get()
    assert (run.site, run.day, run.organization, run.waits_for_acceptance) == (
        site,
        WEDNESDAY,
        None,
        False,
    )


def test_the_morning_begins_at_five_on_the_locations_clocks() -> None:
    site = site_with()
    EvolutionFactory(
        site=site,
        day=WEDNESDAY,
        organization=None,
        status=EvolutionStatus.SUCCESSFUL,
        created_at=at(4, 59),
    )

    assert auto_evolutions.start_due(now=at(4, 59)) == 0
    assert auto_evolutions.start_due(now=at(5)) == 1


def test_the_day_that_midnight_brings_nearer_waits_for_the_morning() -> None:
    site_with()
    auto_evolutions.start_due(now=at(5))

    assert auto_evolutions.start_due(now=at(0, day=WEDNESDAY)) == 0
    assert auto_evolutions.start_due(now=at(4, 59, day=WEDNESDAY)) == 0
    assert auto_evolutions.start_due(now=at(5, day=WEDNESDAY)) == 1

    assert runs() == [WEDNESDAY, THURSDAY]


def test_open_days_as_far_as_the_cut_off_lies() -> None:
    site_with(evolution_offset_days=3)

    auto_evolutions.start_due(now=at(6, day=WEDNESDAY))

    assert runs() == [THURSDAY, FRIDAY]  # the weekend is closed


def test_once_more_when_the_cut_off_has_come() -> None:
    site_with(evolution_offset_days=1, evolution_stops_at={"hour": 17})
    auto_evolutions.start_due(now=at(6))
    Evolution.objects.update(
        status=EvolutionStatus.SUCCESSFUL, started_at=at(6, 1), finished_at=at(6, 2)
    )
    assert runs() == [WEDNESDAY, THURSDAY]

    assert auto_evolutions.start_due(now=at(16, 59)) == 0
    assert auto_evolutions.start_due(now=at(17)) == 1
    assert auto_evolutions.start_due(now=at(17, 10)) == 0

    assert runs() == [WEDNESDAY, THURSDAY, WEDNESDAY]


@pytest.mark.parametrize(
    ("time_zone", "sunday", "hours_on_both_days"),
    [
        ("Europe/Paris", MARCH, (4, 3)),
        ("Europe/Paris", OCTOBER, (3, 4)),
        ("Europe/Dublin", MARCH, (5, 4)),
        ("Europe/Dublin", OCTOBER, (4, 5)),
    ],
)
def test_it_is_five_before_and_after_the_night_in_which_clocks_change(
    time_zone: str, sunday: dt.date, hours_on_both_days: tuple[int, int]
) -> None:
    site_with(time_zone=time_zone, hours=EVERY_DAY)
    auto_evolutions.start_due(now=utc(sunday - 2 * ONE_DAY, 12))

    for day, hour in zip((sunday - ONE_DAY, sunday), hours_on_both_days, strict=True):
        five = utc(day, hour)
        assert auto_evolutions.start_due(now=five - SECOND) == 0
        assert auto_evolutions.start_due(now=five) == 1
        assert auto_evolutions.start_due(now=five + dt.timedelta(hours=18)) == 0

    assert runs() == [sunday - ONE_DAY, sunday, sunday + ONE_DAY]


@pytest.mark.parametrize(
    ("time_zone", "half_past", "sunday", "moment"),
    [
        ("Europe/Paris", 2, MARCH, utc(MARCH, 1, 30)),
        ("Europe/Paris", 2, OCTOBER, utc(OCTOBER, 0, 30)),
        ("Europe/Dublin", 1, MARCH, utc(MARCH, 1, 30)),
        ("Europe/Dublin", 1, OCTOBER, utc(OCTOBER, 0, 30)),
    ],
)
def test_a_cut_off_in_the_hour_that_is_left_out_or_comes_twice_comes_once(
    time_zone: str, half_past: int, sunday: dt.date, moment: dt.datetime
) -> None:
    stops_at = {"hour": half_past, "minute": 30}
    zone = {"time_zone": time_zone, "hours": EVERY_DAY}
    site_with(**zone, evolution_offset_days=1, evolution_stops_at=stops_at)
    noon = utc(sunday - ONE_DAY, 12)
    auto_evolutions.start_due(now=noon)
    Evolution.objects.update(
        status=EvolutionStatus.SUCCESSFUL, started_at=noon, finished_at=noon + SECOND
    )

    assert auto_evolutions.start_due(now=moment - SECOND) == 0
    assert auto_evolutions.start_due(now=moment) == 1
    assert auto_evolutions.start_due(now=moment + dt.timedelta(hours=1)) == 0

    assert runs() == [sunday, sunday + ONE_DAY, sunday + ONE_DAY]


def test_a_companys_own_run_is_no_run_of_the_operators() -> None:
    site = site_with()
    EvolutionFactory(
        site=site,
        day=WEDNESDAY,
        organization=OrganizationFactory(),
        status=EvolutionStatus.SUCCESSFUL,
        created_at=at(6),
    )

    assert auto_evolutions.start_due(now=at(7)) == 1


def test_one_that_failed_is_not_tried_again_the_same_day() -> None:
    site = site_with()
    EvolutionFactory(
        site=site,
        day=WEDNESDAY,
        organization=None,
        status=EvolutionStatus.FAILED,
        created_at=at(6),
    )

    assert auto_evolutions.start_due(now=at(7)) == 0
    assert auto_evolutions.start_due(now=at(7, day=WEDNESDAY)) == 1


def test_settings_that_cannot_be_read_hold_up_no_other_location() -> None:
    broken, site = site_with(), site_with()
    type(site).objects.filter(pk=broken.pk).update(workplace_settings={"evolution_settings": 1})

    assert auto_evolutions.start_due(now=at(6)) == 1
    assert Evolution.objects.get().site == site
