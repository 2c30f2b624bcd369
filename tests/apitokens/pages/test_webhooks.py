"""Webhooks in the API settings. Source: public-api, section 7, `webhooks`; safety, S-09 and S-41."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from apitokens.models import WebhookDelivery, WebhookEndpoint
from config import outbound, sealing
from tests.factories.organizations import UserFactory
from tests.factories.staff import BACKEND

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
LIST, NEW = "/account/api/webhooks/", "/account/api/webhooks/new/"
URL = "https://hooks.example/in"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")
NO_STORE = "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    """The clock stands; names resolve to a public address; nothing is sent after the commit."""
    monkeypatch.setattr(outbound, "_looked_up", lambda *_args: ["93.184.215.14"])
    monkeypatch.setattr("config.background.after_commit", lambda *_args: None)
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def developer():
    return UserFactory(developer=True)


@pytest.fixture
def client(developer):
    return browser(developer)


def browser(person):
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def made(owner, **values):
    return WebhookEndpoint.objects.create(
        **{
            "owner": owner,
            "url": URL,
            "event_types": ["*"],
            "sealed_secret": sealing.seal("whsec_first"),
            "created_at": NOW,
        }
        | values
    )


def delivered(endpoint, **values):
    return WebhookDelivery.objects.create(
        **{
            "endpoint": endpoint,
            "status": "failed",
            "attempts": 9,
            "next_attempt_at": NOW,
            "answer_status": 500,
            "answer_ms": 12,
            "answer_text": "out of order",
            "created_at": NOW,
        }
        | values
    )


def text(response):
    return response.content.decode()


def test_a_new_webhook_shows_its_secret_once(client, developer):
    shown = client.post(NEW, {"url": URL, "events": ["meeting.confirmed"], "description": "x"})

    [secret] = set(SECRET.findall(text(shown)))
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.owner, endpoint.url, endpoint.event_types) == (
        developer,
        URL,
        ["meeting.confirmed"],
    )
    assert sealing.unseal(endpoint.sealed_secret) == secret
    assert shown["Cache-Control"] == NO_STORE
    for page in (LIST, f"{LIST}{endpoint.pk}/"):
        assert URL in text(client.get(page))
        assert secret not in text(client.get(page))


def test_nothing_ticked_means_all_events(client):
    client.post(NEW, {"url": URL})

    assert WebhookEndpoint.objects.get().event_types == ["*"]
    assert "All events" in text(client.get(LIST))


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"url": ""}, 422),
        ({"url": URL, "events": ["meeting.exploded"]}, 422),
        ({"url": URL, "description": "x" * 201}, 422),
        ({"url": "https://127.0.0.1/"}, 400),
        ({"url": "http://hooks.example/"}, 400),
        ({"url": "javascript:alert(1)"}, 400),
    ],
)
def test_a_bad_form_makes_no_webhook(client, monkeypatch, form, status):
    monkeypatch.setattr(outbound, "_looked_up", lambda host, *_args: [host])

    assert client.post(NEW, form).status_code == status
    assert not WebhookEndpoint.objects.exists()


def test_no_more_than_twenty(client, developer):
    for _ in range(20):
        made(developer)

    assert client.post(NEW, {"url": URL}).status_code == 409


def test_a_new_secret_is_asked_for_and_shown_once(client, developer):
    endpoint = made(developer)
    page = f"{LIST}{endpoint.pk}/secret/"
    assert not SECRET.search(text(client.get(page)))

    [secret] = set(SECRET.findall(text(client.post(page))))

    endpoint.refresh_from_db()
    assert sealing.unseal(endpoint.sealed_secret) == secret
    assert sealing.unseal(endpoint.sealed_former_secret) == "whsec_first"


def test_deleting_asks_first(client, developer):
    page = f"{LIST}{made(developer).pk}/delete/"

    assert client.get(page).status_code == 200
    assert WebhookEndpoint.objects.exists()
    assert client.post(page)["Location"] == LIST
    assert not WebhookEndpoint.objects.exists()


def test_a_test_message_is_sent_and_listed(client, developer):
    endpoint = made(developer)
    page = f"{LIST}{endpoint.pk}/"

    assert client.post(page, {"do": "test"})["Location"] == page

    delivery = WebhookDelivery.objects.get(endpoint=endpoint)
    shown = text(client.get(page))
    assert "webhook.test" in shown
    assert delivery.pk in shown


def test_a_message_of_the_log_is_sent_again(client, developer):
    endpoint = made(developer)
    delivery = delivered(endpoint)
    page = f"{LIST}{endpoint.pk}/"
    assert "out of order" in text(client.get(page))

    client.post(page, {"replay": delivery.pk})

    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == ("pending", 0)


def test_a_webhook_is_switched_off_and_on(client, developer):
    endpoint = made(developer)
    page, states = f"{LIST}{endpoint.pk}/", []
    for word in ("off", "on"):
        client.post(page, {"do": word})
        endpoint.refresh_from_db()
        states.append(endpoint.is_active)

    assert states == [False, True]


def test_one_that_is_off_sends_no_test(client, developer):
    endpoint = made(developer, is_active=False, switched_off="owner")

    answer = client.post(f"{LIST}{endpoint.pk}/", {"do": "test"}, follow=True)

    assert "The webhook is off. Switch it on first." in text(answer)
    assert not WebhookDelivery.objects.exists()


@pytest.mark.parametrize("form", [{}, {"do": "fly"}, {"replay": "x"}, {"replay": "a\x00b"}])
def test_a_button_that_is_none_does_nothing(client, developer, form):
    endpoint = made(developer)

    answer = client.post(f"{LIST}{endpoint.pk}/", form, follow=True)

    assert "That is no longer there." in text(answer)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", ["", "secret/", "delete/"])
def test_anothers_webhook_is_like_an_unknown_one(client, page, method):
    endpoint = made(UserFactory(developer=True), url="https://theirs.example/")
    delivery = delivered(endpoint)

    answers = [
        getattr(client, method)(f"{LIST}{pk}/{page}", {"do": "test"})
        for pk in (endpoint.pk, "5f0000000000000000000009", "x")
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert "theirs.example" not in text(client.get(LIST))
    delivery.refresh_from_db()
    assert delivery.status == "failed"


def test_anothers_delivery_is_not_sent_again(client, developer):
    mine, theirs = made(developer), delivered(made(UserFactory(developer=True)))

    client.post(f"{LIST}{mine.pk}/", {"replay": theirs.pk})

    theirs.refresh_from_db()
    assert theirs.status == "failed"


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_as_much_for_three_rows_as_for_one(
    client, developer, rows, django_assert_num_queries
):
    for _ in range(rows):
        delivered(made(developer))
    endpoint = made(developer)
    for _ in range(rows):
        delivered(endpoint)
    client.get(LIST)  # a session's first page notes that it is in use

    with django_assert_num_queries(3):  # session, person, webhooks
        client.get(LIST)
    with django_assert_num_queries(6):  # session, person, webhook, is it theirs, count, page
        client.get(f"{LIST}{endpoint.pk}/")
