"""What callers see when something breaks underneath. Source: safety, F-01 to F-04, and S-55."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config.urls import handler500
from config.urls import urlpatterns as portal

__all__ = ["handler500"]


def raising(error: Exception):
    def view(_request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    path("away", raising(OperationalError("connection refused"))),
    path("fr/away", raising(OperationalError("connection refused"))),
    path("cut", raising(InterfaceError("connection already closed"))),
    path("bug", raising(ValueError("a secret value"))),
    path("api/away", raising(OperationalError("connection refused"))),
    path("api/bug", raising(ValueError("a secret value"))),
    *portal,
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", ["/away", "/cut"])
def test_page_without_database_asks_for_patience(visitor: Client, address: str) -> None:
    response = visitor.get(address)

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "We will be back in a moment" in response.content.decode()
    assert response["Content-Security-Policy"]


def test_page_of_a_bug_shows_nothing_of_it(visitor: Client) -> None:
    response = visitor.get("/bug")

    assert response.status_code == 500
    assert "Retry-After" not in response
    assert "Something went wrong on our side" in response.content.decode()
    assert "secret" not in response.content.decode()


def test_api_without_database_keeps_its_envelope(visitor: Client) -> None:
    response = visitor.get("/api/away")

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response.json() == {
        "retcode": -1,
        "message": "Service temporarily unavailable, please retry",
    }


def test_api_with_a_bug_keeps_its_envelope(visitor: Client) -> None:
    response = visitor.get("/api/bug")

    assert response.status_code == 500
    assert response.json() == {"retcode": -1, "message": "Internal server error"}


DEAD_DATABASE = """
import django
django.setup()
from django.test import Client
visitor = Client(raise_request_exception=False)
for path in ("/livez", "/readyz", "/account/", "/accounts/login/"):
    visitor.cookies["sessionid"] = "a" * 32
    answer = visitor.get(path)
    print(path, answer.status_code, answer.get("Retry-After", "-"))
"""


def test_dead_database_gives_503_on_pages_while_the_process_lives() -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9/0",
    }

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", DEAD_DATABASE],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert done.stdout.splitlines() == [
        "/livez 200 -",
        "/readyz 503 5",
        "/account/ 503 5",
        "/accounts/login/ 503 5",
    ]


def sent_away(status: int, **headers: str):
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=status, headers=headers)

    return view


urlpatterns[:0] = [
    path("429", sent_away(429)),
    path("503", sent_away(503)),
    path("429-soon", sent_away(429, **{"Retry-After": "3"})),
    path("200", sent_away(200)),
]


@pytest.mark.parametrize(
    ("address", "seconds"), [("/429", "60"), ("/503", "5"), ("/429-soon", "3"), ("/200", None)]
)
def test_whoever_is_sent_away_for_now_is_told_when_to_come_back(visitor, address, seconds) -> None:
    assert visitor.get(address).get("Retry-After") == seconds


@pytest.mark.django_db
def test_too_many_log_ins_are_told_when_to_come_back(visitor: Client, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    form = {"login": "a@b.example", "password": "x"}

    answers = [visitor.post("/accounts/login/", form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1]["Retry-After"] == "60"
