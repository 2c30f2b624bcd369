"""GET /forecast/teams. Source: Workplace API; workplace-api, section 5."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sites_app.models import SiteMembership
from tests.factories import workplace as make
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.sites_app import SiteFactory

pytestmark = pytest.mark.django_db

PATH = "/workplace/v1/forecast/teams"
DAY = dt.timedelta(days=1)


@pytest.fixture
def key():
    return WorkplaceKeyFactory()


def get(client, key, **params):
    return client.get(PATH, params, headers=key.header)


def ids(response) -> list[str]:
    assert response.status_code == 200, response.content
    return [each["_id"] for each in response.json()["data"]["forecasts"]]


def test_everything_of_a_day(client, key):
    row = make.TeamForecastFactory(
        team=make.TeamFactory(name="Accounting"),
        site=SiteFactory(name="Workways Paris"),
        min_capacity=4,
        contingency=10,
        co_attendance=0.41,
        intentions=3,
    )

    assert get(client, key).json() == {
        "success": True,
        "data": {
            "forecasts": [
                {
                    "_id": row.pk,
                    "job_id": row.job_id,
                    "location_id": row.site_id,
                    "location_name": "Workways Paris",
                    "timezone": "Europe/Paris",
                    "date": "2030-01-07",
                    "starts_at": "2030-01-06T23:00:00Z",
                    "ends_at": "2030-01-07T23:00:00Z",
                    "team_id": row.team_id,
                    "team_name": "Accounting",
                    "organization_id": row.team.organization_id,
                    "head_count": 18,
                    "min_capacity": 4,
                    "target": None,
                    "contingency": 10,
                    "co_attendance": 0.41,
                    "forecast": 7.4,
                    "forecast_inc": 9,
                    "interval_80": {"low": 5, "high": 10},
                    "interval_95": {"low": 4, "high": 12},
                    "intentions": 3,
                    "is_holiday": False,
                    "quality": "ok",
                    "created_at": "2030-01-02T09:00:00Z",
                }
            ],
            "pagination": {"current_results": {"from": 1, "to": 1}, "total_results": 1},
        },
        "identifier": "get_team_forecasts_successful",
    }


def test_filters_find_their_own(client, key):
    one, two, three = (make.TeamForecastFactory() for _ in range(3))

    assert ids(get(client, key, team_id=[one.team_id, two.team_id])) == sorted([one.pk, two.pk])
    assert ids(get(client, key, location_id=three.site_id)) == [three.pk]
    assert ids(get(client, key, location_id=three.site_id, team_id=one.team_id)) == []
    assert ids(get(client, key, starts_at="2030-01-07T23:00:00Z")) == []
    day = {"starts_at": "2030-01-07", "ends_at": "2030-01-07", "timezone": "Europe/Paris"}
    assert len(ids(get(client, key, **day))) == 3


@pytest.mark.parametrize("name", ["location_id", "team_id", "sort", "starts_at"])
def test_what_is_none_is_refused(client, key, name):
    response = get(client, key, **{name: "x"})

    assert response.status_code == 400
    assert [each["path"] for each in response.json()["error"]["details"]] == [name]


def test_sorting(client, key):
    later = {
        "starts_at": make.DAY_START + DAY,
        "ends_at": make.DAY_END + DAY,
        "day": make.DAY + DAY,
    }
    first = make.TeamForecastFactory(team=make.TeamFactory(name="A"), forecast="1.00")
    second = make.TeamForecastFactory(team=make.TeamFactory(name="B"), forecast="2.00", **later)

    for sort in ("starts_at", "team_name", "forecast"):
        assert ids(get(client, key, sort=sort)) == [first.pk, second.pk]
        assert ids(get(client, key, sort=sort, order="desc")) == [second.pk, first.pk]
    by_team = sorted([first, second], key=lambda row: row.team_id)
    assert ids(get(client, key, sort="team_id")) == [row.pk for row in by_team]


def test_an_organization_sees_its_own_teams_where_it_has_access(client, key):
    own = WorkplaceKeyFactory(for_organization=True)
    site = SiteFactory()
    SiteMembership.objects.create(site=site, organization=own.organization)
    team = make.TeamFactory(organization=own.organization)
    mine = make.TeamForecastFactory(team=team, site=site)
    other = make.TeamForecastFactory(site=site)
    make.TeamForecastFactory(team=team)  # where it has no access

    assert ids(get(client, own)) == [mine.pk]
    assert ids(get(client, own, team_id=other.team_id)) == []
    assert len(ids(get(client, key))) == 3


def test_queries_do_not_grow_with_rows(client, key):
    counts = []
    for number in (1, 2):
        for _ in range(number):
            make.TeamForecastFactory()
        get(client, key)
        with CaptureQueriesContext(connection) as queries:
            get(client, key)
        counts.append(len(queries))

    assert counts[0] == counts[1]
