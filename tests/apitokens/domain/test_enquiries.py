"""Who tries addresses is cut off, leaves a trace, and is noticed. Source: safety, S-22."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from apitokens.domain import enquiries
from apitokens.models import Enquiry
from organizations.models import OutgoingEmail
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def token():
    return ApiTokenFactory()


def ask(token, *, misses: int, hits: int, now: dt.datetime = NOW) -> None:
    for was_known in [True] * hits + [False] * misses:
        enquiries.record(token, endpoint="check-email", was_known=was_known, now=now)


def alerts() -> int:
    return OutgoingEmail.objects.filter(template="staff_enquiries").count()


def test_list_of_a_thousand_addresses_is_cut_off_and_staff_are_told(token, settings) -> None:
    client = Client()
    with time_machine.travel(NOW, tick=False):
        statuses = [
            client.post(
                "/api/check-email",
                {"email": f"person{number}@list.example"},
                content_type="application/json",
                headers=token.header,
            ).status_code
            for number in range(1000)
        ]

    assert statuses == [200] * 120 + [429] * 880
    assert Enquiry.objects.filter(token=token, was_known=False).count() == 120
    mail = OutgoingEmail.objects.get()
    assert (mail.template, mail.to_address) == ("staff_enquiries", settings.SUPPORT_EMAIL)
    assert mail.context["token_id"] == token.pk


@pytest.mark.parametrize(
    ("misses", "hits", "expected"),
    [(49, 0, 0), (50, 0, 1), (80, 20, 1), (79, 21, 0), (40, 10, 1)],
)
def test_alert_needs_fifty_questions_and_eighty_per_cent_of_misses(
    token, misses: int, hits: int, expected: int
) -> None:
    ask(token, misses=misses, hits=hits)

    assert alerts() == expected


def test_alert_comes_once_an_hour_and_for_each_token(token) -> None:
    ask(token, misses=60, hits=0)
    assert alerts() == 1
    ask(ApiTokenFactory(), misses=60, hits=0)
    assert alerts() == 2
    ask(token, misses=60, hits=0, now=NOW + 60 * MINUTE)
    assert alerts() == 3


def test_questions_of_more_than_an_hour_ago_do_not_count(token) -> None:
    ask(token, misses=49, hits=0)
    ask(token, misses=1, hits=0, now=NOW + 60 * MINUTE)

    assert alerts() == 0


def test_no_address_is_kept(token) -> None:
    names = {field.name for field in Enquiry._meta.get_fields()}

    assert names == {"id", "token", "endpoint", "was_known", "at"}


@pytest.mark.parametrize(
    ("email", "was_known"), [("ada@acme.example", True), ("x@y.example", False)]
)
@pytest.mark.parametrize("endpoint", ["check-email", "user-info"])
def test_each_question_leaves_a_row(token, email: str, was_known: bool, endpoint: str) -> None:
    UserFactory(email="ada@acme.example")
    client = Client()
    if endpoint == "user-info":
        client.get(f"/api/user-info?email={email}", headers=token.header)
    else:
        client.post(
            "/api/check-email",
            {"email": email},
            content_type="application/json",
            headers=token.header,
        )

    row = Enquiry.objects.get()
    assert (row.endpoint, row.was_known, row.token) == (endpoint, was_known, token)


def test_rows_are_forgotten_after_ninety_days(token) -> None:
    ask(token, misses=1, hits=1)

    assert enquiries.prune(now=NOW + dt.timedelta(days=90)) == 0
    assert enquiries.prune(now=NOW + dt.timedelta(days=90, seconds=1)) == 2
