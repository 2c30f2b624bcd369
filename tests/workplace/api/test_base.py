"""The base of the Workplace API, by two small endpoints of this file.

Source: workplace-api, section 0; section 13.
"""

import json
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, transaction
from django.test import Client
from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.models import ApiCall, ApiToken, KeyAllowance
from config.api.routing import endpoint
from config.urls import urlpatterns as portal_urlpatterns
from tests.factories.apitokens import ApiQuotaFactory, ApiTokenFactory, WorkplaceKeyFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from workplace.api import inputs
from workplace.api.urls import BASE
from workplace.api.views import WorkplaceView
from workplace.domain.refusals import Conflict, Detail, QueueUnavailable, missing

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

THINGS = f"/{BASE}/things"
NOW = "2026-03-02T10:00:00Z"


class Taken(Conflict):
    code = "thing_taken"
    message = "Somebody has it"


def _raise(kind: str) -> None:
    if kind == "missing":
        raise missing("thing", "Thing")
    if kind == "taken":
        raise Taken([Detail(path="things[0]", message="It is taken", conflict_id="x")])
    if kind == "simply taken":
        raise Taken
    if kind == "queue":
        raise QueueUnavailable
    if kind == "database":
        raise OperationalError
    if kind == "crash":
        raise RuntimeError


class ThingsView(WorkplaceView):
    resource = "things"
    identifiers = {"DELETE": "forget_things"}

    def get(self, request: Request) -> Response:
        _raise(request.GET.get("fail", ""))
        return self.ok({"tenant": self.tenant.organization_id})

    def post(self, request: Request) -> Response:
        body = inputs.body(request)
        body.only("a")
        body.require("a")
        body.problems.refuse()
        self.need_scope("workplace:admin")
        return self.ok({"made": ApiCall.objects.count()})

    def delete(self, request: Request) -> Response:
        return self.ok({})


class HarmlessView(WorkplaceView):
    resource = "harmless"
    keeps_answers = False

    def post(self, request: Request) -> Response:
        return self.ok({"is_in_transaction": transaction.get_connection().savepoint_ids})


urlpatterns = [
    endpoint(f"{BASE}/things", ThingsView, name="things"),
    endpoint(f"{BASE}/harmless", HarmlessView, name="harmless"),
    *portal_urlpatterns,
]


def call(
    method: str = "get", path: str = THINGS, *, key: Any = None, body: Any = None, **headers: str
) -> Any:
    sent = (
        {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
    )
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return getattr(Client(raise_request_exception=False), method)(
        path, headers={**(key.header if key else {}), **named}, **sent
    )


def refusal(answer: Any) -> tuple[int, str, str, list, str]:
    body = answer.json()
    error = body["error"]
    assert list(body) == ["success", "error", "identifier"]
    assert list(error) == ["code", "message", "details", "request_id"]
    assert body["success"] is False
    assert error["request_id"] == answer["X-Request-Id"]
    assert error["request_id"].startswith("req_")
    return (
        answer.status_code,
        error["code"],
        error["message"],
        error["details"],
        body["identifier"],
    )


def test_success() -> None:
    answer = call(key=WorkplaceKeyFactory())

    assert answer.status_code == 200
    assert answer.json() == {
        "success": True,
        "data": {"tenant": None},
        "identifier": "get_things_successful",
    }
    assert answer["X-Request-Id"].startswith("req_")
    assert answer["Cache-Control"] == "private, max-age=0, must-revalidate"
    assert answer["Vary"] == "x-api-key, Origin"


def test_a_slash_at_the_end_works_too() -> None:
    assert call(path=THINGS + "/", key=WorkplaceKeyFactory()).status_code == 200


def test_a_key_of_an_organization_speaks_for_it() -> None:
    key = WorkplaceKeyFactory(for_organization=True)

    assert call(key=key).json()["data"] == {"tenant": key.organization_id}


# --- who calls ------------------------------------------------------------------------------
MISSING_KEY = "Unauthorized: x-api-key header is required"
INVALID_KEY = "Unauthorized: Invalid or revoked API key"


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, MISSING_KEY),
        ({"x_api_key": " "}, MISSING_KEY),
        ({"x_api_key": "ww_wp_" + "0" * 64}, INVALID_KEY),
        ({"x_api_key": "ww_wp_" + "0" * 63}, INVALID_KEY),
        ({"x_api_key": "nonsense"}, INVALID_KEY),
    ],
)
def test_without_a_good_key_nobody_is_let_in(sent: dict[str, str], message: str) -> None:
    answer = call(**sent)

    assert refusal(answer) == (401, "unauthorised", message, [], "authorise_failed")
    assert answer["WWW-Authenticate"] == "x-api-key"


def test_each_kind_opens_its_own_api_alone() -> None:
    key, token = WorkplaceKeyFactory(), ApiTokenFactory()

    def status(path: str, **headers: str) -> int:
        return Client().get(path, headers=headers).status_code

    assert status(THINGS, **{"x-api-key": token.plain}) == 401
    assert status(THINGS, **token.header) == 401
    assert status(THINGS, Authorization=f"Bearer {key.plain}") == 401
    assert status("/api/usage", Authorization=f"Bearer {key.plain}") == 401
    assert status("/api/usage", **key.header) == 401
    assert status("/api/rooms", Authorization=f"Bearer {key.plain}") == 401
    assert (status("/api/usage", **token.header), status(THINGS, **key.header)) == (200, 200)


