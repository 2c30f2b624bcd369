"""Requests that no honest client sends: each gets its documented refusal and changes nothing."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from apitokens.models import Event
from booking.models import Meeting, Reservation
from organizations.models import OutgoingEmail, User
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory

pytestmark = pytest.mark.django_db

ROOM_ID = "5f0000000000000000000001"
SITE_ID = "5f0000000000000000000002"
KNOWN = "known@example.com"
UNAUTHORIZED = (
    "Unauthorized: Authorization header is required. Use: Authorization: Bearer <your_token>"
)
BAD_FORMAT = "Unauthorized: Invalid authorization format. Use: Authorization: Bearer <your_token>"
REVOKED = "Unauthorized: Invalid or revoked token"
BAD_ROOMS = 'Bad request: "rooms" query parameter is missing, empty, or contains invalid IDs.'

INJECTIONS = {
    "sql": "' OR 1=1; DROP TABLE booking_meeting; --",
    "nul": "a\x00b",
    "bell": "a\x07b",
    "path": "../../../etc/passwd",
    "long": "x" * 20_000,
    "template": "{{7*7}}${7*7}",
    "html": "<script>alert(1)</script>",
    "percent": "%00%ff%s%n",
    "operator": '{"$ne": null}',
    "rtl": "\u202efdp.exe",
    "emoji": "🏢" * 50,
    "lone quote": '"',
}
NOT_IDS = {
    "short": "5f00",
    "long id": "5" * 25,
    "not hex": "z" * 24,
    "full width": "５" * 24,
    "spaces inside": "5f00 0000 0000 0000 0000 0001",
    "comma": ",",
}
NOT_NUMBERS = {
    "text": "many",
    "nan": "NaN",
    "infinite": "Infinity",
    "fraction": "1.5",
    "huge": "9" * 400,
    "huge exponent": "1e400",
    "hex": "0x10",
    "zero": "0",
    "negative": "-1",
}


@pytest.fixture
def world() -> str:
    """A bookable room, a person who would be confirmed at once, and a token that may do everything."""
    RoomFactory(id=ROOM_ID, site__id=SITE_ID)
    UserFactory(email=KNOWN)
    token: Any = ApiTokenFactory()
    return str(token.plain)


def counts() -> dict[str, int]:
    return {
        model.__name__: model.objects.count()
        for model in (Meeting, Reservation, User, OutgoingEmail, Event)
    }


def booking(**changes: Any) -> dict[str, Any]:
    """A request that would be accepted, but for the changes; `...` leaves a field out."""
    body = {
        "contactEmail": KNOWN,
        "bookedRoom": ROOM_ID,
        "bookedAt": "2030-01-07T10:00:00",
        "duration": 60,
        **changes,
    }
    return {name: value for name, value in body.items() if value is not ...}


# --- query strings -----------------------------------------------------------------------------


def bad_queries() -> Iterator[Any]:
    """Yield (path, query, message or None where only the status is documented)."""
    for name, text in (INJECTIONS | {"unknown": "XYZ", "number": "33"}).items():
        yield pytest.param("/api/sites", {"country": text}, None, id=f"sites country {name}")
        yield pytest.param("/api/rooms", {"country": text}, None, id=f"rooms country {name}")
        yield pytest.param("/api/sites", {"type": text}, None, id=f"sites type {name}")
        yield pytest.param("/api/rooms", {"type": text}, None, id=f"rooms type {name}")
    for name, text in (INJECTIONS | NOT_IDS).items():
        yield pytest.param(
            "/api/rooms", {"site": text}, "Invalid site ID format.", id=f"rooms site {name}"
        )
        yield pytest.param("/api/icsfeed", {"rooms": text}, BAD_ROOMS, id=f"feed rooms {name}")
    for name, text in NOT_NUMBERS.items():
        yield pytest.param("/api/rooms", {"capacity": text}, None, id=f"rooms capacity {name}")
        yield pytest.param("/api/rooms", {"limit": text}, None, id=f"rooms limit {name}")
    for name, text in INJECTIONS.items():
        window = {"room": ROOM_ID, "to": "2030-01-08"}
        yield pytest.param(
            "/api/availability", {**window, "from": text}, None, id=f"availability from {name}"
        )
        yield pytest.param(
            "/api/rooms",
            {"availableFrom": text, "availableTo": "2030-01-08T10:00:00Z"},
            None,
            id=f"rooms availableFrom {name}",
        )
    for query in (
        {"availableFrom": "2030-01-07T10:00:00Z"},
        {"availableTo": "2030-01-07T10:00:00Z"},
        {"availableFrom": "2030-01-08T10:00:00Z", "availableTo": "2030-01-07T10:00:00Z"},
        {"cursor": "nonsense"},
        {"cursor": "x" * 5000},
    ):
        yield pytest.param("/api/rooms", query, None, id=f"rooms {list(query)} {len(query)}")
    room = {"room": ROOM_ID}
    for query in (
        {},
        room,
        {**room, "from": "2030-01-07"},
        {**room, "from": "2030-02-30", "to": "2030-03-02"},
        {**room, "from": "2030-01-07", "to": "2030-03-07"},
        {**room, "from": "2030-01-08", "to": "2030-01-07"},
        {**room, "from": "0001-01-01", "to": "9999-12-31"},
        {**room, "from": "2030-01-07", "to": "2030-01-08", "duration": "-5"},
        {**room, "from": "2030-01-07", "to": "2030-01-08", "duration": "1e9"},
        {"room": "nope", "from": "2030-01-07", "to": "2030-01-08"},
        {"site": "nope", "from": "2030-01-07", "to": "2030-01-08"},
    ):
        yield pytest.param("/api/availability", query, None, id=f"availability {query}")
    for query in (
        {},
        {"rooms": ""},
        {"rooms": f"{ROOM_ID},"},
        {"rooms": f"{ROOM_ID},zzz"},
        {"rooms": "5f00000000000000000000ff"},
        {"rooms": ROOM_ID, "from": "yesterday"},
        {"rooms": ROOM_ID, "to": "2030-13-01"},
    ):
        yield pytest.param("/api/icsfeed", query, None, id=f"feed {query}")


@pytest.mark.parametrize(("path", "query", "message"), list(bad_queries()))
def test_bad_query_is_refused(client, world, path, query, message):
    response = client.get(path, query)

    assert response.status_code == 400
    assert response.json()["retcode"] == -1
    if message is not None:
        assert response.json()["message"] == message


# --- bodies ------------------------------------------------------------------------------------

BAD_EMAIL = "Invalid email format"


def bad_bookings() -> Iterator[Any]:
    """Yield (changes to an acceptable body, message or None where only the status is documented)."""
    for name in ("contactEmail", "bookedRoom", "bookedAt", "duration"):
        for kind, value in (("absent", ...), ("null", None), ("blank", ""), ("spaces", "  ")):
            yield pytest.param(
                {name: value}, f"Missing required parameter: {name}", id=f"{name} {kind}"
            )
        for kind, value in (("list", []), ("object", {}), ("true", True), ("nested", [[[1]]])):
            yield pytest.param({name: value}, None, id=f"{name} {kind}")
    for text in ("x", "@", "a@", "@b.com", "a b@c.com", "a@b@c.com", "a@b..com", "a\n@b.com"):
        yield pytest.param({"contactEmail": text}, BAD_EMAIL, id=f"e-mail {text!r}")
    yield pytest.param(
        {"contactEmail": "victim@example.com\r\nBcc: all@example.com"}, None, id="e-mail header"
    )
    yield pytest.param({"contactEmail": "x" * 300 + "@example.com"}, None, id="e-mail long")
    for text in ("x", "5f", "z" * 24, "5f00000000000000000000011"):
        yield pytest.param({"bookedRoom": text}, "Room not found", id=f"room {text!r}")
    for text in (
        "tomorrow",
        "2030-01-07T25:00:00",
        "2030-02-30T10:00:00",
        "2030-W02-1",
        "10:00",
        "2030-01-07T10:00:00+99:00",
        "-2030-01-07T10:00:00",
        "99999-01-07T10:00:00",
        "2030-01-07T10:00:00Z; DROP",
        "0000-00-00T00:00:00",
    ):
        yield pytest.param({"bookedAt": text}, None, id=f"time {text}")
    yield pytest.param({"bookedAt": 1_893_456_000}, None, id="time as number")
    yield pytest.param({"bookedAt": "2030-03-31T02:30:00"}, None, id="time that clocks never show")
    for value in ("60", "sixty", 60.5, -60, 0, 2**31, 2**63, 10**400, 1e308, -0.5):
        yield pytest.param({"duration": value}, None, id=f"duration {str(value)[:20]!r}")
    yield pytest.param({"duration": 29}, "Duration must be at least 30 minutes", id="duration 29")
    yield pytest.param(
        {"duration": 59}, "Duration must be between 60 and 480 minutes", id="duration 59"
    )
    yield pytest.param(
        {"duration": 481}, "Duration must be between 60 and 480 minutes", id="duration 481"
    )
    yield pytest.param(
        {"duration": 75}, "Duration must be a multiple of 30 minutes", id="duration 75"
    )
    for value in (0, -1, 1.5, "4", [], 2**40):
        yield pytest.param({"bookedUser": value}, None, id=f"people {value!r}")
    yield pytest.param(
        {"bookedUser": 9}, "This room holds at most 8 persons", id="people over capacity"
    )
    for name in ("contactName", "name", "description"):
        for kind, value in (
            ("number", 7),
            ("list", ["a"]),
            ("nul", "a\x00b"),
            ("surrogate", "a\ud800b"),
            ("endless", "x" * 20_000),
        ):
            yield pytest.param({name: value}, None, id=f"{name} {kind}")
    for value in ("de", "EN", 1, ["fr"]):
        yield pytest.param({"language": value}, None, id=f"language {value!r}")
    for value in ("yes", 1, []):
        yield pytest.param({"isPrivate": value}, None, id=f"isPrivate {value!r}")
        yield pytest.param({"dryRun": value}, None, id=f"dryRun {value!r}")


@pytest.mark.parametrize(("changes", "message"), list(bad_bookings()))
def test_bad_booking_is_refused_and_changes_nothing(client, world, changes, message):
    before = counts()

    response = client.post(
        "/api/meeting-request",
        json.dumps(booking(**changes)),
        content_type="application/json",
        headers={"Authorization": f"Bearer {world}"},
    )

    assert response.status_code == 400, response.content
    assert response.json()["retcode"] == -1
    if message is not None:
        assert response.json()["message"] == message
    assert counts() == before


DEEP = "[" * 5000 + "]" * 5000
BODIES = {
    "empty": (b"", 400),
    "not json": (b"contactEmail=a@b.com", 400),
    "cut": (b'{"contactEmail": "a@b.com"', 400),
    "list": (b"[]", 400),
    "text": (b'"x"', 400),
    "number": (b"7", 400),
    "null": (b"null", 400),
    "nan": (b'{"duration": NaN}', 400),
    "infinity": (b'{"duration": -Infinity}', 400),
    "repeated key": (b'{"duration": 60, "duration": 90}', 400),
    "not utf-8": (b'{"name": "\xff\xfe"}', 400),
    "deep": (DEEP.encode(), 400),
    "deep object": (b'{"a":' * 30 + b"1" + b"}" * 30, 400),
    "long list": (json.dumps({"name": list(range(2000))}).encode(), 400),
    "2 MiB": (json.dumps({"description": "x" * 2_000_000}).encode(), 413),
}


@pytest.mark.parametrize(("raw", "status"), BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("path", ["/api/meeting-request", "/api/check-email"])
def test_malformed_body_is_refused(client, world, path, raw, status):
    before = counts()

    response = client.post(
        path, raw, content_type="application/json", headers={"Authorization": f"Bearer {world}"}
    )

    assert (response.status_code, response.json()["retcode"]) == (status, -1)
    assert counts() == before


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x"]
)
def test_body_of_another_type_is_refused(client, world, content_type):
    response = client.post(
        "/api/check-email",
        json.dumps({"email": KNOWN}),
        content_type=content_type,
        headers={"Authorization": f"Bearer {world}"},
    )

    assert (response.status_code, response.json()["retcode"]) == (415, -1)


@pytest.mark.parametrize(
    ("email", "message"),
    [
        (..., "Missing required parameter: email"),
        (None, "Missing required parameter: email"),
        ("", "Missing required parameter: email"),
        ("x", BAD_EMAIL),
        ("a@b", BAD_EMAIL),
        ("a\x00@b.com", None),
        (7, None),
        (["a@b.com"], None),
        ("a" * 300 + "@b.com", None),
    ],
)
def test_bad_email_to_check_is_refused(client, world, email, message):
    body = {} if email is ... else {"email": email}

    response = client.post(
        "/api/check-email",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {world}"},
    )

    assert response.status_code == 400
    if message is not None:
        assert response.json()["message"] == message


# --- keys --------------------------------------------------------------------------------------

HEADERS = {
    "none": (None, UNAUTHORIZED),
    "no scheme": ("{token}", BAD_FORMAT),
    "basic": ("Basic dXNlcjpwYXNz", BAD_FORMAT),
    "scheme alone": ("Bearer", BAD_FORMAT),
    "two tokens": ("Bearer {token} {token}", BAD_FORMAT),
    "unknown": ("Bearer ww_dev_" + "0" * 64, REVOKED),
    "upper case": ("Bearer {upper}", REVOKED),
    "too short": ("Bearer ww_dev_12", REVOKED),
    "other prefix": ("Bearer ww_live_" + "0" * 64, REVOKED),
    "sql": ("Bearer ' OR 1=1 --", BAD_FORMAT),
    "quoted": ("Bearer '{token}'", REVOKED),
    "not ascii": ("Bearer é", REVOKED),
    "huge": ("Bearer " + "a" * 60_000, REVOKED),
}


@pytest.mark.parametrize(("header", "message"), HEADERS.values(), ids=HEADERS.keys())
@pytest.mark.parametrize("path", ["/api/meeting-request", "/api/check-email"])
def test_bad_key_is_refused(client, world, path, header, message):
    headers = {}
    if header is not None:
        headers["Authorization"] = header.format(token=world, upper=world.upper())
    before = counts()

    response = client.post(
        path, json.dumps(booking()), content_type="application/json", headers=headers
    )

    assert (response.status_code, response.json()["message"]) == (401, message)
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert counts() == before


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "authorization"])
def test_key_anywhere_but_in_the_header_is_ignored(client, world, name):
    client.cookies[name] = world

    response = client.post(
        f"/api/check-email?{name}={world}",
        json.dumps({"email": KNOWN, name: world}),
        content_type="application/json",
    )

    assert (response.status_code, response.json()["message"]) == (401, UNAUTHORIZED)


# --- methods and paths -------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/api/meeting-request", "/api/check-email"])
def test_wrong_method_beats_authentication(client, method, path):
    response = getattr(client, method)(path)

    assert (response.status_code, response.json()["retcode"]) == (405, -1)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize(
    "path", ["/api/sites", "/api/rooms", "/api/countries", "/api/icsfeed", "/api/availability"]
)
def test_reads_cannot_be_written(client, method, path):
    response = getattr(client, method)(path)

    assert (response.status_code, response.json()["retcode"]) == (405, -1)


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/", "/api/nothing", "/api/sites/1", "/api/../admin", "/api/%00", "/api/sites//"],
)
def test_unknown_path_answers_in_the_envelope(client, path):
    response = client.get(path)

    assert (response.status_code, response.json()) == (404, {"retcode": -1, "message": "Not found"})
