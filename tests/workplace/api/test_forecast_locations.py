"""GET /forecast/locations. Source: Workplace API; workplace-api, sections 0, 5, 12 and 13."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sites_app.models import SiteMembership
from tests.factories import workplace as make
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.sites_app import SiteFactory

pytestmark = pytest.mark.django_db

PATH = "/workplace/v1/forecast/locations"
DAY = dt.timedelta(days=1)


@pytest.fixture
def key():
    return WorkplaceKeyFactory()


def get(client, key, **params):
    return client.get(PATH, params, headers=key.header)


def rows(response) -> list[dict]:
    assert response.status_code == 200, response.content
    return response.json()["data"]["forecasts"]


def ids(response) -> list[str]:
    return [each["_id"] for each in rows(response)]


def on(day: int, **facts):
    """Forecast a day of January 2030 in Paris."""
    midnight = dt.datetime(2030, 1, day, tzinfo=dt.UTC) - dt.timedelta(hours=1)
    return make.LocationForecastFactory(
        day=dt.date(2030, 1, day), starts_at=midnight, ends_at=midnight + DAY, **facts
    )


def test_everything_of_a_day(client, key):
    row = make.LocationForecastFactory(
        site=SiteFactory(name="Workways Paris"),
        intentions=41,
        over_capacity_probability=0.01,
        model_name="people+special-days",
        model_version="1",
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
                    "capacity": 120,
                    "head_count": 310,
                    "forecast": 87.4,
                    "forecast_inc": 96,
                    "interval_80": {"low": 76, "high": 99},
                    "interval_95": {"low": 69, "high": 108},
                    "intentions": 41,
                    "utilisation": 0.728,
                    "utilisation_inc": 0.8,
                    "over_capacity_probability": 0.01,
                    "is_holiday": False,
                    "quality": "ok",
                    "model": {"name": "people+special-days", "version": "1"},
                    "created_at": "2030-01-02T09:00:00Z",
                }
            ],
            "pagination": {"current_results": {"from": 1, "to": 1}, "total_results": 1},
        },
        "identifier": "get_location_forecasts_successful",
    }


def test_without_a_capacity_nothing_is_said_of_it(client, key):
    make.LocationForecastFactory(capacity=None)

    (row,) = rows(get(client, key))

    assert [row[name] for name in ("capacity", "utilisation", "utilisation_inc")] == [None] * 3
    assert row["over_capacity_probability"] is None


def test_several_locations(client, key):
    one, two, _three = on(7), on(8), on(9)

    wanted = [one.site_id, two.site_id]
    assert ids(get(client, key, location_id=wanted)) == [one.pk, two.pk]
    assert ids(get(client, key, location_id=",".join(wanted))) == [one.pk, two.pk]
    assert ids(get(client, key, **{"location_id[]": wanted[0]})) == [one.pk]
    assert ids(get(client, key, location_id="0" * 24)) == []


def test_days_that_meet_the_range_at_either_end(client, key):
    row = on(7)  # 2030-01-06T23:00Z to 2030-01-07T23:00Z

    assert ids(get(client, key, starts_at="2030-01-07T22:59:59Z")) == [row.pk]
    assert ids(get(client, key, starts_at="2030-01-07T23:00:00Z")) == []
    assert ids(get(client, key, ends_at="2030-01-06T23:00:00Z")) == [row.pk]
    assert ids(get(client, key, ends_at="2030-01-06T22:59:59Z")) == []


def test_a_date_alone_is_the_day_of_the_one_location_named_else_utc(client, key):
    site = SiteFactory()
    sixth, seventh, eighth = (on(day, site=site).pk for day in (6, 7, 8))
    day = {"starts_at": "2030-01-07", "ends_at": "2030-01-07"}

    assert ids(get(client, key, location_id=site.pk, **day)) == [seventh]
    assert ids(get(client, key, **day)) == [seventh, eighth]  # the UTC day meets two
    assert ids(get(client, key, timezone="Europe/Paris", **day)) == [seventh]
    assert ids(get(client, key, timezone="America/New_York", **day)) == [seventh, eighth]
    assert sixth not in ids(get(client, key, **day))


@pytest.mark.parametrize(
    ("sent", "path", "code"),
    [
        ({"location_id": "x"}, "location_id", ""),
        ({"starts_at": "2030-01-07T10:00:00"}, "starts_at", "naive_time"),
        (
            {"starts_at": "2030-01-07T10:00:00+02:00", "timezone": "Europe/Paris"},
            "starts_at",
            "ambiguous_timezone",
        ),
        ({"starts_at": "2030-01-08", "ends_at": "2030-01-07"}, "starts_at", ""),
        ({"timezone": "Europe/Nowhere"}, "timezone", ""),
        ({"granularity": "minute"}, "granularity", ""),
        ({"sort": "capacity"}, "sort", ""),
        ({"limit": "1001"}, "limit", ""),
    ],
)
def test_what_is_refused(client, key, sent, path, code):
    response = get(client, key, **sent)

    assert response.status_code == 400
    (detail,) = response.json()["error"]["details"]
    assert (detail["path"], detail.get("code", "")) == (path, code)


@pytest.mark.parametrize(
    ("sort", "facts"),
    [
        ("starts_at", {}),
        ("forecast", {"forecast": "99.00"}),
        ("forecast_inc", {"forecast_inc": 97}),
    ],
)
def test_sorting(client, key, sort, facts):
    small, large = on(7), on(8, **facts)

    assert ids(get(client, key, sort=sort)) == [small.pk, large.pk]
    assert ids(get(client, key, sort=sort, order="desc")) == [large.pk, small.pk]
    by_place = sorted([small, large], key=lambda row: row.site_id)
    assert ids(get(client, key, sort="location_id")) == [row.pk for row in by_place]


def test_an_organization_sees_its_own_peoples_rows_where_it_has_access(client, key):
    own = WorkplaceKeyFactory(for_organization=True)
    site = SiteFactory()
    SiteMembership.objects.create(site=site, organization=own.organization)
    whole = on(7, site=site)
    mine = on(7, site=site, organization=own.organization, forecast="3.00", job=whole.job)
    on(7, site=site, organization=make.TeamFactory().organization)
    on(7, organization=own.organization)  # where it has no access

    (row,) = rows(get(client, own))

    assert (row["_id"], row["forecast"]) == (mine.pk, 3.0)
    assert row["job_id"] is None  # the operator's job is none of its business
    assert ids(get(client, key, location_id=site.pk)) == [whole.pk]


def test_queries_do_not_grow_with_rows(client, key):
    counts = []
    for number in (1, 2):
        for each in range(number):
            on(7 + number + each)
        get(client, key)
        with CaptureQueriesContext(connection) as queries:
            get(client, key)
        counts.append(len(queries))

    assert counts[0] == counts[1]


# --- by the hour --------------------------------------------------------------------------------

HOURS = [
    {"hour": 8, "forecast": 20.0},
    {"hour": 9, "forecast": 60.0},
    {"hour": 10, "forecast": 7.4},
]


def test_everything_of_an_hour(client, key):
    row = make.LocationForecastFactory(hourly=HOURS[1:2], site=SiteFactory(name="Workways Paris"))

    response = get(client, key, granularity="hour")

    assert response.json()["identifier"] == "get_location_forecasts_successful"
    assert rows(response) == [
        {
            "_id": row.pk,
            "job_id": row.job_id,
            "location_id": row.site_id,
            "location_name": "Workways Paris",
            "timezone": "Europe/Paris",
            "date": "2030-01-07",
            "hour": 9,
            "starts_at": "2030-01-07T08:00:00Z",
            "ends_at": "2030-01-07T09:00:00Z",
            "forecast": 60.0,
            "forecast_inc": 65.9,
            "quality": "ok",
            "created_at": "2030-01-02T09:00:00Z",
        }
    ]


def test_hours_follow_each_other_and_sum_to_their_day(client, key):
    site = SiteFactory()
    on(8, hourly=HOURS, site=site)
    on(7, hourly=HOURS, site=site)
    on(9, hourly=[], quality="closed", site=site)

    found = rows(get(client, key, granularity="hour"))

    assert [(each["date"][-2:], each["hour"]) for each in found] == [
        ("07", 8),
        ("07", 9),
        ("07", 10),
        ("08", 8),
        ("08", 9),
        ("08", 10),
    ]
    assert sum(each["forecast"] for each in found[:3]) == pytest.approx(87.4)


def test_hours_that_meet_the_range(client, key):
    on(7, hourly=HOURS)

    def hours(**span):
        return [each["hour"] for each in rows(get(client, key, granularity="hour", **span))]

    assert hours(starts_at="2030-01-07T08:59:59Z") == [9, 10]
    assert hours(starts_at="2030-01-07T09:00:00Z") == [10]
    assert hours(ends_at="2030-01-07T08:00:00Z") == [8, 9]
    assert hours(ends_at="2030-01-07T07:59:59Z") == [8]


def test_pages_and_sorting_of_hours(client, key):
    on(7, hourly=HOURS)

    response = get(client, key, granularity="hour", sort="forecast", order="desc", limit=2)

    assert [each["hour"] for each in rows(response)] == [9, 8]
    assert response.json()["data"]["pagination"] == {
        "current_results": {"from": 1, "to": 2},
        "total_results": 3,
    }
    rest = get(client, key, granularity="hour", sort="forecast_inc", skip=2)
    assert [each["hour"] for each in rows(rest)] == [9]
    assert rows(get(client, key, granularity="hour", sort="location_id", skip=3)) == []
