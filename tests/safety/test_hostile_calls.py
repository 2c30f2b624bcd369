"""Bodies and query strings that no honest caller sends, at every endpoint that takes a token.

Whatever is refused is refused in the envelope, is no fault of ours, and leaves nothing behind.
Source: safety, S-11, S-12, S-30.
"""

import json
from typing import Any

import pytest

from organizations.models import Organization, User
from tests.safety import hostile_world as world
from tests.safety.hostile_world import (
    DELIVERY,
    HOOK,
    KNOWN,
    MEETING,
    NEVER_GOOD,
    ODD,
    OFFICE,
    ORGANIZATION,
    RATE,
    ROOM,
    SERIES,
    SITE,
    UNKNOWN,
    WEBHOOK,
)
from tests.safety.test_hostile_requests import BODIES, HEADERS

pytestmark = pytest.mark.django_db

BOOKING = {
    "contactEmail": KNOWN,
    "bookedRoom": ROOM,
    "bookedAt": "2030-01-08T10:00",
    "duration": 60,
}
ORDER = {"optionModelId": RATE}
POSTS: dict[str, tuple[dict[str, Any], str]] = {
    "/api/register": (
        {
            "name": "Acme",
            "firstName": "Ada",
            "email": "ada@acme.example",
            "phone": "+33612345678",
            "maxResidentUsers": 3,
            "siteId": SITE,
        },
        (
            "name firstName lastName email phone country maxResidentUsers companyNumber address"
            " vatNumber language comments siteId roomId meetingId dryRun"
        ),
    ),
    "/api/meeting-request": (
        BOOKING,
        "series quoteToken contactName name description isPrivate bookedUser language dryRun",
    ),
    "/api/meeting-change": (
        {"meetingId": MEETING, "duration": 90},
        (
            "meetingId bookedAt duration bookedRoom bookedUser name description isPrivate contactName"
            " scope onConflict dryRun"
        ),
    ),
    "/api/meeting-cancel": ({"meetingId": MEETING}, "meetingId reason scope dryRun"),
    "/api/meeting-series-retry": ({"seriesId": SERIES}, "seriesId dates dryRun"),
    "/api/waitlist": (
        {
            "room": ROOM,
            "from": "2030-01-08T09:00",
            "to": "2030-01-08T18:00",
            "duration": 60,
            "contactEmail": KNOWN,
        },
        "room site from to duration people contactEmail contactName language dryRun",
    ),
    "/api/merge-contract": (
        {"organizationId": ORGANIZATION},
        (
            "organizationId rentalPrice rentalComment rentalStartAt rentalEndAt rentalUrl rentalRenewal"
            " rooms roomsToAdd roomsToRemove contractOptions contractOptionsToAdd"
            " contractOptionsToRemove dryRun"
        ),
    ),
    "/api/webhooks": (
        {"url": HOOK},
        "url events description webhookId isActive rotateSecret dryRun",
    ),
    "/api/webhooks/replay": ({"deliveryId": DELIVERY}, "deliveryId dryRun"),
    "/api/webhooks/test": ({"webhookId": WEBHOOK}, "webhookId dryRun"),
    "/api/check-email": ({"email": KNOWN}, "email"),
}
"""Each POST: a body that would be accepted, and the fields to attack."""

IGNORED = {("/api/webhooks", "isActive"), ("/api/webhooks", "rotateSecret")}
"""Fields that mean something only beside another: a new webhook is on and has a new secret."""

FIELDS = [(path, name) for path, (_, names) in POSTS.items() for name in names.split()]
ENTRIES = [
    (name, within)
    for name in ("contractOptions", "contractOptionsToAdd")
    for within in (
        "optionModelId",
        "key",
        "name",
        "quantity",
        "price",
        "pricePromo",
        "promoMonthDuration",
        "startAt",
        "endAt",
    )
]


