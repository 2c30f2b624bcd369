"""Statements that are planned once a connection. Source: stack, "Connection settings"."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config import prepared
from sites_app.models import Site
from tests.factories.sites_app import SiteFactory

pytestmark = pytest.mark.django_db

INSTANT = dt.datetime(2030, 3, 31, 1, 30, 0, 123456, tzinfo=dt.UTC)
RENAME = 'UPDATE "sites_app_site" SET "name" = %s, "city" = %s WHERE "id" = %s'


def unwatched(action: Callable[[], Any]) -> Any:
    return action()


def watched(action: Callable[[], Any]) -> Any:
    """Run it as while somebody counts queries: on Django's own cursor."""
    with CaptureQueriesContext(connection):
        return action()


@pytest.mark.parametrize("run", [unwatched, watched])
@pytest.mark.parametrize("instant", [INSTANT, INSTANT.replace(microsecond=0), None])
def test_instants_are_read_in_utc(run: Callable[..., Any], instant: dt.datetime | None) -> None:
    row = run(lambda: prepared.first_row("SELECT %(at)s::timestamptz", {"at": instant}))

    assert row == (instant,)
    assert row[0] is None or row[0].tzinfo is dt.UTC


def test_an_instant_given_in_another_zone_is_the_same_instant() -> None:
    paris = INSTANT.astimezone(dt.timezone(dt.timedelta(hours=2)))

    row = prepared.first_row("SELECT %(at)s::timestamptz", {"at": paris})

    assert row == (INSTANT,)
    assert row[0].tzinfo is dt.UTC


@pytest.mark.parametrize("run", [unwatched, watched])
def test_values_are_written_as_they_are(run: Callable[..., Any]) -> None:
    site, other = SiteFactory(), SiteFactory()

    run(lambda: prepared.write_values(RENAME, ["100 %s of $1", "%(city)s", site.pk]))

    assert Site.objects.values_list("name", "city").get(pk=site.pk) == ("100 %s of $1", "%(city)s")
    assert Site.objects.values_list("name").get(pk=other.pk) == (other.name,)
