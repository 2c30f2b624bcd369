"""Pages of people who are logged in, and answers to a token, stay in no cache. Source: safety, S-02, S-51."""

import pytest
from django.test import Client

from tests.factories.apitokens import ApiTokenFactory
from tests.safety.test_permissions import ROWS, browser
from tests.safety.test_permissions import world as world

pytestmark = pytest.mark.django_db

PAGES = [path for path in ROWS if path.startswith(("/account/", "/booking/", "/register/"))]
READS = [path for path in ROWS if path.startswith("/api/") and path != "/api/schema"]


def test_pages_of_somebody_are_not_stored(world: None) -> None:
    client = browser(developer=True)

    found = {path: client.get(path) for path in PAGES}

    shown = {path: answer for path, answer in found.items() if answer.status_code == 200}
    assert len(shown) >= 8
    assert [path for path in shown if "no-store" not in shown[path].get("Cache-Control", "")] == []


def test_no_page_that_names_who_is_logged_in_may_be_shared(world: None) -> None:
    client = browser(developer=True)

    for path in (path for path in ROWS if not path.startswith(("/api/", "/imageroom", "/site-"))):
        answer = client.get(path)
        told = answer.get("Cache-Control", "")
        is_personal = b"/accounts/logout/" in answer.content
        assert not (is_personal and "public" in told), path
        assert not is_personal or "Cookie" in answer.get("Vary", "") or "no-store" in told, path


def test_answers_to_a_token_are_private(world: None) -> None:
    client = Client(headers=ApiTokenFactory().header)

    for path in READS:
        answer = client.get(path)
        if answer.status_code == 200 and path != "/api/countries":
            assert "public" not in answer.get("Cache-Control", ""), path
            assert "Authorization" in answer.get("Vary", ""), path
