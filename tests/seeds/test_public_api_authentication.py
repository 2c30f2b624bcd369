"""Every refusal in the Public API's document, "Authentication Error Responses", at a real endpoint."""

from typing import Any

import pytest

from tests.factories.apitokens import ApiTokenFactory
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db

POSTS = ["/api/register", "/api/meeting-request", "/api/check-email", "/api/merge-contract"]
GETS = [
    "/api/room-price",
    "/api/contract-options",
    "/api/user-info",
    "/api/organization-info",
]
MISSING = "Unauthorized: Authorization header is required. Use: Authorization: Bearer <your_token>"
OPTIONAL_GETS = ["/api/sites", "/api/rooms", "/api/icsfeed?rooms=nonsense"]


def _refusal(answer: Any) -> str:
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    told = answer.json()
    message = told.pop("message")
    assert told == {"retcode": -1}
    return message


def _post(client: Any, header: str | None, path: str = POSTS[0]) -> str:
    headers = {} if header is None else {"Authorization": header}
    return _refusal(client.post(path, {}, content_type="application/json", headers=headers))


@pytest.mark.parametrize("path", POSTS)
def test_a_missing_header(client, path):
    assert _post(client, None, path) == MISSING


@pytest.mark.parametrize("path", GETS)
def test_reads_that_need_a_token(client, path):
    assert _refusal(client.get(path)) == MISSING
    bad = client.get(path, headers={"Authorization": "Bearer ww_dev_your_token_here"})
    assert _refusal(bad) == "Unauthorized: Invalid or revoked token"


def test_reads_that_need_none(client):
    """The table "Endpoints Requiring Authentication": optional, and ignored for the countries."""
    for path in ("/api/sites", "/api/rooms", "/api/countries"):
        assert client.get(path).status_code == 200
    bad = {"Authorization": "Basic abc"}
    assert client.get("/api/countries", headers=bad).status_code == 200


@pytest.mark.parametrize("path", [*POSTS, *GETS])
def test_the_wrong_method_is_told_before_the_token(client, path):
    answer = client.delete(path)

    assert (answer.status_code, answer.json()) == (
        405,
        {"retcode": -1, "message": 'Method "DELETE" not allowed.'},
    )
    assert "DELETE" not in answer["Allow"]


@pytest.mark.parametrize("header", ["Basic abc", "ww_dev_your_token_here", "Bearer"])
def test_an_invalid_format(client, header):
    assert _post(client, header) == (
        "Unauthorized: Invalid authorization format. Use: Authorization: Bearer <your_token>"
    )


@pytest.mark.parametrize("token", ["ww_dev_your_token_here", "ww_dev_" + "0" * 64])
def test_an_invalid_or_revoked_token(client, token):
    assert _post(client, f"Bearer {token}") == "Unauthorized: Invalid or revoked token"


@pytest.mark.parametrize("path", OPTIONAL_GETS)
def test_a_wrong_token_is_refused_where_none_is_needed(client, path):
    answer = client.get(path, headers={"Authorization": "Bearer ww_dev_" + "0" * 64})

    assert _refusal(answer) == "Unauthorized: Invalid or revoked token"


def test_an_invalidated_token(client):
    token = ApiTokenFactory(is_active=False)

    assert _post(client, f"Bearer {token.plain}") == (
        "Votre token est expiré, connectez-vous à votre compte pour le renouveler"
    )


def test_an_archived_account(client):
    owner = UserFactory(api_role="api-developer", organization__archived=True)
    token = ApiTokenFactory(owner=owner)

    assert _post(client, f"Bearer {token.plain}") == (
        "Votre compte est désactivé, contactez Workways"
    )


def test_an_archived_user_account(client):
    token = ApiTokenFactory(owner=UserFactory(developer=True, archived=True))

    assert _post(client, f"Bearer {token.plain}") == "Unauthorized: User account is archived"
