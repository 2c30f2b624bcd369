"""What a token is worth, at every endpoint that asks for one. Source: safety, S-03 to S-05."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from apitokens.domain import own_tokens
from config import clock
from config.api import openapi
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.organizations import OrganizationFactory, UserFactory

MISSING = "Unauthorized: Authorization header is required. Use: Authorization: Bearer <your_token>"
REVOKED = "Unauthorized: Invalid or revoked token"
EXPIRED = "Votre token est expiré, connectez-vous à votre compte pour le renouveler"
ARCHIVED = "Unauthorized: User account is archived"
CLOSED = "Votre compte est désactivé, contactez Workways"


def protected() -> Iterator[tuple[str, str]]:
    """Yield method and path of every operation that needs a token."""
    for path, operations in openapi.document()["paths"].items():
        for method, operation in operations.items():
            if operation.get("security") == openapi.NEEDS_TOKEN:
                yield method, path


def told(method: str, path: str, **headers: str) -> tuple[int, dict, str | None]:
    answer = getattr(Client(), method)(
        path, "{}" if method == "post" else None, content_type="application/json", headers=headers
    )
    return answer.status_code, answer.json(), answer.get("WWW-Authenticate")


def refused(message: str) -> tuple[int, dict, str]:
    return 401, {"retcode": -1, "message": message}, "Bearer"


@pytest.mark.django_db
def test_each_state_of_a_token_is_told_alike_at_every_endpoint() -> None:
    deleted = ApiTokenFactory()
    header = deleted.header
    deleted.delete()
    company = OrganizationFactory(archived=True)
    member = UserFactory(organization=company, api_role="api-developer")
    states = {
        REVOKED: header,
        EXPIRED: ApiTokenFactory(is_active=False).header,
        ARCHIVED: ApiTokenFactory(owner__archived=True).header,
        CLOSED: ApiTokenFactory(owner=member).header,
        MISSING: {},
    }
    endpoints = list(protected())
    assert len(endpoints) > 10

    odd = [
        (method, path, message)
        for method, path in endpoints
        for message, headers in states.items()
        if told(method, path, **headers) != refused(message)
    ]

    assert odd == []


@pytest.mark.django_db
def test_a_token_elsewhere_than_in_its_header_is_none() -> None:
    plain = ApiTokenFactory().plain
    client = Client()
    client.cookies["Authorization"] = client.cookies["token"] = plain
    body = json.dumps({"email": "a@b.example", "token": plain, "access_token": plain})

    answers = [
        client.get(f"/api/usage?token={plain}"),
        client.get(f"/api/usage?access_token={plain}&authorization=Bearer%20{plain}"),
        client.post("/api/check-email", body, content_type="application/json"),
        client.get("/api/usage", headers={"X-Authorization": f"Bearer {plain}"}),
        client.get("/api/usage", headers={"X-Api-Key": plain}),
    ]

    assert [answer.status_code for answer in answers] == [401] * 5
    assert {answer.json()["message"] for answer in answers} == {MISSING}


@pytest.mark.parametrize("strange", ["Basic {}", "Bearer {0} {0}", "{}", "Bearer"])
@pytest.mark.django_db
def test_a_header_of_another_form_is_refused(strange: str) -> None:
    plain = ApiTokenFactory().plain

    status, body, _ = told("get", "/api/usage", Authorization=strange.format(plain))

    assert status == 401
    assert body["message"].startswith("Unauthorized: Invalid")


@pytest.mark.django_db(transaction=True)
def test_the_old_secret_is_dead_for_the_next_call_of_every_worker() -> None:
    token = ApiTokenFactory()
    is_over = threading.Event()

    def keep_calling(_worker: int) -> list[tuple[float, int]]:
        seen = []
        try:
            while not is_over.is_set():
                began = time.monotonic()
                answer = Client().get("/api/usage", headers=token.header)
                seen.append((began, answer.status_code))
        finally:
            connection.close()
        return seen

    with ThreadPoolExecutor(4) as pool:
        workers = [pool.submit(keep_calling, number) for number in range(4)]
        time.sleep(0.5)
        own_tokens.regenerate(owner=token.owner, token_id=token.pk, now=clock.now())
        regenerated = time.monotonic()
        time.sleep(0.5)
        is_over.set()
        seen = [call for worker in workers for call in worker.result()]

    assert {status for began, status in seen if began > regenerated} == {401}
    assert 200 in {status for _, status in seen}
