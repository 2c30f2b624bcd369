"""GET /api/usage and the log it reads. Source: public-api, sections 5 and 7; safety, S-07 and S-72."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client

from apitokens import tasks
from apitokens.domain import call_log
from apitokens.models import ApiCall, ApiUsage
from tests.factories.apitokens import ApiQuotaFactory, ApiTokenFactory
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db
URL = "/api/usage"
NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def ask(token):
    return Client().get(URL, headers=token.header)


def usage(token):
    response = ask(token)
    assert response.status_code == 200, response.content
    return response.json()["data"]


def made(token, **values):
    return ApiCall.objects.create(
        **{
            "user": token.owner,
            "token": token,
            "at": NOW,
            "method": "GET",
            "path": "/api/rooms",
            "status": 200,
            "ms": 4,
            "request_id": "r",
        }
        | values
    )


def test_a_first_call():
    assert ask(ApiTokenFactory()).json() == {
        "retcode": 1,
        "message": "OK",
        "data": {
            "day": {"used": 1, "limit": None},
            "month": {"used": 1, "limit": None},
            "recent": [],
        },
    }


def test_each_answered_call_is_listed_with_its_request_id():
    token = ApiTokenFactory()
    answers = [
        Client().get("/api/rooms?site=x", headers=token.header),
        Client().post(
            "/api/check-email/",
            {"email": "a@b.example"},
            content_type="application/json",
            headers=token.header,
        ),
        Client().get("/api/availability", headers=token.header),
        Client().delete(URL, headers=token.header),
    ]

    recent = usage(token)["recent"]

    assert [(call["method"], call["path"], call["status"]) for call in recent] == [
        ("GET", "/api/availability", 400),
        ("POST", "/api/check-email/", 200),
        ("GET", "/api/rooms", 400),
    ]
    ids = [answer["X-Request-Id"] for answer in answers]
    assert [call["requestId"] for call in recent] == [ids[2], ids[1], ids[0]]
    assert {call["at"] for call in recent} == {"2030-01-07T09:00:00Z"}
    assert all(call["ms"] >= 0 for call in recent)


def test_no_query_and_no_body_is_kept():
    token = ApiTokenFactory()
    Client().get("/api/user-info?email=secret@person.example", headers=token.header)

    assert ApiCall.objects.get().path == "/api/user-info"


def test_quotas_count_all_tokens_of_a_person_and_recent_calls_are_the_tokens_own():
    token = ApiTokenFactory()
    other = ApiTokenFactory(owner=token.owner)
    ApiQuotaFactory(user=token.owner, daily_limit=50, monthly_limit=900)
    for _ in range(3):
        Client().get("/api/sites", headers=other.header)

    found = usage(token)

    assert found["day"] == {"used": 4, "limit": 50}
    assert found["month"] == {"used": 4, "limit": 900}
    assert found["recent"] == []


def test_days_and_months_are_those_of_utc():
    token = ApiTokenFactory()
    for day, calls in ((TODAY, 5), (dt.date(2030, 1, 1), 7), (dt.date(2029, 12, 31), 11)):
        ApiUsage.objects.create(token=token, day=day, calls=calls)
    ApiUsage.objects.create(token=ApiTokenFactory(), day=TODAY, calls=99)

    found = usage(token)

    assert (found["day"]["used"], found["month"]["used"]) == (6, 13)


def test_one_limit_alone():
    token = ApiTokenFactory()
    ApiQuotaFactory(user=token.owner, monthly_limit=10)

    found = usage(token)

    assert (found["day"], found["month"]) == ({"used": 1, "limit": None}, {"used": 1, "limit": 10})


def test_refusals_of_known_callers_are_listed_and_those_of_strangers_are_not():
    token = ApiTokenFactory(scopes=["bookings:write"])
    ApiQuotaFactory(user=token.owner, daily_limit=0)
    statuses = [
        ask(token).status_code,
        Client()
        .post("/api/meeting-request", {}, content_type="application/json", headers=token.header)
        .status_code,
        Client().get(URL).status_code,
        Client().get(URL, headers={"Authorization": "Bearer ww_dev_" + "0" * 64}).status_code,
    ]

    assert statuses == [403, 429, 401, 401]
    assert list(ApiCall.objects.order_by("id").values_list("status", flat=True)) == [403, 429]


def test_another_persons_calls_are_not_shown():
    other = made(ApiTokenFactory())

    assert usage(ApiTokenFactory())["recent"] == []
    assert ApiCall.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(rows, django_assert_num_queries):
    token = ApiTokenFactory()
    for _ in range(rows):
        made(token)
    usage(token)

    with django_assert_num_queries(5):  # token, three reads, log
        usage(token)


def test_scope():
    refused = ask(ApiTokenFactory(scopes=["bookings:write"]))

    assert (refused.status_code, refused.json()["message"]) == (
        403,
        "Forbidden: this token lacks the scope read",
    )


def test_the_last_thousand_calls_of_each_person_are_kept(monkeypatch):
    monkeypatch.setattr(call_log, "KEPT_CALLS", 3)
    token, lone = ApiTokenFactory(), ApiTokenFactory()
    second = ApiTokenFactory(owner=token.owner)
    calls = [made(each) for each in (token, second, token, second, token)]
    other = made(lone)

    tasks.prune_calls()

    kept = set(ApiCall.objects.values_list("pk", flat=True))
    assert kept == {call.pk for call in [*calls[2:], other]}


def test_old_calls_and_counts_are_forgotten():
    token = ApiTokenFactory()
    borders = [dt.timedelta(days=90), dt.timedelta(days=90, seconds=1)]
    kept, _gone = [made(token, at=NOW - age) for age in borders]
    for age in (396, 397):
        ApiUsage.objects.create(token=token, day=TODAY - dt.timedelta(days=age), calls=1)

    tasks.prune_calls()

    assert ApiCall.objects.get() == kept
    assert ApiUsage.objects.get().day == TODAY - dt.timedelta(days=396)


def test_a_deleted_token_leaves_its_calls_to_its_owner():
    token = ApiTokenFactory()
    call = made(token)
    token.delete()

    call.refresh_from_db()
    assert (call.token, call.user) == (None, token.owner)


@pytest.mark.django_db(transaction=True)
def test_a_call_that_cannot_be_logged_is_answered(monkeypatch, caplog):
    monkeypatch.setattr(call_log, "_WRITE", "SELECT 1/0 WHERE %(at)s IS NOT NULL")

    assert ask(ApiTokenFactory()).status_code == 200
    assert not ApiCall.objects.exists()
    assert "apitokens.call_not_logged" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_database_that_takes_no_writes_still_answers():
    token = ApiTokenFactory()
    name = connection.settings_dict["NAME"]
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        connection.close()
        assert ask(token).status_code == 200
    finally:
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
            cursor.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        connection.close()
    assert not ApiCall.objects.exists()


def test_a_person_without_calls_is_not_asked_about_those_of_others():
    made(ApiTokenFactory(owner=UserFactory(developer=True)))

    assert usage(ApiTokenFactory())["day"]["used"] == 1
