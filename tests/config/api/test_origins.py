"""What scripts of other sites may do. Source: public-api, section 1, CORS; safety, S-54."""

import pytest
from django.test import Client

from tests.factories.apitokens import ApiTokenFactory

pytestmark = pytest.mark.django_db
OURS, EVIL = "https://app.partner.example", "https://evil.example"
SHOWN = (
    "Deprecation, ETag, Idempotent-Replayed, Link, RateLimit-Limit, RateLimit-Remaining, "
    "RateLimit-Reset, Retry-After, Sunset, X-Request-Id"
)
ALLOWED = "Access-Control-Allow-Origin"


@pytest.fixture(autouse=True)
def _configured(settings):
    settings.CORS_ORIGINS = ["https://other.partner.example", OURS]


def asked(path: str, *, origin: str | None, method: str):
    headers = {"Access-Control-Request-Method": method}
    if origin:
        headers["Origin"] = origin
    return Client().options(path, headers=headers)


def sent(path: str, *, origin: str, **headers: str):
    return Client().post(
        path,
        {"email": "a@b.example"},
        content_type="application/json",
        headers={"Origin": origin, **headers},
    )


def test_configured_origin_may_post_with_token_and_key():
    response = asked("/api/check-email", origin=OURS, method="POST")

    assert (response.status_code, response[ALLOWED]) == (204, OURS)
    assert response["Access-Control-Allow-Methods"] == "POST, OPTIONS"
    assert response["Access-Control-Allow-Headers"] == (
        "Authorization, Content-Type, Idempotency-Key, If-None-Match, If-Unmodified-Since, "
        "x-api-key, x-configuration-id"
    )
    assert "Origin" in response["Vary"]


def test_configured_origin_reads_answers_and_refusals():
    token = ApiTokenFactory()
    answers = [
        sent("/api/check-email", origin=OURS, **token.header),
        sent("/api/check-email", origin=OURS),
    ]

    assert [answer.status_code for answer in answers] == [200, 401]
    for answer in answers:
        assert (answer[ALLOWED], answer["Access-Control-Expose-Headers"]) == (OURS, SHOWN)
        assert "Origin" in answer["Vary"]


@pytest.mark.parametrize(
    "origin",
    [
        EVIL,
        "null",
        "*",
        f"{OURS}.evil.example",
        "http://app.partner.example",
        f"{OURS}:8443",
        f"{OURS}/",
        OURS.upper(),
        f"{EVIL}, {OURS}",
    ],
)
def test_no_other_origin_is_answered(origin: str):
    token = ApiTokenFactory()

    for response in (
        asked("/api/check-email", origin=origin, method="POST"),
        sent("/api/check-email", origin=origin, **token.header),
    ):
        assert ALLOWED not in response
        assert "Access-Control-Expose-Headers" not in response


@pytest.mark.parametrize("path", ["/api/rooms", "/api/sites", "/api/availability", "/api/schema"])
@pytest.mark.parametrize("origin", [EVIL, OURS, None])
def test_public_reads_are_open_to_all_and_name_nobody(path: str, origin: str | None):
    headers = {"Origin": origin} if origin else {}
    answer = Client().get(path, headers=headers)
    question = asked(path, origin=origin, method="GET")

    assert answer[ALLOWED] == question[ALLOWED] == "*"
    assert answer["Access-Control-Expose-Headers"] == SHOWN


def test_a_public_read_is_not_open_to_other_methods():
    assert ALLOWED not in asked("/api/availability", origin=EVIL, method="POST")
    assert ALLOWED not in asked("/api/rooms", origin=EVIL, method="DELETE")


@pytest.mark.parametrize("path", ["/api/check-email", "/api/rooms"])
def test_credentials_are_never_allowed(path: str):
    for response in (
        asked(path, origin=OURS, method="GET"),
        Client().get(path, headers={"Origin": OURS}),
    ):
        assert "Access-Control-Allow-Credentials" not in response


def test_nothing_is_configured_by_default():
    from config.settings import base

    assert base.CORS_ORIGINS == []
