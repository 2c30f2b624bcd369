"""GET /api/sites: the documented example, its filters, and what a token adds."""

from decimal import Decimal

import pytest

from tests.factories.apitokens import ApiTokenFactory
from tests.factories.sites_app import RoomFactory, RoomLeaseFactory, SiteFactory

pytestmark = pytest.mark.django_db

MISSING = "Unauthorized: Authorization header is required. Use: Authorization: Bearer <your_token>"


@pytest.fixture
def dublin():
    site = SiteFactory(name="Dublin Coworking Center", country="IE", time_zone="Europe/Dublin")
    RoomFactory(site=site, name="Meeting Room A")
    RoomFactory(
        site=site,
        office=True,
        name="Hot Desk 1",
        public_name="Hot Desk Area",
        surface_commercial=None,
    )
    RoomLeaseFactory(
        room__site=site,
        room__name="Private Office 101",
        room__public_name="Executive Suite",
        room__surface_commercial=None,
        room__surface_computed=Decimal(45),
    )
    return site


def _names(answer) -> list[str]:
    return [site["name"] for site in answer.json()["data"]]


def test_the_documented_answer(client, dublin):
    answer = client.get("/api/sites?country=Ireland")

    rooms = {room.name: room.id for room in dublin.rooms.all()}
    assert answer.status_code == 200
    assert answer.json() == {
        "retcode": 1,
        "message": "OK",
        "data": [
            {
                "_id": dublin.id,
                "name": "Dublin Coworking Center",
                "country": "Ireland",
                "roomCount": 1,
                "meetingRoomCount": 1,
                "publicRooms": [
                    {
                        "_id": rooms["Meeting Room A"],
                        "name": "Meeting Room A",
                        "publicName": "Meeting Room A",
                        "type": "publicMeeting",
                        "surface": 25,
                    },
                    {
                        "_id": rooms["Hot Desk 1"],
                        "name": "Hot Desk 1",
                        "publicName": "Hot Desk Area",
                        "type": "publicOffice",
                        "surface": -1,
                    },
                ],
            }
        ],
    }


def test_keys_stand_in_the_documented_order(client, dublin):
    token = ApiTokenFactory()
    site = client.get("/api/sites", headers=token.header).json()["data"][0]

    assert list(site) == [
        "_id",
        "name",
        "country",
        "roomCount",
        "meetingRoomCount",
        "publicRooms",
        "otherRooms",
    ]
    assert list(site["otherRooms"][0]) == [
        "_id",
        "name",
        "publicName",
        "type",
        "surface",
        "actualState",
    ]


def test_a_token_shows_states_and_other_rooms(client, dublin):
    answer = client.get("/api/sites?type=all", headers=ApiTokenFactory().header)

    site = answer.json()["data"][0]
    other = site["otherRooms"]
    assert [(room["publicName"], room["surface"], room["actualState"]) for room in other] == [
        ("Executive Suite", 45, "rented")
    ]
    assert (site["roomCount"], site["meetingRoomCount"]) == (2, 1)


def test_sites_stand_by_country_then_name(client):
    for country, name in [("IE", "b"), ("FR", "Étoile"), ("IE", "A"), ("FR", "Zoo"), ("BE", "x")]:
        SiteFactory(country=country, name=name)
    assert _names(client.get("/api/sites")) == ["x", "Étoile", "Zoo", "A", "b"]


def test_hidden_sites_need_a_token(client):
    SiteFactory(hidden=True, name="Hidden")
    SiteFactory(name="Open")

    assert _names(client.get("/api/sites")) == ["Open"]
    assert _names(client.get("/api/sites", headers=ApiTokenFactory().header)) == ["Hidden", "Open"]


@pytest.mark.parametrize("country", ["IE", "ie", "Ireland", "ireland", "Irlande", " IRLANDE "])
def test_a_country_in_any_spelling(client, dublin, country):
    SiteFactory(country="FR")
    assert _names(client.get("/api/sites", {"country": country})) == [dublin.name]


def test_an_unknown_country(client):
    answer = client.get("/api/sites?country=XYZ")
    assert answer.status_code == 400
    assert answer.json() == {
        "retcode": -1,
        "message": 'Invalid country: "XYZ". Use ISO code (e.g., "FR", "BE") or country name '
        '(e.g., "France", "Belgium")',
        "data": [],
    }