@pytest.fixture
def post():
    client = world.caller(world.made())

    def _post(path: str, body: Any, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return client.post(path, raw, content_type="application/json", headers=headers)

    return _post


def refused(answer: Any, *allowed: int) -> None:
    assert answer.status_code in (allowed or (400,)), answer.content[:300]
    assert answer.json()["retcode"] == -1


def unharmed(post: Any, path: str, bodies: dict[str, Any]) -> None:
    """Send each body; whatever is refused, is refused in the envelope and leaves nothing behind."""
    before = world.counts()
    for kind, body in bodies.items():
        answer = post(path, body)
        assert answer.status_code < 500, (kind, answer.content[:300])
        if answer.status_code == 200:
            before = world.counts()
        else:
            assert answer.json()["retcode"] == -1, kind
    assert world.counts() == before


@pytest.mark.parametrize("path", POSTS)
def test_the_attacked_body_would_be_accepted(post, path):
    assert post(path, POSTS[path][0]).status_code == 200


@pytest.mark.parametrize(("path", "name"), [pair for pair in FIELDS if pair not in IGNORED])
def test_what_no_field_takes_is_refused_and_changes_nothing(post, path, name):
    before = world.counts()

    for value in NEVER_GOOD.values():
        refused(post(path, POSTS[path][0] | {name: value}))

    assert world.counts() == before


@pytest.mark.parametrize("name", ["isActive", "rotateSecret", "description", "events", "url"])
def test_what_no_field_of_a_known_webhook_takes(post, name):
    before = world.counts()

    for value in NEVER_GOOD.values():
        refused(post("/api/webhooks", {"webhookId": WEBHOOK, name: value}))

    assert world.counts() == before


@pytest.mark.parametrize(("name", "within"), ENTRIES)
def test_what_no_field_of_an_ordered_option_takes(post, name, within):
    before = world.counts()

    for value in NEVER_GOOD.values():
        refused(
            post(
                "/api/merge-contract",
                {"organizationId": ORGANIZATION, name: [ORDER | {within: value}]},
            )
        )

    assert world.counts() == before


@pytest.mark.parametrize("within", ["rule", "onConflict"])
def test_what_no_field_of_a_series_takes(post, within):
    before = world.counts()

    for value in [*NEVER_GOOD.values(), *ODD.values()]:
        if within == "onConflict" and value in (None, " "):
            continue  # absent: the usual one
        series = {"rule": "FREQ=DAILY;COUNT=2", within: value}
        refused(post("/api/meeting-request", BOOKING | {"series": series}))

    assert world.counts() == before


@pytest.mark.parametrize(("path", "name"), FIELDS)
def test_nothing_odd_is_a_fault_and_a_refusal_changes_nothing(post, path, name):
    unharmed(post, path, {kind: POSTS[path][0] | {name: value} for kind, value in ODD.items()})


@pytest.mark.parametrize(("name", "within"), ENTRIES)
def test_nothing_odd_in_an_ordered_option_is_a_fault(post, name, within):
    bodies = {
        kind: {"organizationId": ORGANIZATION, name: [ORDER | {within: value}]}
        for kind, value in ODD.items()
    }
    unharmed(post, "/api/merge-contract", bodies)


@pytest.mark.parametrize(("raw", "status"), BODIES.values(), ids=BODIES.keys())
def test_malformed_body_is_refused_with_and_without_a_key(post, raw, status):
    before = world.counts()

    for path in POSTS:
        refused(post(path, raw), status)
        refused(post(path, raw, **{"Idempotency-Key": "a"}), status)

    assert world.counts() | {"IdempotentAnswer": 0} == before


READS = [
    "/api/usage",
    "/api/changes",
    "/api/webhooks",
    "/api/webhooks/deliveries",
    "/api/user-info",
    "/api/contract-options",
    "/api/organization-info",
    "/api/meeting",
    "/api/meeting-cancel",
    "/api/meeting-series",
    "/api/room-price",
]


@pytest.mark.parametrize(("header", "message"), HEADERS.values(), ids=HEADERS.keys())
def test_bad_key_opens_nothing(client, header, message):
    token = world.made()
    plain = token.plain
    headers = {"Authorization": header.format(token=plain, upper=plain.upper())} if header else {}
    before = world.counts()

    posted = [
        client.post(path, json.dumps(body), content_type="application/json", headers=headers)
        for path, (body, _) in POSTS.items()
    ]
    other = [client.get(path, headers=headers) for path in READS]
    other += [client.delete(path, headers=headers) for path in ("/api/webhooks", "/api/waitlist")]

    for answer in [*posted, *other]:
        assert (answer.status_code, answer.json()["message"]) == (401, message)
    assert world.counts() == before


QUERIES = {
    "/api/changes": ({}, "cursor limit"),
    "/api/webhooks/deliveries": ({"webhook": WEBHOOK}, "webhook cursor limit delivery"),
    "/api/user-info": ({}, "id email"),
    "/api/contract-options": ({}, "site"),
    "/api/organization-info": ({}, "id"),
    "/api/meeting": ({}, "id"),
    "/api/meeting-cancel": ({"meetingId": MEETING}, "meetingId scope"),
    "/api/meeting-series": ({}, "id"),
    "/api/room-price": (
        {"roomId": ROOM},
        "roomId startDate duration nbPersons organizationId",
    ),
    f"/api/room-price?roomId={OFFICE}": ({"roomId": OFFICE}, "period startDate organizationId"),
    "/api/find": (
        {"duration": "60", "from": "2030-01-07", "to": "2030-01-08"},
        "duration from to people country site windows weekdays equipment",
    ),
    "/api/availability": (
        {"room": ROOM, "from": "2030-01-07", "to": "2030-01-08"},
        "room from to duration explain",
    ),
}
BAD_TEXTS = {
    "nul": "a\x00b",
    "bell": "a\x07b",
    "endless": "x" * 11_000,
    "sql": "' OR 1=1 --",
    "html": "<script>alert(1)</script>",
    "operator": '{"$ne": null}',
    "huge": "9" * 5000,
    "huge exponent": "1e400",
    "nan": "NaN",
    "cursor of nobody": "f" * 15 + "-" + "f" * 9,
    "zone": "2030-01-07T10:00:00+99:99",
    "mail's date": "Mon, 99 Jan 2030 99:99:99 +9999",
    "mail's other date": "Wed, 3 Apr 2030 12.34.56.78+0800",
    "far mail's date": "Mon, 1 Jan 999999999 00:00:00 +0000",
    "milliseconds": "9" * 14,
    "turned interval": "23:00-01:00",
}


@pytest.mark.parametrize(
    ("path", "name"),
    [(path, name) for path, (_, names) in QUERIES.items() for name in names.split()],
)
def test_bad_query_is_no_fault(path, name):
    client = world.caller(world.made())
    before = world.counts()

    for kind, text in BAD_TEXTS.items():
        answer = client.get(path.partition("?")[0], QUERIES[path][0] | {name: text})
        assert answer.status_code in (200, 400, 404), (kind, answer.content[:300])
        assert answer["Content-Type"] == "application/json"
        assert answer["X-Content-Type-Options"] == "nosniff"

    assert world.counts() == before


@pytest.mark.parametrize("path", ["/api/webhooks", "/api/waitlist"])
@pytest.mark.parametrize("text", [*BAD_TEXTS.values(), "", UNKNOWN])
def test_bad_id_deletes_nothing(path, text):
    client = world.caller(world.made())
    before = world.counts()

    for name in ("id", "waitlistId"):
        refused(client.delete(path, query_params={name: text}), 400, 404)
    for raw in (b"", b"[]", b"{", b'"x"', json.dumps({"id": text, "waitlistId": text}).encode()):
        refused(client.delete(path, raw, content_type="application/json"), 400, 404)

    assert world.counts() == before


@pytest.mark.parametrize("key", ["", "k" * 256, "é", "a\tb", "a\x7fb"])
def test_bad_key_of_a_repeated_call_is_refused(post, key):
    before = world.counts()

    for path, (body, _) in POSTS.items():
        if path != "/api/check-email":
            refused(post(path, body, **{"Idempotency-Key": key}))

    assert world.counts() == before


EXTRA = {
    "isArchived": True,
    "isMember": True,
    "role": "principal-admin",
    "apiRole": "app-admin",
    "api_role": "app-admin",
    "is_superuser": True,
    "isVerified": True,
    "email_verified_at": "2025-01-01T00:00:00Z",
    "status": "active",
    "organization": ORGANIZATION,
    "memberOf": [SITE],
    "owner": UNKNOWN,
    "owner_id": UNKNOWN,
    "price": 0,
    "_id": UNKNOWN,
    "id": UNKNOWN,
    "pk": UNKNOWN,
    "scopes": ["contracts:write"],
    "secret": "whsec_AAAA",
    "createdAt": "2000-01-01T00:00:00Z",
}


@pytest.mark.parametrize("path", POSTS)
def test_fields_that_nobody_may_send_are_not_written(post, path):
    """Source: safety, S-12: keys that are not the endpoint's are never written."""
    was = Organization.objects.filter(pk=ORGANIZATION).values().get()

    answer = post(path, POSTS[path][0] | EXTRA)

    assert answer.status_code == 200
    now = Organization.objects.filter(pk=ORGANIZATION).values().get()
    assert now | {"updated_at": None} == was | {"updated_at": None}
    assert not User.objects.filter(api_role="app-admin").exists()
    assert not User.objects.filter(
        email="ada@acme.example", email_verified_at__isnull=False
    ).exists()
    assert UNKNOWN not in answer.content.decode()
    assert "whsec_AAAA" not in answer.content.decode()
    assert Organization.objects.filter(is_member=True).count() == 0
