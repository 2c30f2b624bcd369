"""Plans that are made by themselves. Source: Workplace API, section 1, "Location workplace settings"."""

import datetime as dt

import pytest

from sites_app.models import SiteMembership
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import SiteFactory
from tests.factories.workplace import (
    IntentionFactory,
    OccupancyFactory,
    PersonForecastFactory,
)
from workplace.domain import scheduled_intentions
from workplace.models import Intention

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 2, 2, 0, tzinfo=dt.UTC)  # Wednesday
MONDAY = dt.date(2030, 1, 7)
DAY = dt.timedelta(days=1)
AUTO = {"auto_schedule": {"enabled": True}}
LIKELY = {"likely_schedule": {"enabled": True}}
FIXED = {"fixed_schedule": {"enabled": True}}


@pytest.fixture
def organization():
    return OrganizationFactory(person_forecasts=True)


@pytest.fixture
def person(organization):
    return UserFactory(organization=organization)


def site_with(settings, **fields):
    hours = [{"days": [1, 2, 3, 4, 5], "open": "07:00", "close": "21:00"}]
    return SiteFactory(workplace_settings=settings, operating_hours=hours, **fields)


def let_in(person, site):
    SiteMembership.objects.get_or_create(site=site, organization=person.organization)


def expect(person, site, probability, day=MONDAY):
    let_in(person, site)
    return PersonForecastFactory(person=person, site=site, probability=probability, day=day)


def seen(person, site, *weeks_ago):
    let_in(person, site)
    for number in weeks_ago:
        moment = dt.datetime.combine(MONDAY - 7 * number * DAY, dt.time(8), dt.UTC)
        OccupancyFactory(person=person, site=site, seen_at=moment)


def made():
    rows = Intention.objects.filter(source__in=["AUTO_SCHEDULE", "LIKELY_SCHEDULE", "FIXED_DAY"])
    return [(one.person_id, one.day, one.source, one.status) for one in rows.order_by("person")]


def run():
    return scheduled_intentions.plan_ahead(now=NOW)


@pytest.mark.parametrize("settings", [{}, {"auto_schedule": {"enabled": False}}])
def test_schedules_are_off_by_default(person, settings):
    expect(person, site_with(settings), 0.99)

    assert run() == 0


@pytest.mark.parametrize(("probability", "count"), [(0.8, 1), (0.7999, 0)])
def test_sure_days_are_accepted_from_eighty_per_cent(person, probability, count):
    site = site_with(AUTO)
    expect(person, site, probability)

    assert run() == count
    assert made() == [(person.pk, MONDAY, "AUTO_SCHEDULE", "ACCEPTED")] * count
    assert run() == 0


def test_a_plan_lasts_as_long_as_the_location_is_open(person):
    expect(person, site_with(AUTO), 0.9)

    run()

    plan = Intention.objects.get()
    assert (plan.starts_at.hour, plan.ends_at.hour) == (6, 20)
    assert (plan.organization, plan.timezone) == (person.organization, "Europe/Paris")


@pytest.mark.parametrize(("probability", "count"), [(0.5, 1), (0.4999, 0)])
def test_likely_days_wait_from_fifty_per_cent(person, probability, count):
    expect(person, site_with(LIKELY), probability)

    assert run() == count
    assert made() == [(person.pk, MONDAY, "LIKELY_SCHEDULE", "PENDING")] * count


def test_a_sure_day_is_not_also_a_likely_one(organization):
    site = site_with(AUTO | LIKELY)
    sure, likely = (UserFactory(organization=organization) for _ in range(2))
    expect(sure, site, 0.9)
    expect(likely, site, 0.6)

    assert run() == 2
    assert {(pk, source) for pk, _, source, _ in made()} == {
        (sure.pk, "AUTO_SCHEDULE"),
        (likely.pk, "LIKELY_SCHEDULE"),
    }


def test_percentage_and_horizon_can_be_set(person):
    site = site_with({"auto_schedule": {"enabled": True, "percentage": 95, "future_days": 5}})
    expect(person, site, 0.94)
    assert run() == 0
    expect(person, site, 0.95, day=MONDAY + DAY)  # six days ahead
    assert run() == 0
    site.workplace_settings["auto_schedule"]["future_days"] = 6
    site.save()

    assert run() == 1


@pytest.mark.parametrize(("weeks", "count"), [((1, 2, 3), 1), ((1, 2), 0), ((1, 3, 4), 0)])
def test_a_usual_day_is_one_on_which_somebody_came_three_times_in_a_row(person, weeks, count):
    site = site_with({"fixed_schedule": {"enabled": True, "future_days": 5}})
    seen(person, site, *weeks)

    assert run() == count
    assert made() == [(person.pk, MONDAY, "FIXED_DAY", "ACCEPTED")] * count


def test_the_usual_days_of_both_weeks_ahead_are_planned(person):
    seen(person, site_with({"fixed_schedule": {"enabled": True, "future_days": 12}}), 1, 2, 3)

    assert run() == 2


def test_closed_days_are_left_out(person):
    site = site_with(AUTO, closed_dates=[MONDAY])
    expect(person, site, 0.9)
    expect(person, site, 0.9, day=MONDAY - 2 * DAY)

    assert run() == 0


@pytest.mark.parametrize("status", ["PENDING", "ACCEPTED", "DECLINED", "CANCELLED"])
def test_whoever_has_said_anything_about_the_day_is_left_alone(person, status):
    expect(person, site_with(AUTO), 0.9)
    IntentionFactory(person=person, status=status)

    assert run() == 0


def test_nobody_is_put_down_whose_company_keeps_forecasts_of_people_off():
    site = site_with(AUTO | FIXED)
    person = UserFactory()
    expect(person, site, 0.9)
    seen(person, site, 1, 2, 3)

    assert run() == 0


def test_nobody_is_put_down_who_is_archived(organization):
    site = site_with(AUTO)
    expect(UserFactory(organization=organization, archived=True), site, 0.9)

    assert run() == 0


def test_only_as_many_as_there_are_seats_the_surest_first(organization):
    site = site_with(AUTO, capacity=2)
    IntentionFactory(site=site)
    people = [UserFactory(organization=organization) for _ in range(2)]
    expect(people[0], site, 0.85)
    expect(people[1], site, 0.95)

    assert run() == 1
    assert made()[0][0] == people[1].pk


def test_one_location_that_goes_wrong_holds_up_no_other(person):
    expect(person, site_with({"auto_schedule": {"enabled": "yes"}}), 0.9)
    expect(person, site_with(AUTO), 0.9, day=MONDAY + DAY)

    assert run() == 1


@pytest.mark.parametrize("settings", [AUTO, FIXED])
def test_who_has_no_access_any_more_is_left_alone(person, settings):
    site, colleague = site_with(settings), UserFactory(organization=person.organization)
    stranger = UserFactory(organization=OrganizationFactory(person_forecasts=True))
    for one in (person, colleague, stranger):
        expect(one, site, 0.99)
        seen(one, site, 1, 2, 3)
    SiteMembership.objects.filter(organization=person.organization).delete()

    assert run() == 1
    assert [row[0] for row in made()] == [stranger.pk]