def test_a_country_without_sites_and_an_empty_one(client, dublin):
    assert _names(client.get("/api/sites?country=Japan")) == []
    assert _names(client.get("/api/sites?country=")) == [dublin.name]


def test_a_site_without_fitting_rooms_stays_only_without_type(client, dublin):
    SiteFactory(name="Empty", country="FR")

    assert _names(client.get("/api/sites")) == ["Empty", dublin.name]
    assert _names(client.get("/api/sites?type=all")) == ["Empty", dublin.name]
    assert _names(client.get("/api/sites?type=publicMeeting")) == [dublin.name]


def test_private_types_need_a_token(client, dublin):
    answer = client.get("/api/sites?type=privateOffice")
    assert (answer.status_code, answer.json()) == (401, {"retcode": -1, "message": MISSING})
    assert answer["WWW-Authenticate"] == "Bearer"

    answer = client.get("/api/sites?type=privateOffice", headers=ApiTokenFactory().header)
    site = answer.json()["data"][0]
    assert (site["publicRooms"], len(site["otherRooms"])) == ([], 1)


def test_an_unknown_type_lists_the_allowed_ones(client):
    answer = client.get("/api/sites?type=castle")
    assert answer.status_code == 400
    assert answer.json()["message"] == (
        "Invalid type: must be one of publicOffice, publicMeeting, all"
    )


def test_a_bad_token_is_never_the_public_view(client, dublin):
    answer = client.get("/api/sites", headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code == 401


def test_a_token_without_read_is_refused(client):
    token = ApiTokenFactory(scopes=["bookings:write"])
    answer = client.get("/api/sites", headers=token.header)
    assert answer.status_code == 403
    assert answer.json()["message"] == "Forbidden: this token lacks the scope read"


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_is_constant(client, count, django_assert_num_queries):
    for _ in range(count):
        RoomLeaseFactory()
        RoomFactory()
    token = ApiTokenFactory()
    client.get("/api/sites", headers=token.header)

    with django_assert_num_queries(6):  # token, usage; rooms, meetings, leases, sites
        client.get("/api/sites", headers=token.header)
    with django_assert_num_queries(3):  # without meetings, of which it tells nothing
        client.get("/api/sites")


def test_the_wrong_method_is_told_first(client):
    answer = client.post("/api/sites", headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code == 405
    assert answer.json() == {"retcode": -1, "message": 'Method "POST" not allowed.'}


def test_a_slash_works_too(client, dublin):
    assert client.get("/api/sites/").json() == client.get("/api/sites").json()


def test_any_origin_may_read(client):
    assert client.get("/api/sites")["Access-Control-Allow-Origin"] == "*"
    assert client.get("/api/sites?country=XYZ")["Access-Control-Allow-Origin"] == "*"
    preflight = client.options("/api/sites")
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


class TestConditional:
    def test_the_headers_of_the_public_and_of_the_token_answer(self, client, dublin):
        public = client.get("/api/sites")
        assert public["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert public["Vary"] == "Authorization, Accept-Encoding"
        assert "Set-Cookie" not in public

        private = client.get("/api/sites", headers=ApiTokenFactory().header)
        assert private["Cache-Control"] == "private, max-age=0, must-revalidate"
        assert private["ETag"] != public["ETag"]

    def test_what_is_known_is_not_sent_again(self, client, dublin):
        tag = client.get("/api/sites")["ETag"]

        again = client.get("/api/sites", headers={"If-None-Match": f'"x", W/{tag}'})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        dublin.name = "Renamed"
        dublin.save()
        assert client.get("/api/sites", headers={"If-None-Match": tag}).status_code == 200

    def test_gzip_where_it_is_taken(self, client, dublin):
        RoomFactory.create_batch(10, site=dublin)
        zipped = client.get("/api/sites", headers={"Accept-Encoding": "br, gzip"})
        plain = client.get("/api/sites", headers={"Accept-Encoding": "gzip;q=0"})

        assert zipped["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain
        assert zipped["ETag"] != plain["ETag"]
        assert int(zipped["Content-Length"]) < int(plain["Content-Length"])

    def test_head_tells_the_length_only(self, client, dublin):
        full, head = client.get("/api/sites"), client.head("/api/sites")
        assert head.content == b""
        assert head["Content-Length"] == full["Content-Length"]
        assert head["ETag"] == full["ETag"]