@pytest.mark.parametrize("case", ["revoked", "archived", "left", "tenant archived"])
def test_a_key_dies_with_what_it_stands_on(case: str) -> None:
    key = WorkplaceKeyFactory(for_organization=True)
    owner = key.owner
    if case == "revoked":
        ApiToken.objects.update(is_active=False)
    elif case == "archived":
        type(owner).objects.update(is_archived=True)
    elif case == "left":
        type(owner).objects.update(organization=OrganizationFactory())
    else:
        type(key.organization).objects.update(is_archived=True)

    assert refusal(call(key=key))[:2] == (401, "unauthorised")


def test_a_developer_without_role_is_forbidden() -> None:
    key = WorkplaceKeyFactory()
    type(key.owner).objects.update(api_role="")

    assert refusal(call(key=key))[:2] == (403, "forbidden")


def test_scopes_by_method_and_more() -> None:
    reader = WorkplaceKeyFactory(scopes=["workplace:read"])
    writer = WorkplaceKeyFactory(scopes=["workplace:write"])
    answers = [
        call(key=writer),
        call("delete", key=reader),
        call("post", key=writer, body={"a": 1}),
    ]

    lacks = "Forbidden: this token lacks the scope"
    assert [refusal(answer) for answer in answers] == [
        (403, "forbidden", f"{lacks} workplace:read", [], "get_things_failed"),
        (403, "forbidden", f"{lacks} workplace:write", [], "forget_things_failed"),
        (
            403,
            "forbidden",
            "Forbidden: this key lacks the scope workplace:admin",
            [],
            "create_things_failed",
        ),
    ]


