"""What becomes of old and of deleted presence. Source: workplace-api, section 0, Deletion; section 9."""

import datetime as dt

import pytest

from config.celery import app
from tests.factories import workplace as make
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import SiteFactory
from workplace.domain import occupancy_deletion, personal_reads
from workplace.models import AttendanceDay, Occupancy, PersonalRead

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 8, 10, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
WEEK = dt.timedelta(days=7)
OLD = dt.date(2028, 12, 7)


def seen(day: dt.date, hour: int = 9, **fields) -> Occupancy:
    moment = dt.datetime.combine(day, dt.time(hour), dt.UTC)
    return make.OccupancyFactory(**{"seen_at": moment, "updated_at": moment} | fields)


def numbers() -> list[tuple[object, ...]]:
    rows = AttendanceDay.objects.order_by("day", "people", "pk")
    return list(rows.values_list("day", "team_id", "people"))


def test_deleted_records_are_purged_after_30_days():
    kept = make.OccupancyFactory(deleted_at=NOW - dt.timedelta(days=30))
    live = make.OccupancyFactory()
    make.OccupancyFactory(deleted_at=NOW - dt.timedelta(days=30) - SECOND)

    assert occupancy_deletion.purge(now=NOW) == 1

    assert set(Occupancy.objects.values_list("pk", flat=True)) == {kept.pk, live.pk}


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (dt.date(2030, 1, 8), dt.date(2028, 12, 8)),
        (dt.date(2030, 3, 31), dt.date(2029, 2, 28)),
        (dt.date(2029, 3, 31), dt.date(2028, 2, 29)),
        (dt.date(2030, 12, 31), dt.date(2029, 11, 30)),
        (dt.date(2030, 2, 1), dt.date(2029, 1, 1)),
    ],
)
def test_records_are_kept_for_13_months(today, first):
    assert occupancy_deletion.first_kept_day(today) == first


def test_old_records_become_numbers_of_people_a_team():
    site, person = SiteFactory(), UserFactory()
    team = make.TeamFactory(organization=person.organization, members=[person])
    colleague = UserFactory(organization=person.organization)
    seen(OLD, 8, site=site, person=person)
    seen(OLD, 9, site=site, person=person)
    seen(OLD, site=site, person=colleague, team=team)
    seen(OLD, site=site, person=UserFactory(organization=person.organization))
    seen(OLD, site=site)
    gone = seen(OLD, site=site, deleted_at=NOW)
    kept = seen(OLD + dt.timedelta(days=1), site=site)

    assert occupancy_deletion.age(now=NOW) == 1

    assert set(Occupancy.objects.values_list("pk", flat=True)) == {gone.pk, kept.pk}
    assert numbers() == [(OLD, None, 1), (OLD, None, 1), (OLD, team.pk, 2)]
    own = AttendanceDay.objects.filter(organization=person.organization)
    assert sorted(own.values_list("people", flat=True)) == [1, 2]
    assert occupancy_deletion.age(now=NOW) == 0


def test_who_is_told_of_again_after_the_day_was_counted_is_not_counted_twice():
    site, person = SiteFactory(), UserFactory()
    seen(OLD, 8, site=site, person=person)
    occupancy_deletion.age(now=NOW)
    seen(OLD, 8, site=site, person=person)
    seen(OLD, 17, site=site, person=person)

    assert occupancy_deletion.age(now=NOW) == 1

    assert numbers() == [(OLD, None, 1)]
    assert not Occupancy.objects.exists()


def test_a_day_that_is_told_in_full_after_it_was_counted_has_the_larger_number():
    site, person = SiteFactory(), UserFactory()
    seen(OLD, site=site, person=person)
    occupancy_deletion.age(now=NOW)
    for one in (person, UserFactory(organization=person.organization)):
        seen(OLD, site=site, person=one)

    occupancy_deletion.age(now=NOW)

    assert numbers() == [(OLD, None, 2)]


def test_an_old_day_of_which_something_came_lately_waits_for_the_rest_of_its_import():
    site = SiteFactory()
    seen(OLD, site=site)
    seen(OLD, site=site, updated_at=NOW - WEEK)
    seen(OLD, site=site, updated_at=NOW, deleted_at=NOW)

    assert occupancy_deletion.age(now=NOW) == 0
    assert occupancy_deletion.age(now=NOW + SECOND) == 1

    assert [people for _day, _team, people in numbers()] == [1, 1]


def test_readings_of_personal_data_are_kept_for_a_year():
    for age in (365, 366):
        PersonalRead.objects.create(
            kind="occupancy", people=[], rows=1, at=NOW - dt.timedelta(days=age)
        )

    assert personal_reads.prune(now=NOW) == 1


@pytest.mark.parametrize("name", ["purge_occupancy", "age_occupancy", "prune_personal_reads"])
def test_sweeps_are_scheduled(name):
    names = {one["task"] for one in app.conf.beat_schedule.values()}

    assert f"workplace.{name}" in names
    app.tasks[f"workplace.{name}"].apply().get()
