"""Every refusal in the Public API's document, "Authentication Error Responses", at a real endpoint."""

from typing import Any

import pytest

from tests.factories.apitokens import ApiTokenFactory
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db

POSTS = ["/api/meeting-request", "/api/check-email"]
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
    assert _post(client, None, path) == (
        "Unauthorized: Authorization header is required. Use: Authorization: Bearer <your_token>"
    )


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
