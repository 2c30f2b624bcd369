"""Abuse limits: exact, by who, and anew in the next stretch."""

import datetime as dt

import pytest
from django.test import Client

from apitokens.domain import abuse_limits
from apitokens.domain.abuse_limits import Limit, TooManyCalls
from apitokens.models import AbuseCount
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
TWICE = Limit("test", 2, dt.timedelta(minutes=1))


def test_the_last_one_is_served_and_the_next_refused() -> None:
    abuse_limits.take(TWICE, who="a", now=NOW)
    abuse_limits.take(TWICE, who="a", now=NOW + dt.timedelta(seconds=59))

    with pytest.raises(TooManyCalls) as refusal:
        abuse_limits.take(TWICE, who="a", now=NOW + dt.timedelta(seconds=50))

    assert refusal.value.headers == {"Retry-After": "10"}
    abuse_limits.take(TWICE, who="b", now=NOW)
    abuse_limits.take(TWICE, who="a", now=NOW + dt.timedelta(seconds=60))


def test_limits_can_be_switched_off(settings) -> None:
    settings.API_THROTTLE = False

    for _ in range(3):
        abuse_limits.take(TWICE, who="a", now=NOW)

    assert not AbuseCount.objects.exists()


def test_old_counts_are_forgotten() -> None:
    abuse_limits.take(TWICE, who="old", now=NOW - dt.timedelta(days=2))
    abuse_limits.take(TWICE, who="new", now=NOW)

    assert abuse_limits.prune(now=NOW) == 1
    assert AbuseCount.objects.get().key == "test new"


def test_a_list_of_addresses_is_cut_off(monkeypatch) -> None:
    monkeypatch.setattr(abuse_limits, "ENQUIRIES", Limit("enquiries", 2, dt.timedelta(days=9999)))
    token = ApiTokenFactory()

    answers = [
        Client().post(
            "/api/check-email",
            {"email": f"guess{number}@acme.com"},
            content_type="application/json",
            headers=token.header,
        )
        for number in range(3)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json() == {"retcode": -1, "message": "Too many requests, please retry later"}
    assert int(answers[2]["Retry-After"]) > 0


def test_booking_forms_of_one_network_are_limited_but_not_those_of_members(monkeypatch) -> None:
    monkeypatch.setattr(abuse_limits, "BOOKING_FORMS", Limit("forms", 2, dt.timedelta(days=9999)))

    def send(client: Client, address: str, **headers: str) -> int:
        return client.post("/book/", REMOTE_ADDR=address, headers=headers).status_code

    stranger, member = Client(), Client()
    member.force_login(UserFactory(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert [send(stranger, "192.0.2.1") for _ in range(3)] == [404, 404, 429]
    assert send(stranger, "192.0.2.1", x_forwarded_for="9.9.9.9") == 429
    assert stranger.post("/fr/book/", REMOTE_ADDR="192.0.2.1").status_code == 429
    assert send(stranger, "192.0.2.2") == 404
    assert [send(member, "192.0.2.1") for _ in range(3)] == [404, 404, 404]
    assert stranger.get("/book/", REMOTE_ADDR="192.0.2.1").status_code == 404
