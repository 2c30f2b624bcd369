"""Asking for API access, and what staff make of it. Source: Public API, "Obtaining API Tokens"."""

import datetime as dt

import pytest
from django.test import Client

from apitokens.domain import access_requests
from apitokens.models import ApiAccessRequest
from organizations.models import OutgoingEmail, User
from tests.factories.organizations import UserFactory
from tests.factories.staff import logged_in

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
LIST = "/admin/apitokens/apiaccessrequest/"


@pytest.fixture(autouse=True)
def _mail_waits(monkeypatch):
    monkeypatch.setattr("config.background.after_commit", lambda *_args: None)


def asked(**person):
    return access_requests.ask(person=UserFactory(**person), purpose="A website", now=NOW)


def state(request):
    request.refresh_from_db()
    return request.status, User.objects.get(pk=request.person_id).api_role


def test_a_grant_makes_a_developer_and_tells_them():
    request = asked(email="jean@acme.com", language="fr")

    assert access_requests.grant(request.pk, now=NOW)

    assert state(request) == ("granted", "api-developer")
    assert request.decided_at == NOW
    mail = OutgoingEmail.objects.get()
    assert (mail.template, mail.to_address, mail.language) == (
        "api_access_granted",
        "jean@acme.com",
        "fr",
    )
    assert mail.context["settings_link"] == "https://portal.example/fr/account/api/"


def test_a_refusal_tells_and_gives_nothing():
    request = asked()

    assert access_requests.decline(request.pk, now=NOW)

    assert state(request) == ("declined", "")
    assert OutgoingEmail.objects.get().template == "api_access_declined"


def test_the_first_decision_counts():
    request = asked()
    access_requests.decline(request.pk, now=NOW)

    assert not access_requests.grant(request.pk, now=NOW)
    assert state(request) == ("declined", "")
    assert OutgoingEmail.objects.count() == 1
    assert not access_requests.grant("5f0000000000000000000009", now=NOW)


def test_after_a_refusal_one_may_ask_again():
    first = asked()
    access_requests.decline(first.pk, now=NOW)

    second = access_requests.ask(person=first.person, purpose="Another", now=NOW)

    assert second != first
    assert access_requests.latest_of(first.person) in (first, second)
    assert ApiAccessRequest.objects.count() == 2


def test_an_administrator_stays_one():
    request = asked(api_role="app-admin")
    access_requests.grant(request.pk, now=NOW)

    assert state(request) == ("granted", "app-admin")


def test_staff_grant_in_one_click():
    request, staff = asked(), logged_in()
    address = f"{LIST}{request.pk}/grant/"
    page = staff.get(LIST).content.decode()
    assert f'formaction="{address}"' in page
    assert 'id="changelist-form"' in page

    assert staff.get(address).status_code == 302
    assert state(request)[0] == "waiting"
    assert staff.post(address)["Location"] == LIST

    assert state(request) == ("granted", "api-developer")
    assert address not in staff.get(LIST).content.decode()


@pytest.mark.parametrize(("action", "status"), [("grant", "granted"), ("decline", "declined")])
def test_staff_decide_several(action, status):
    requests = [asked(), asked(), asked()]
    chosen = [request.pk for request in requests[:2]]

    logged_in().post(LIST, {"action": action, "_selected_action": chosen, "confirmed": "yes"})

    assert [state(request)[0] for request in requests] == [status, status, "waiting"]


@pytest.mark.parametrize("who", [None, {}, {"developer": True}, {"app_admin": True}])
def test_nobody_else_grants(who):
    request, client = asked(), Client()
    if who is not None:
        client.force_login(
            UserFactory(**who), backend="allauth.account.auth_backends.AuthenticationBackend"
        )

    assert client.post(f"{LIST}{request.pk}/grant/").status_code in (302, 403)
    assert state(request)[0] == "waiting"
