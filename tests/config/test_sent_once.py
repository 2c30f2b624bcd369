"""Forms that are sent twice: the real pages, with their CSRF tokens, one after the other."""

import base64
import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import translation

from apitokens.models import ApiToken, WebhookEndpoint
from booking.models import Meeting, Registration, WaitlistEntry
from config import links
from config.links import Purpose
from organizations.domain import verifications
from organizations.models import EmailVerification, User
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory
from tests.factories.staff import BACKEND

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 2, 8, 0, tzinfo=dt.UTC)
COMPANY = {
    "name": "Acme",
    "country": "FR",
    "first_name": "Ada",
    "email": "ada@visitor.example",
    "phone": "06 12 34 56 78",
    "max_resident_users": "3",
    "terms": "on",
}
BOOKING = {
    "duration": "60",
    "people": "2",
    "contact_name": "Ada Byron",
    "contact_email": "ada@visitor.example",
    "terms": "on",
}
WAIT = {
    "day": "2030-01-08",
    "start": "09:00",
    "end": "12:00",
    "duration": "60",
    "people": "2",
    "contact_email": "ada@visitor.example",
}


@pytest.fixture(autouse=True)
def _wednesday_morning():
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def developer(browser: Client) -> User:
    person = UserFactory(developer=True)
    browser.force_login(person, backend=BACKEND)
    return person


def form_of(browser: Client, url: str) -> dict[str, str]:
    """Load a page as a browser does; return the token of its forms."""
    found = re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(url).content.decode()
    )
    assert found is not None
    return {"csrfmiddlewaretoken": found[1]}


def sent_twice(browser: Client, url: str, typed: dict[str, str]) -> list[tuple[int, str]]:
    """Send one form twice; return both answers' statuses and where they lead."""
    form = form_of(browser, url) | typed
    answers = [browser.post(url, form) for _ in range(2)]
    return [(answer.status_code, answer.get("Location", "")) for answer in answers]


def test_registration_is_received_once(browser: Client) -> None:
    site = SiteFactory()

    first, second = sent_twice(browser, "/register/", COMPANY | {"site_id": site.id})

    assert first == second
    assert first[0] == 302
    assert Registration.objects.count() == 1


def test_booking_is_made_once_and_both_answers_lead_to_it(browser: Client) -> None:
    room = RoomFactory()
    url = f"/book/?room={room.id}&start=2030-01-08T10:00&duration=60"

    first, second = sent_twice(browser, url, BOOKING)

    assert first == second
    assert first[1].startswith("/book/received/k/")
    assert Meeting.objects.count() == 1


def test_place_on_the_waiting_list_is_taken_once(browser: Client) -> None:
    room = RoomFactory()

    first, second = sent_twice(browser, f"/waitlist/?room={room.id}", WAIT)

    assert first == second == (302, "/waitlist/joined/")
    assert WaitlistEntry.objects.count() == 1


def test_token_is_made_once_and_the_second_answer_says_so(browser: Client, developer: User) -> None:
    url = "/account/api/tokens/new/"

    first, second = sent_twice(browser, url, {"name": "Website", "scopes": "read"})

    assert (first[0], second) == (200, (302, "/account/api/"))
    assert ApiToken.objects.get().name == "Website"
    assert "counted once" in browser.get("/account/api/").content.decode()


def test_token_is_regenerated_once(browser: Client, developer: User) -> None:
    token = ApiTokenFactory(owner=developer)

    first, second = sent_twice(browser, f"/account/api/tokens/{token.pk}/regenerate/", {})

    assert (first[0], second) == (200, (302, "/account/api/"))


def test_webhook_is_made_once(browser: Client, developer: User, settings) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    url = "/account/api/webhooks/new/"

    first, second = sent_twice(browser, url, {"url": "http://127.0.0.1:9/hook"})

    assert (first[0], second) == (200, (302, "/account/api/webhooks/"))
    assert WebhookEndpoint.objects.count() == 1


def test_address_is_proven_once_and_the_second_click_finds_no_dead_link(browser: Client) -> None:
    person = UserFactory(email_verified_at=None)
    verifications.send(person, company="Acme", now=NOW)
    proof = EmailVerification.objects.get()
    url = f"/register/verify/k/{links.key(Purpose.VERIFY_EMAIL, proof.pk)}/"
    typed = {"password1": "a long good phrase", "password2": "a long good phrase"}

    answers = [browser.post(url, typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]


def test_page_that_is_loaded_again_has_another_form(browser: Client, developer: User) -> None:
    url = "/account/api/tokens/new/"

    for _ in range(2):
        browser.post(url, form_of(browser, url) | {"name": "Website", "scopes": "read"})

    assert ApiToken.objects.count() == 2


def test_form_filled_in_another_way_is_another_form(browser: Client, developer: User) -> None:
    url = "/account/api/tokens/new/"
    form = form_of(browser, url)

    for name in ("Website", "Screens"):
        browser.post(url, form | {"name": name, "scopes": "read"})

    assert ApiToken.objects.count() == 2


def test_refused_form_may_be_sent_again(browser: Client) -> None:
    site = SiteFactory()
    url = "/register/"
    form = form_of(browser, url) | COMPANY | {"site_id": site.id, "phone": "call me"}

    answers = [browser.post(url, form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert Registration.objects.count() == 0


def test_no_lock_stays(browser: Client, developer: User) -> None:
    sent_twice(browser, "/account/api/tokens/new/", {"name": "Website", "scopes": "read"})

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        )
        assert cursor.fetchone() == (0,)


def test_links_that_are_remembered_are_sealed(browser: Client) -> None:
    room = RoomFactory()
    url = f"/book/?room={room.id}&start=2030-01-08T10:00&duration=60"

    (_status, link), _again = sent_twice(browser, url, BOOKING)

    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM django_cache WHERE cache_key LIKE %s", ["%form:%"])
        ((kept,),) = cursor.fetchall()
    assert link.encode() not in base64.b64decode(kept)
    assert b"sealed:" in base64.b64decode(kept)
