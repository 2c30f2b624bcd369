"""GET /forecast/people. Source: Workplace API; workplace-api, sections 2, 5, 9 and 13."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sites_app.models import SiteMembership
from tests.factories import workplace as make
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import SiteFactory
from workplace.models import PersonalRead, ReadKind

pytestmark = pytest.mark.django_db

PATH = "/workplace/v1/forecast/people"
DAY = dt.timedelta(days=1)


@pytest.fixture
def key():
    return WorkplaceKeyFactory()


@pytest.fixture
def organization():
    return OrganizationFactory(person_forecasts=True)


def get(client, key, **params):
    return client.get(PATH, params, headers=key.header)


def rows(response) -> list[dict]:
    assert response.status_code == 200, response.content
    return response.json()["data"]["forecasts"]


def ids(response) -> list[str]:
    return [each["_id"] for each in rows(response)]


def test_everything_of_a_day(client, key, organization):
    team = make.TeamFactory(organization=organization)
    plan = make.IntentionFactory(person=UserFactory(organization=organization, external_id="P-7"))
    row = make.PersonForecastFactory(
        person=plan.person, team=team, intention=plan, site=plan.site, probability_inc=0.97
    )

    assert get(client, key).json() == {
        "success": True,
        "data": {
            "forecasts": [
                {
                    "_id": row.pk,
                    "job_id": row.job_id,
                    "location_id": row.site_id,
                    "date": "2030-01-07",
                    "starts_at": "2030-01-06T23:00:00Z",
                    "ends_at": "2030-01-07T23:00:00Z",
                    "people_id": row.person_id,
                    "external_id": "P-7",
                    "team_id": team.pk,
                    "probability": 0.6,
                    "probability_inc": 0.97,
                    "class": "AUTO",
                    "has_intention": True,
                    "intention_id": plan.pk,
                    "created_at": "2030-01-02T09:00:00Z",
                }
            ],
            "pagination": {"current_results": {"from": 1, "to": 1}, "total_results": 1},
        },
        "identifier": "get_people_forecasts_successful",
    }


@pytest.mark.parametrize(
    ("chance", "name"),
    [
        (1.0, "AUTO"),
        (0.8, "AUTO"),
        (0.7999, "LIKELY"),
        (0.5, "LIKELY"),
        (0.4999, "UNLIKELY"),
        (0.0, "UNLIKELY"),
    ],
)
def test_the_class_is_by_the_chance_with_wishes(client, key, organization, chance, name):
    person = UserFactory(organization=organization)
    make.PersonForecastFactory(person=person, probability=0.6, probability_inc=chance)

    (row,) = rows(get(client, key))

    assert (row["class"], row["has_intention"], row["intention_id"]) == (name, False, None)


def test_the_scope_people_forecast_is_needed(client, organization):
    reader = WorkplaceKeyFactory(scopes=["workplace:read"])

    response = get(client, reader)

    assert response.status_code == 403
    assert response.json()["error"]["code"] == "forbidden"
    assert response.json()["identifier"] == "get_people_forecasts_failed"


def test_an_organization_that_has_them_off_is_refused_and_left_out_for_the_operator(
    client, key, organization
):
    off = WorkplaceKeyFactory(for_organization=True)
    make.PersonForecastFactory(person=UserFactory(organization=off.organization))
    make.PersonForecastFactory(person=UserFactory(organization=None))
    shown = make.PersonForecastFactory(person=UserFactory(organization=organization))

    response = get(client, off)

    assert (response.status_code, response.json()["error"]["code"]) == (403, "forbidden")
    assert ids(get(client, key)) == [shown.pk]


def test_who_hides_their_schedule_is_left_out(client, key, organization):
    people = {
        visibility: UserFactory(organization=organization, schedule_visibility=visibility)
        for visibility in ("open", "restricted", "hidden")
    }
    made = {name: make.PersonForecastFactory(person=one).pk for name, one in people.items()}

    assert set(ids(get(client, key))) == {made["open"], made["restricted"]}
    assert ids(get(client, key, people_id=people["hidden"].pk)) == []


def test_filters_find_their_own(client, key, organization):
    team = make.TeamFactory(organization=organization)
    one, two, three = (
        make.PersonForecastFactory(person=UserFactory(organization=organization), team=each)
        for each in (team, None, None)
    )

    assert ids(get(client, key, team_id=team.pk)) == [one.pk]
    assert ids(get(client, key, people_id=[one.person_id, two.person_id])) == sorted(
        [one.pk, two.pk]
    )
    assert ids(get(client, key, location_id=three.site_id)) == [three.pk]
    assert ids(get(client, key, ends_at="2030-01-06T22:59:59Z")) == []


@pytest.mark.parametrize("name", ["location_id", "people_id", "team_id", "sort", "ends_at"])
def test_what_is_none_is_refused(client, key, name):
    response = get(client, key, **{name: "x"})

    assert response.status_code == 400
    assert [each["path"] for each in response.json()["error"]["details"]] == [name]


def test_sorting(client, key, organization):
    later = {
        "starts_at": make.DAY_START + DAY,
        "ends_at": make.DAY_END + DAY,
        "day": make.DAY + DAY,
    }
    small = make.PersonForecastFactory(
        person=UserFactory(organization=organization), probability=0.1
    )
    large = make.PersonForecastFactory(person=UserFactory(organization=organization), **later)

    for sort in ("starts_at", "probability"):
        assert ids(get(client, key, sort=sort)) == [small.pk, large.pk]
        assert ids(get(client, key, sort=sort, order="desc")) == [large.pk, small.pk]
    by_person = sorted([small, large], key=lambda row: row.person_id)
    assert ids(get(client, key, sort="people_id")) == [row.pk for row in by_person]


def test_an_organization_sees_its_own_people_where_it_has_access(client, key, organization):
    own = WorkplaceKeyFactory(owner__organization=organization, for_organization=True)
    site = SiteFactory()
    SiteMembership.objects.create(site=site, organization=organization)
    mine = make.PersonForecastFactory(person=UserFactory(organization=organization), site=site)
    other_company = OrganizationFactory(person_forecasts=True)
    other = make.PersonForecastFactory(person=UserFactory(organization=other_company), site=site)
    make.PersonForecastFactory(person=mine.person)  # where it has no access

    assert ids(get(client, own)) == [mine.pk]
    assert ids(get(client, own, people_id=other.person_id)) == []


def test_each_reading_is_written_down(client, key, organization):
    row = make.PersonForecastFactory(person=UserFactory(organization=organization))

    get(client, key)
    get(client, key, people_id=row.person_id)

    noted = PersonalRead.objects.order_by("pk").values_list("kind", "api_token", "people", "rows")
    assert sorted(noted, key=str) == sorted(
        [
            (ReadKind.FORECAST, key.pk, [], 1),
            (ReadKind.FORECAST, key.pk, [row.person_id], 1),
        ],
        key=str,
    )


def test_queries_do_not_grow_with_rows(client, key, organization):
    counts = []
    for number in (1, 2):
        for _ in range(number):
            make.PersonForecastFactory(person=UserFactory(organization=organization))
        get(client, key)
        with CaptureQueriesContext(connection) as queries:
            get(client, key)
        counts.append(len(queries))

    assert counts[0] == counts[1]