# --- the order of checks ----------------------------------------------------------------------
def test_checks_come_in_the_documented_order() -> None:
    reader, writer = (
        WorkplaceKeyFactory(scopes=["workplace:read"]),
        WorkplaceKeyFactory(scopes=["workplace:read", "workplace:write"]),
    )
    text = {"data": "{", "content_type": "text/plain"}
    client = Client()

    steps = [
        client.put(THINGS, **text),  # method
        client.post(THINGS, **text),  # key
        client.post(THINGS, headers=reader.header, **text),  # scope
        client.post(THINGS, headers=writer.header, **text),  # content type
        client.post(THINGS, "{", content_type="application/json", headers=writer.header),  # body
        call("post", key=writer, body={"a": 1}),  # rules
    ]

    assert [(step.status_code, step.json()["error"]["code"]) for step in steps] == [
        (405, "method_not_allowed"),
        (401, "unauthorised"),
        (403, "forbidden"),
        (415, "unsupported_media_type"),
        (400, "validation_failed"),
        (403, "forbidden"),
    ]
    assert steps[0]["Allow"] == "GET, POST, DELETE, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "path", [f"/{BASE}", f"/{BASE}/", f"/{BASE}/nothing", f"/{BASE}/things/x/y"]
)
@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "patch"])
def test_unknown_paths(method: str, path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = getattr(strict, method)(path)

    assert refusal(answer) == (404, "resource_not_found", "Not found", [], "resolve_failed")


# --- refusals ---------------------------------------------------------------------------------
def test_everything_wrong_in_a_body_is_told() -> None:
    answer = call("post", key=WorkplaceKeyFactory(), body={"b": 1})

    assert refusal(answer) == (
        400,
        "validation_failed",
        "Invalid b: is not known",
        [
            {"path": "b", "message": "is not known", "code": "unknown_field"},
            {"path": "a", "message": "is required", "code": "required"},
        ],
        "create_things_failed",
    )


@pytest.mark.parametrize("body", [[], "x", 3, None])
def test_a_body_is_an_object(body: Any) -> None:
    answer = Client().post(
        THINGS,
        json.dumps(body),
        content_type="application/json",
        headers=WorkplaceKeyFactory().header,
    )

    message = "The body must be a JSON object"
    assert refusal(answer)[:4] == (
        400,
        "validation_failed",
        message,
        [{"path": "", "message": message}],
    )


def test_refusals_of_the_domain() -> None:
    key = WorkplaceKeyFactory()

    def told(kind: str) -> tuple[int, str, str, list]:
        return refusal(call(path=f"{THINGS}?fail={kind}", key=key))[:4]

    taken = {
        "path": "things[0]",
        "message": "It is taken",
        "code": "thing_taken",
        "conflict_id": "x",
    }
    simply = {"path": "", "message": "Somebody has it", "code": "thing_taken"}
    not_found = {"path": "thing", "message": "Thing not found"}
    retry = "Service temporarily unavailable, please retry"
    assert told("taken") == (409, "conflict", "It is taken", [taken])
    assert told("simply taken") == (409, "conflict", "Somebody has it", [simply])
    assert told("missing") == (404, "resource_not_found", "Thing not found", [not_found])
    assert told("queue")[:2] == (503, "queue_unavailable")
    assert told("database") == (503, "service_unavailable", retry, [])
    assert told("crash") == (500, "internal_error", "Internal server error", [])
    assert call(path=f"{THINGS}?fail=database", key=key)["Retry-After"] == "2"


def test_bodies_of_up_to_ten_megabytes() -> None:
    key = WorkplaceKeyFactory(scopes=["workplace:write"])

    def status(length: int) -> int:
        body = '{"a":"' + "x" * (length - 8) + '"}'
        return (
            Client()
            .post(THINGS, body, content_type="application/json", headers=key.header)
            .status_code
        )

    assert status(10_000_000) == 403  # read, and then the scope is missing
    assert status(10_000_001) == 413


# --- the same call again ------------------------------------------------------------------------
def test_a_post_under_a_key_gets_its_first_answer_again() -> None:
    key = WorkplaceKeyFactory()

    first = call("post", key=key, body={"a": 1}, idempotency_key="k")
    again = call("post", key=key, body={"a": 1}, idempotency_key="k")
    other = call("post", key=key, body={"a": 2}, idempotency_key="k")

    assert again.content == first.content
    assert (first.get("Idempotent-Replayed"), again["Idempotent-Replayed"]) == (None, "true")
    assert refusal(other)[:2] == (422, "idempotency_key_reused")


def test_a_bad_idempotency_key_is_told() -> None:
    answer = call("post", key=WorkplaceKeyFactory(), body={"a": 1}, idempotency_key="k" * 256)

    assert refusal(answer)[0] == 400
    assert refusal(answer)[3][0]["code"] == "invalid_idempotency_key"


def test_where_a_repeated_post_is_harmless_its_answer_is_not_kept() -> None:
    key = WorkplaceKeyFactory()

    answers = [
        call("post", f"/{BASE}/harmless", key=key, body={}, idempotency_key="k") for _ in range(2)
    ]

    assert [answer.get("Idempotent-Replayed") for answer in answers] == [None, None]


# --- how often ----------------------------------------------------------------------------------
LIMITS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def test_two_hundred_calls_at_once_then_a_hundred_a_second() -> None:
    key = WorkplaceKeyFactory()
    with time_machine.travel(NOW, tick=False) as clock:
        first = call(key=key)
        KeyAllowance.objects.filter(token=key, calls_left=199).update(calls_left=1)
        last, over = call(key=key), call(key=key)
        clock.shift(0.03)
        later = [call(key=key).status_code for _ in range(4)]
        clock.shift(3600)
        full = call(key=key)

    assert [first[name] for name in LIMITS] == ["200", "199", "1"]
    assert [last[name] for name in LIMITS] == ["200", "0", "1"]
    assert refusal(over)[:3] == (429, "rate_limited", "Too many calls: at most 200 at once")
    assert [over[name] for name in (*LIMITS, "Retry-After")] == ["200", "0", "1", "1"]
    assert later == [200, 200, 200, 429]
    assert [full[name] for name in LIMITS] == ["200", "199", "1"]


def test_a_hundred_thousand_calls_a_day() -> None:
    key = WorkplaceKeyFactory()
    with time_machine.travel(NOW, tick=False) as clock:
        call(key=key)
        KeyAllowance.objects.filter(token=key).update(day_used=99_999)
        last, over = call(key=key), call(key=key)
        clock.shift(14 * 3600)  # midnight in UTC
        tomorrow = call(key=key)

    assert [last[name] for name in LIMITS] == ["100000", "0", "50400"]
    assert refusal(over)[:3] == (429, "rate_limited", "Too many calls: at most 100000 a day")
    assert over["Retry-After"] == "50400"
    assert tomorrow.status_code == 200


def test_limits_can_be_switched_off(settings: Any) -> None:
    settings.API_THROTTLE = False
    key = WorkplaceKeyFactory()
    with time_machine.travel(NOW, tick=False):
        answer = call(key=key)

    assert [name for name in LIMITS if name in answer] == []
    assert not KeyAllowance.objects.exists()


def test_the_owners_quota_counts_too() -> None:
    key = WorkplaceKeyFactory()
    ApiQuotaFactory(user=key.owner, daily_limit=1)

    assert (call(key=key).status_code, refusal(call(key=key))[:2]) == (200, (429, "rate_limited"))


def test_calls_are_logged_for_the_owner() -> None:
    key = WorkplaceKeyFactory()
    answer = call(key=key)

    logged = ApiCall.objects.get()
    assert (logged.token, logged.path, logged.status) == (key, THINGS, 200)
    assert logged.request_id == answer["X-Request-Id"]


def test_a_browser_may_ask_what_it_may_send() -> None:
    answer = Client().options(THINGS)

    assert answer.status_code == 204
    assert "x-api-key" in answer["Access-Control-Allow-Headers"]


def test_an_owner_may_not_hold_keys_beyond_their_reach() -> None:
    key = WorkplaceKeyFactory(owner=UserFactory(app_admin=True), organization=OrganizationFactory())

    assert call(key=key).json()["data"] == {"tenant": key.organization_id}
