"""POST /allocations. Source: Workplace API; workplace-api, sections 0, 7 and 13."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from booking.models import Meeting, Reservation
from sites_app.models import Room, Site
from tests.factories import workplace as make
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import (
    RoomFactory,
    RoomLeaseFactory,
    SiteFactory,
    SiteMembershipFactory,
)
from workplace.models import Allocation, AllocationSpace, Team, Zone

pytestmark = pytest.mark.django_db

PATH = "/workplace/v1/allocations"
NOW = "2030-01-03T10:00:00Z"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return SiteFactory(name="Workways Paris", time_zone="Europe/Paris")


@pytest.fixture
def zone(site: Site) -> Zone:
    return make.ZoneFactory(site=site, capacity=10)


@pytest.fixture
def team() -> Team:
    return make.TeamFactory()


@pytest.fixture
def key():
    return WorkplaceKeyFactory()


def post(client: Client, key, *items: object, **headers: str):
    body = {"allocations": list(items)}
    return client.post(
        PATH, body, content_type="application/json", headers={**key.header, **headers}
    )


def item(site: Site, **fields: object) -> dict[str, object]:
    return {
        "location_id": site.id,
        "starts_at": "2030-01-07T08:00:00Z",
        "ends_at": "2030-01-07T17:00:00Z",
        "type": "SPACE",
        **fields,
    }


def problems(response) -> list[tuple[str, str]]:
    return [(each["path"], each["message"]) for each in response.json()["error"]["details"]]


def codes(response) -> list[tuple[str, str]]:
    return [(each["path"], each["code"]) for each in response.json()["error"]["details"]]


def test_a_team_gets_seats_in_a_zone(client, key, site, zone, team):
    response = post(client, key, item(site, team_id=team.id, zone_id=zone.id, seats=4))

    assert response.status_code == 200
    row = Allocation.objects.get()
    assert response.json() == {
        "success": True,
        "data": {
            "allocations": [
                {
                    "_id": row.id,
                    "external_id": None,
                    "location_id": site.id,
                    "location_name": "Workways Paris",
                    "layer_id": zone.layer.id,
                    "layer_name": zone.layer.name,
                    "zone_id": zone.id,
                    "zone_name": zone.name,
                    "room_id": None,
                    "type": "SPACE",
                    "spaces": [],
                    "seats": 4,
                    "people_id": None,
                    "team_id": team.id,
                    "starts_at": "2030-01-07T08:00:00Z",
                    "ends_at": "2030-01-07T17:00:00Z",
                    "timezone": "Europe/Paris",
                    "source": "API",
                    "locked": True,
                    "evolution_id": None,
                    "intention_id": None,
                    "version": 1,
                    "created_at": "2030-01-03T10:00:00Z",
                    "updated_at": "2030-01-03T10:00:00Z",
                }
            ]
        },
        "identifier": "create_allocations_successful",
    }
    assert row.organization == team.organization


def test_a_person_sits_with_their_team_or_by_themselves(client, key, site, zone, team):
    person = UserFactory(organization=team.organization)
    other = UserFactory()

    response = post(
        client,
        key,
        item(site, team_id=team.id, people_id=person.id, zone_id=zone.id),
        item(site, people_id=other.id, layer_id=zone.layer.id, locked=False),
    )

    shown = response.json()["data"]["allocations"]
    assert [(row["people_id"], row["team_id"], row["seats"]) for row in shown] == [
        (person.id, team.id, 1),
        (other.id, None, 1),
    ]
    assert [row["locked"] for row in shown] == [True, False]
    assert [row["layer_id"] for row in shown] == [zone.layer.id] * 2


def test_external_ids_name_the_team_and_the_person(client, key, site, zone):
    team = make.TeamFactory(external_id="T-1")
    person = UserFactory(organization=team.organization, external_id="P-1")

    response = post(
        client,
        key,
        item(site, team_external_id="T-1", people_external_id="P-1", zone_id=zone.id),
    )

    row = Allocation.objects.get()
    assert (response.status_code, row.team, row.person) == (200, team, person)


def test_an_external_id_that_several_organizations_use_is_refused(client, key, site, zone):
    make.TeamFactory(external_id="T-1")
    make.TeamFactory(external_id="T-1")

    response = post(client, key, item(site, team_external_id="T-1", zone_id=zone.id))

    assert response.status_code == 400
    assert problems(response) == [
        ("allocations[0].team_external_id", "names teams of several organizations")
    ]


def test_spaces_make_the_seats_the_zone_and_the_layer(client, key, site, zone, team):
    desks = [make.SpaceFactory(zone=zone) for _ in range(2)]

    response = post(client, key, item(site, team_id=team.id, spaces=[desk.id for desk in desks]))

    (shown,) = response.json()["data"]["allocations"]
    assert (shown["seats"], shown["zone_id"], shown["layer_id"]) == (2, zone.id, zone.layer.id)
    assert shown["spaces"] == sorted(desk.id for desk in desks)
    assert AllocationSpace.objects.filter(holds=True, of_person=False).count() == 2


def test_a_team_without_seats_gets_its_forecast_else_its_heads(client, key, site, zone):
    with_forecast, without = (
        make.TeamFactory(),
        make.TeamFactory(members=UserFactory.create_batch(2)),
    )
    make.TeamForecastFactory(team=with_forecast, site=site, day=dt.date(2030, 1, 7), forecast_inc=7)

    response = post(
        client,
        key,
        item(site, team_id=with_forecast.id, zone_id=zone.id),
        item(site, team_id=without.id, zone_id=zone.id),
    )

    assert [row["seats"] for row in response.json()["data"]["allocations"]] == [7, 2]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"type": None}, ("type", "is required")),
        ({"location_id": None}, ("location_id", "is required")),
        ({"starts_at": None}, ("starts_at", "is required")),
        ({"ends_at": None}, ("ends_at", "is required")),
        ({"type": "DESK"}, ("type", "must be one of SPACE, ROOM")),
        ({"location_id": "x"}, ("location_id", "must be an id of 24 hexadecimal characters")),
        ({"seats": 0}, ("seats", "must be at least 1")),
        ({"ends_at": "2030-01-07T08:00:00Z"}, ("ends_at", "must be after starts_at")),
        ({"source": "API"}, ("source", "is not known")),
        ({"spaces": "x"}, ("spaces", "must be an array")),
        ({"locked": "yes"}, ("locked", "must be true or false")),
        (
            {"starts_at": "2030-01-07T08:00:00"},
            ("starts_at", "must end with Z or an offset, or come with timezone"),
        ),
    ],
)
def test_what_cannot_be_read_is_refused(client, key, site, team, fields, found):
    response = post(client, key, item(site, team_id=team.id, **fields))

    assert response.status_code == 400
    assert problems(response) == [(f"allocations[0].{found[0]}", found[1])]
    assert not Allocation.objects.exists()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, ("allocations", "is required")),
        ({"allocations": []}, ("allocations", "must not be empty")),
        ({"allocations": [1]}, ("allocations[0]", "must be an object")),
        ({"allocations": [{}] * 1001}, ("", "Malformed JSON: more than 1000 items")),
        ({"allocations": [{}], "x": 1}, ("x", "is not known")),
    ],
)
def test_a_body_of_another_shape_is_refused(client, key, body, message):
    response = client.post(PATH, body, content_type="application/json", headers=key.header)

    assert response.status_code == 400
    assert message in problems(response)


def test_either_a_team_or_a_person_is_needed(client, key, site, zone):
    response = post(client, key, item(site, zone_id=zone.id))

    assert codes(response) == [("allocations[0]", "required")]


def test_a_person_of_another_organization_does_not_sit_with_the_team(client, key, site, zone, team):
    stranger = UserFactory()

    response = post(
        client, key, item(site, team_id=team.id, people_id=stranger.id, zone_id=zone.id)
    )

    assert problems(response) == [("allocations[0].people_id", "is not of the team's organization")]


def test_a_person_has_one_seat(client, key, site, zone):
    desks = [make.SpaceFactory(zone=zone) for _ in range(2)]
    person = UserFactory()

    response = post(
        client,
        key,
        item(site, people_id=person.id, zone_id=zone.id, seats=2),
        item(site, people_id=UserFactory().id, spaces=[desk.id for desk in desks]),
    )

    assert problems(response) == [
        ("allocations[0].seats", "must be one for a person"),
        ("allocations[1].spaces", "must be one for a person"),
    ]


def test_seats_are_the_spaces(client, key, site, zone, team):
    desk = make.SpaceFactory(zone=zone)

    response = post(client, key, item(site, team_id=team.id, spaces=[desk.id], seats=2))

    assert problems(response) == [("allocations[0].seats", "must be the number of spaces")]


def test_a_layer_that_is_not_the_zones_is_refused(client, key, site, zone, team):
    layer = make.LayerFactory(site=site)

    response = post(client, key, item(site, team_id=team.id, zone_id=zone.id, layer_id=layer.id))

    assert problems(response) == [
        ("allocations[0].layer_id", "is not the layer of this zone, room or space")
    ]


def test_a_desk_of_another_zone_is_refused(client, key, site, zone, team):
    desk = make.SpaceFactory(zone=make.ZoneFactory(layer=zone.layer))

    response = post(client, key, item(site, team_id=team.id, zone_id=zone.id, spaces=[desk.id]))

    assert problems(response) == [("allocations[0].spaces[0]", "does not stand in this zone")]


def test_places_out_of_use_are_refused(client, key, site, zone, team):
    closed = make.ZoneFactory(site=site, is_active=False)
    broken = make.SpaceFactory(zone=zone, is_active=False)

    response = post(
        client,
        key,
        item(site, team_id=team.id, zone_id=closed.id),
        item(site, team_id=team.id, spaces=[broken.id]),
    )

    assert problems(response) == [
        ("allocations[0].zone_id", "is not in use"),
        ("allocations[1].spaces[0]", "is not in use"),
    ]


def test_ids_that_name_nothing_are_all_told(client, key, site, zone):
    nothing, elsewhere = "0" * 24, make.ZoneFactory()

    response = post(
        client,
        key,
        item(site, team_id=nothing, people_id=nothing, layer_id=nothing, room_id=nothing),
        item(site, team_id=nothing, zone_id=elsewhere.id, spaces=[nothing]),
        {**item(site), "location_id": nothing},
        item(site, team_external_id="none", people_external_id="none"),
    )

    assert response.status_code == 404
    assert problems(response) == [
        ("allocations[0].team_id", "Team not found"),
        ("allocations[0].people_id", "Person not found"),
        ("allocations[0].layer_id", "Layer not found"),
        ("allocations[0].room_id", "Room not found"),
        ("allocations[1].team_id", "Team not found"),
        ("allocations[1].zone_id", "Zone not found"),
        ("allocations[1].spaces[0]", "Space not found"),
        ("allocations[2].location_id", "Location not found"),
        ("allocations[3].team_external_id", "Team not found"),
        ("allocations[3].people_external_id", "Person not found"),
    ]


def test_a_whole_batch_is_refused_for_one_item(client, key, site, zone, team):
    response = post(
        client,
        key,
        item(site, team_id=team.id, zone_id=zone.id, seats=1),
        item(site, team_id=team.id, zone_id=zone.id, seats=11),
    )

    assert response.status_code == 409
    assert not Allocation.objects.exists()


# --- times ------------------------------------------------------------------------------------


def test_a_date_is_the_locations_day(client, key, site, zone, team):
    response = post(
        client,
        key,
        item(
            site,
            team_id=team.id,
            zone_id=zone.id,
            seats=1,
            starts_at="2030-03-31",
            ends_at="2030-03-31",
        ),
    )

    (shown,) = response.json()["data"]["allocations"]
    assert (shown["starts_at"], shown["ends_at"]) == (
        "2030-03-30T23:00:00Z",
        "2030-03-31T22:00:00Z",
    )


def test_with_a_time_zone_the_digits_are_its_wall(client, key, site, zone, team):
    fields = {"starts_at": "2030-01-07T09:00:00", "ends_at": "2030-01-07T18:00:00Z"}

    response = post(
        client,
        key,
        item(site, team_id=team.id, zone_id=zone.id, seats=1, timezone="Europe/London", **fields),
    )

    (shown,) = response.json()["data"]["allocations"]
    assert (shown["starts_at"], shown["ends_at"]) == (
        "2030-01-07T09:00:00Z",
        "2030-01-07T18:00:00Z",
    )


OPEN = [{"days": [1, 2, 3, 4, 5], "open": "07:00", "close": "21:00"}]


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "is_open"),
    [
        ("2030-01-07T07:00:00", "2030-01-07T21:00:00", True),
        ("2030-01-07T06:59:00", "2030-01-07T21:00:00", False),
        ("2030-01-07T07:00:00", "2030-01-07T21:01:00", False),
        ("2030-01-07", "2030-01-07", True),  # a Monday
        ("2030-01-06", "2030-01-06", False),  # a Sunday
        ("2030-01-06", "2030-01-07", False),
    ],
)
def test_outside_the_operating_hours_nobody_sits(
    client, key, site, zone, team, starts_at, ends_at, is_open
):
    site.operating_hours = OPEN
    site.save()
    times = {"starts_at": starts_at, "ends_at": ends_at, "timezone": "Europe/Paris"}

    response = post(client, key, item(site, team_id=team.id, zone_id=zone.id, seats=1, **times))

    assert response.status_code == (200 if is_open else 400)
    if not is_open:
        assert codes(response) == [("allocations[0].starts_at", "location_closed")]


def test_a_time_that_is_over_may_be_written(client, key, site, zone, team):
    times = {"starts_at": "2029-01-08T08:00:00Z", "ends_at": "2029-01-08T17:00:00Z"}

    assert (
        post(
            client, key, item(site, team_id=team.id, zone_id=zone.id, seats=1, **times)
        ).status_code
        == 200
    )


# --- conflicts --------------------------------------------------------------------------------


def test_a_space_is_given_once(client, key, site, zone, team):
    desk = make.SpaceFactory(zone=zone)
    stored = make.AllocationFactory(zone=zone, seats=1)
    make.AllocationSpaceFactory(allocation=stored, space=desk)

    response = post(client, key, item(site, team_id=team.id, spaces=[desk.id]))

    assert response.status_code == 409
    assert response.json()["error"]["details"] == [
        {
            "path": "allocations[0].spaces",
            "message": "This space is taken then",
            "code": "space_already_allocated",
            "conflict_id": stored.id,
        }
    ]


def test_a_space_is_free_when_the_other_time_is_over(client, key, site, zone, team):
    desk = make.SpaceFactory(zone=zone)
    stored = make.AllocationFactory(zone=zone, seats=1)
    make.AllocationSpaceFactory(allocation=stored, space=desk)
    times = {"starts_at": "2030-01-07T17:00:00Z", "ends_at": "2030-01-07T18:00:00Z"}

    response = post(client, key, item(site, team_id=team.id, spaces=[desk.id], **times))

    assert response.status_code == 200


def test_people_have_desks_of_their_team_each_another(client, key, site, zone, team):
    desk = make.SpaceFactory(zone=zone)
    first, second = UserFactory.create_batch(2, organization=team.organization)
    stranger = UserFactory()
    post(client, key, item(site, team_id=team.id, spaces=[desk.id]))

    one = post(client, key, item(site, team_id=team.id, people_id=first.id, spaces=[desk.id]))
    two = post(client, key, item(site, team_id=team.id, people_id=second.id, spaces=[desk.id]))
    other = post(client, key, item(site, people_id=stranger.id, spaces=[desk.id]))

    assert [answer.status_code for answer in (one, two, other)] == [200, 409, 409]


def test_two_items_of_a_batch_do_not_share_a_space(client, key, site, zone, team):
    desk = make.SpaceFactory(zone=zone)
    wanted = [item(site, team_id=make.TeamFactory().id, spaces=[desk.id]) for _ in range(2)]

    response = post(client, key, *wanted)

    assert codes(response) == [("allocations[1].spaces", "space_already_allocated")]


def test_each_failing_item_is_told_once_however_many_it_meets(client, key, site, zone):
    """A thousand items of one desk and person meet half a million times."""
    desk, person = make.SpaceFactory(zone=zone), UserFactory()
    wanted = [item(site, people_id=person.id, spaces=[desk.id]) for _ in range(40)]

    response = post(client, key, *wanted)

    assert codes(response) == [
        *((f"allocations[{n}].spaces", "space_already_allocated") for n in range(1, 40)),
        *((f"allocations[{n}].people_id", "person_double_allocated") for n in range(1, 40)),
        *((f"allocations[{n}].zone_id", "zone_over_capacity") for n in range(40)),
    ]


def test_the_later_item_fails_also_when_it_begins_first(client, key, site, zone):
    person = UserFactory()
    spans = (
        ("2030-01-07T10:00:00Z", "2030-01-07T12:00:00Z"),
        ("2030-01-07T13:00:00Z", "2030-01-07T14:00:00Z"),
        ("2030-01-07T09:00:00Z", "2030-01-07T16:00:00Z"),
        ("2030-01-07T16:00:00Z", "2030-01-07T17:00:00Z"),
        ("2030-01-07T13:30:00Z", "2030-01-07T13:45:00Z"),
    )
    wanted = [
        item(site, people_id=person.id, zone_id=zone.id, starts_at=start, ends_at=end)
        for start, end in spans
    ]

    assert codes(post(client, key, *wanted)) == [
        ("allocations[2].people_id", "person_double_allocated"),
        ("allocations[4].people_id", "person_double_allocated"),
    ]


def test_a_person_sits_once(client, key, site, zone):
    person = UserFactory()
    stored = make.AllocationFactory(zone=zone, team=None, person=person)

    response = post(client, key, item(site, people_id=person.id, zone_id=zone.id))

    assert codes(response) == [("allocations[0].people_id", "person_double_allocated")]
    assert response.json()["error"]["details"][0]["conflict_id"] == stored.id


def test_a_zone_is_filled_to_the_last_seat_and_not_beyond(client, key, site, zone, team):
    make.AllocationFactory(zone=zone, seats=6)

    full = post(client, key, item(site, team_id=team.id, zone_id=zone.id, seats=4))
    beyond = post(client, key, item(site, people_id=UserFactory().id, zone_id=zone.id))

    assert full.status_code == 200
    assert codes(beyond) == [("allocations[0].zone_id", "zone_over_capacity")]


def test_people_of_a_team_do_not_count_beside_its_row(client, key, site, team):
    zone = make.ZoneFactory(site=site, capacity=2)
    people = UserFactory.create_batch(2, organization=team.organization)

    response = post(
        client,
        key,
        item(site, team_id=team.id, zone_id=zone.id, seats=2),
        *(item(site, team_id=team.id, people_id=one.id, zone_id=zone.id) for one in people),
    )

    assert response.status_code == 200


# --- rooms ------------------------------------------------------------------------------------


@pytest.fixture
def room(site: Site) -> Room:
    return RoomFactory(site=site, nb_seat=8)


HOUR = {"starts_at": "2030-01-07T09:00:00Z", "ends_at": "2030-01-07T10:00:00Z", "type": "ROOM"}


def test_a_person_books_the_room_like_everybody(client, key, site, room):
    person = UserFactory()

    response = post(client, key, item(site, people_id=person.id, room_id=room.id, **HOUR))

    assert response.status_code == 200, response.content
    meeting = Meeting.objects.get()
    assert (meeting.organizer, meeting.room, meeting.status) == (person, room, "confirmed")
    assert Allocation.objects.get().meeting == meeting
    assert Reservation.objects.get().holds


def test_a_team_takes_a_room_with_its_parts(client, key, site, room, team):
    part = RoomFactory(site=site)
    room.parts.add(part)

    response = post(client, key, item(site, team_id=team.id, room_id=room.id, **HOUR))

    assert response.json()["data"]["allocations"][0]["seats"] == 8
    assert set(Reservation.objects.values_list("room", "kind", "holds", "reason")) == {
        (room.id, "workplace", True, team.name),
        (part.id, "workplace", True, team.name),
    }


@pytest.mark.parametrize("who", ["team_id", "people_id"])
def test_a_taken_room_is_a_conflict(client, key, site, room, team, who):
    post(client, key, item(site, team_id=team.id, room_id=room.id, **HOUR))
    whose = {"team_id": make.TeamFactory().id, "people_id": UserFactory().id}[who]

    response = post(client, key, item(site, room_id=room.id, **{who: whose}, **HOUR))

    assert response.status_code == 409
    assert codes(response) == [("allocations[0].room_id", "room_conflict")]
    assert Reservation.objects.count() == 1


def test_every_room_that_is_refused_is_told(client, key, site, room, team):
    free, odd = RoomFactory(site=site), {**HOUR, "ends_at": "2030-01-07T10:15:00Z"}
    post(client, key, item(site, team_id=team.id, room_id=room.id, **HOUR))
    person, others = UserFactory().id, make.TeamFactory().id

    taken = post(
        client,
        key,
        item(site, team_id=others, room_id=room.id, **HOUR),
        item(site, people_id=person, room_id=free.id, **HOUR),
        item(site, people_id=person, room_id=room.id, **HOUR),
    )
    broken = post(
        client,
        key,
        item(site, team_id=others, room_id=room.id, **HOUR),
        item(site, people_id=person, room_id=free.id, **odd),
        item(site, people_id=UserFactory().id, room_id=RoomFactory(site=site).id, **odd),
    )

    assert taken.status_code == 409
    assert codes(taken) == [
        ("allocations[0].room_id", "room_conflict"),
        ("allocations[2].room_id", "room_conflict"),
    ]
    assert broken.status_code == 400
    assert codes(broken) == [
        ("allocations[1].starts_at", "duration_step"),
        ("allocations[2].starts_at", "duration_step"),
    ]
    assert Allocation.objects.count() == Reservation.objects.count() == 1


def test_a_rule_of_booking_that_is_broken_is_told(client, key, site, room):
    odd = {**HOUR, "ends_at": "2030-01-07T10:15:00Z"}

    response = post(client, key, item(site, people_id=UserFactory().id, room_id=room.id, **odd))

    assert response.status_code == 400
    assert codes(response) == [("allocations[0].starts_at", "duration_step")]
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"type": "ROOM"}, "room_id"),
        ({"type": "SPACE", "room_id": True}, "room_id"),
        ({"type": "ROOM", "room_id": True, "zone_id": True}, "zone_id"),
    ],
)
def test_rooms_go_with_the_type_room(client, key, site, zone, room, team, fields, path):
    ids = {"room_id": room.id, "zone_id": zone.id}
    fields = {name: ids[name] if value is True else value for name, value in fields.items()}

    response = post(client, key, item(site, team_id=team.id, **fields))

    assert response.status_code == 400
    assert f"allocations[0].{path}" in [found for found, _ in problems(response)]


# --- whose ------------------------------------------------------------------------------------


@pytest.fixture
def own_key(site: Site):
    key = WorkplaceKeyFactory(for_organization=True)
    SiteMembershipFactory(site=site, organization=key.organization)
    return key


def test_an_organization_seats_its_own(client, own_key, site, zone):
    team = make.TeamFactory(organization=own_key.organization)

    assert (
        post(client, own_key, item(site, team_id=team.id, zone_id=zone.id, seats=1)).status_code
        == 200
    )


def test_what_is_not_the_organizations_is_not_found(client, own_key, site, team):
    zone = make.ZoneFactory(site=site, organization=OrganizationFactory())
    elsewhere = SiteFactory()

    response = post(
        client,
        own_key,
        item(site, team_id=team.id, people_id=UserFactory().id, zone_id=zone.id),
        item(elsewhere, team_id=make.TeamFactory(organization=own_key.organization).id),
    )

    assert response.status_code == 404
    assert [path for path, _ in problems(response)] == [
        "allocations[0].team_id",
        "allocations[0].people_id",
        "allocations[0].zone_id",
        "allocations[1].location_id",
    ]


def test_another_tenants_allocation_is_in_the_way_without_its_id(client, own_key, site, zone):
    desk = make.SpaceFactory(zone=zone)
    stored = make.AllocationFactory(zone=zone, seats=1)
    make.AllocationSpaceFactory(allocation=stored, space=desk)
    team = make.TeamFactory(organization=own_key.organization)

    response = post(client, own_key, item(site, team_id=team.id, spaces=[desk.id]))

    (detail,) = response.json()["error"]["details"]
    assert detail["code"] == "space_already_allocated"
    assert "conflict_id" not in detail


def test_a_zone_of_one_organization_takes_no_other_even_for_the_operator(client, key, site, team):
    zone = make.ZoneFactory(site=site, organization=OrganizationFactory())

    response = post(client, key, item(site, team_id=team.id, zone_id=zone.id, seats=1))

    assert problems(response) == [("allocations[0].zone_id", "is another organization's own")]


def test_a_team_of_an_organization_takes_only_rooms_it_rents(client, own_key, site, room):
    team = make.TeamFactory(organization=own_key.organization)
    wish = item(site, team_id=team.id, room_id=room.id, **HOUR)

    refused = post(client, own_key, wish)
    RoomLeaseFactory(room=room, organization=own_key.organization)
    taken = post(client, own_key, wish)

    assert [path for path, _ in problems(refused)] == ["allocations[0].room_id"]
    assert taken.status_code == 200


def test_reading_keys_do_not_write(client, site):
    key = WorkplaceKeyFactory(scopes=["workplace:read"])

    response = post(client, key, item(site))

    assert response.status_code == 403
    assert response.json()["identifier"] == "create_allocations_failed"


def test_an_idempotency_key_answers_again_without_writing_again(client, key, site, zone, team):
    wish = item(site, team_id=team.id, zone_id=zone.id, seats=1)

    first = post(client, key, wish, **{"Idempotency-Key": "one"})
    again = post(client, key, wish, **{"Idempotency-Key": "one"})

    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Allocation.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_depend_on_the_number_of_items(
    client, key, site, zone, django_assert_num_queries, count
):
    teams = make.TeamFactory.create_batch(count)
    desks = make.SpaceFactory.create_batch(count, zone=zone)
    post(client, key, item(site, team_id=make.TeamFactory().id, zone_id=zone.id, seats=1))
    wishes = [
        item(site, team_id=team.id, spaces=[desk.id])
        for team, desk in zip(teams, desks, strict=True)
    ]

    with django_assert_num_queries(QUERIES):
        response = post(client, key, *wishes)

    assert response.status_code == 200


QUERIES = 21
