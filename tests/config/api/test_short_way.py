"""Calls of the API go past what pages need, and tell all that callers rely on."""

import pytest

from tests.factories.apitokens import ApiTokenFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/api/rooms", "/api/usage", "/api/meeting"])
def test_an_answer_tells_its_length_and_its_id_and_no_language(client, path):
    headers = {**ApiTokenFactory().header, "Accept-Language": "fr"}

    answer = client.get(path, headers=headers)

    assert answer["Content-Length"] == str(len(answer.content))
    assert len(answer["X-Request-Id"]) == 36
    assert "Accept-Language" not in answer["Vary"]
    assert "Content-Language" not in answer
    assert "Set-Cookie" not in answer


def test_refusals_are_in_the_language_of_the_api(client):
    answer = client.put("/api/usage", headers={"Accept-Language": "fr"})

    assert answer.json()["message"] == 'Method "PUT" not allowed.'
