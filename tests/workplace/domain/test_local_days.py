"""Stored days follow the clock of their location."""

import datetime as dt

import pytest

from config.celery import app
from sites_app.models import Site
from tests.factories import workplace as make
from workplace.domain import local_days

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = dt.date(2030, 1, 7), dt.date(2030, 1, 8)
LATE = dt.datetime(2030, 1, 7, 22, 59, tzinfo=dt.UTC)


def test_days_follow_the_clock_of_the_location():
    moved, stays = make.OccupancyFactory(seen_at=LATE), make.OccupancyFactory(seen_at=LATE)
    plan = make.IntentionFactory(site=moved.site, starts_at=LATE)
    assert [row.day for row in (moved, stays, plan)] == [MONDAY, MONDAY, MONDAY]
    Site.objects.filter(pk=moved.site_id).update(time_zone="Asia/Tokyo")

    assert local_days.follow_clocks() == 2

    for row in (moved, stays, plan):
        row.refresh_from_db()
    assert [row.day for row in (moved, stays, plan)] == [TUESDAY, MONDAY, TUESDAY]
    assert local_days.follow_clocks() == 0


def test_it_is_done_by_itself():
    names = {one["task"] for one in app.conf.beat_schedule.values()}

    assert "workplace.follow_clocks" in names
    app.tasks["workplace.follow_clocks"].apply().get()
