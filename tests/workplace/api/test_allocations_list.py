"""GET /allocations. Source: Workplace API; workplace-api, sections 0 and 7."""

import datetime as dt

import pytest
from django.test import Client

from tests.factories import workplace as make
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory
from workplace.models import Allocation

pytestmark = pytest.mark.django_db

PATH = "/workplace/v1/allocations"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def key():
    return WorkplaceKeyFactory()


def get(client: Client, key, **params: object):
    return client.get(PATH, params, headers=key.header)


def found(response) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["_id"] for row in response.json()["data"]["allocations"]]


def test_an_empty_list(client, key):
    assert get(client, key).json() == {
        "success": True,
        "data": {
            "allocations": [],
            "pagination": {"current_results": {"from": 0, "to": 0}, "total_results": 0},
        },
        "identifier": "get_allocations_successful",
    }


def test_each_filter_finds_its_own(client, key):
    person = UserFactory(external_id="P-1")
    desk = make.AllocationFactory(team=make.TeamFactory(external_id="T-1"))
    room = make.AllocationFactory(
        type="ROOM", zone=None, layer=None, room=RoomFactory(), site=SiteFactory()
    )
    seat = make.AllocationFactory(team=None, person=person)

    one = [desk.id]
    assert found(get(client, key, allocation_id=desk.id)) == one
    assert found(get(client, key, location_id=desk.site_id)) == one
    assert found(get(client, key, layer_id=desk.layer_id)) == one
    assert found(get(client, key, zone_id=desk.zone_id)) == one
    assert found(get(client, key, team_id=desk.team_id)) == one
    assert found(get(client, key, external_id="T-1")) == one
    assert found(get(client, key, room_id=room.room_id)) == [room.id]
    assert found(get(client, key, people_id=person.id)) == [seat.id]
    assert found(get(client, key, external_id="P-1")) == [seat.id]


@pytest.mark.parametrize(
    "name",
    ["allocation_id", "location_id", "layer_id", "room_id", "zone_id", "people_id", "team_id"],
)
def test_an_unknown_id_finds_nothing_and_one_that_is_none_is_refused(client, key, name):
    make.AllocationFactory()

    assert found(get(client, key, **{name: "0" * 24})) == []
    refused = get(client, key, **{name: "x"})
    assert refused.status_code == 400
    assert refused.json()["error"]["details"][0]["path"] == name


def test_the_time_is_met_at_both_ends(client, key):
    row = make.AllocationFactory()  # from 8 to 17 UTC
    start, end = row.starts_at, row.ends_at

    def at(first: dt.datetime, last: dt.datetime) -> list[str]:
        return found(get(client, key, starts_at=first.isoformat(), ends_at=last.isoformat()))

    assert at(start - HOUR, start) == [row.id]
    assert at(start - HOUR, start - dt.timedelta(seconds=1)) == []
    assert at(end - dt.timedelta(seconds=1), end + HOUR) == [row.id]
    assert at(end, end + HOUR) == []


def test_a_day_of_the_change_of_clocks_has_25_hours(client, key):
    """Source: workplace-api, section 10, test 3."""
    day = {"starts_at": "2025-10-26", "ends_at": "2025-10-26", "timezone": "Europe/Paris"}
    first = dt.datetime(2025, 10, 25, 22, tzinfo=dt.UTC)
    inside = [
        make.AllocationFactory(starts_at=first + hours * HOUR, ends_at=first + (hours + 1) * HOUR)
        for hours in (0, 24)
    ]
    for hours in (-1, 25):
        make.AllocationFactory(starts_at=first + hours * HOUR, ends_at=first + (hours + 1) * HOUR)

    assert found(get(client, key, **day)) == [row.id for row in inside]


def test_a_date_is_the_locations_day_when_one_is_named_else_utc(client, key):
    site = SiteFactory(time_zone="America/New_York")
    row = make.AllocationFactory(
        zone=make.ZoneFactory(site=site),
        starts_at=dt.datetime(2030, 1, 8, 3, tzinfo=dt.UTC),  # 22:00 on the 7th there
        ends_at=dt.datetime(2030, 1, 8, 4, tzinfo=dt.UTC),
    )
    day = {"starts_at": "2030-01-07", "ends_at": "2030-01-07"}

    assert found(get(client, key, location_id=site.id, **day)) == [row.id]
    assert found(get(client, key, **day)) == []


def test_a_start_after_the_end_is_refused(client, key):
    response = get(client, key, starts_at="2030-01-08", ends_at="2030-01-07")

    assert response.status_code == 400


def test_what_was_deleted_is_hidden(client, key):
    make.AllocationFactory(deleted_at=make.MADE_AT)

    assert found(get(client, key)) == []


def test_rows_come_by_start_and_by_what_is_asked(client, key):
    later = make.AllocationFactory(starts_at=make.NINE + HOUR)
    sooner = make.AllocationFactory(created_at=make.MADE_AT + HOUR)

    assert found(get(client, key)) == [sooner.id, later.id]
    assert found(get(client, key, order="desc")) == [later.id, sooner.id]
    assert found(get(client, key, sort="created_at")) == [later.id, sooner.id]
    assert get(client, key, sort="seats").status_code == 400


@pytest.mark.parametrize("sort", ["starts_at", "people_id", "team_id", "zone_id", "created_at"])
def test_pages_show_each_row_once_whatever_the_order(client, key, sort):
    """Source: workplace-api, section 10, test 11."""
    team, zone = make.TeamFactory(), make.ZoneFactory(capacity=200)
    Allocation.objects.bulk_create(
        make.AllocationFactory.build(
            team=team,
            organization=team.organization,
            zone=zone,
            layer=zone.layer,
            site=zone.layer.site,
        )
        for _ in range(60)
    )

    seen = []
    for skip in range(0, 60, 25):
        seen += found(get(client, key, sort=sort, skip=skip))

    assert len(seen) == len(set(seen)) == 60


def test_an_organization_sees_its_own(client):
    key = WorkplaceKeyFactory(for_organization=True)
    own = make.AllocationFactory(team=make.TeamFactory(organization=key.organization))
    other = make.AllocationFactory()

    assert found(get(client, key)) == [own.id]
    assert found(get(client, key, allocation_id=other.id)) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(
    client, key, count, django_assert_num_queries
):
    for row in make.AllocationFactory.create_batch(count):
        make.AllocationSpaceFactory(allocation=row)
    get(client, key)

    with django_assert_num_queries(
        6
    ):  # the key and its allowance, the count, the rows, their spaces
        assert len(found(get(client, key))) == count
