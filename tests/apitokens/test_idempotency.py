"""POSTs under an Idempotency-Key. Source: public-api, sections 1 and 6, Idempotency; safety, S-60."""

import datetime as dt
import json
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connections
from django.test import Client

from apitokens import tasks
from apitokens.domain import abuse_limits, idempotency
from apitokens.domain.idempotency import Claim
from apitokens.models import IdempotentAnswer
from booking.models import Meeting
from organizations.models import OutgoingEmail
from tests.factories.apitokens import ApiQuotaFactory, ApiTokenFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 2, 12, tzinfo=dt.UTC)
BOOK, CHECK = "/api/meeting-request", "/api/check-email"
REPLAYED, KEY = "Idempotent-Replayed", "Idempotency-Key"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def token() -> Any:
    return ApiTokenFactory()


@pytest.fixture
def booking() -> dict[str, Any]:
    return {
        "contactEmail": UserFactory().email,
        "bookedRoom": RoomFactory().id,
        "bookedAt": "2030-01-07T10:00:00",
        "duration": 60,
    }


def send(token: Any, body: Any, *, key: str | None = "k1", path: str = BOOK) -> Any:
    headers = dict(token.header) if token else {}
    if key is not None:
        headers[KEY] = key
    text = body if isinstance(body, str) else json.dumps(body)
    return Client().post(path, text, content_type="application/json", headers=headers)


def test_the_same_call_has_one_effect_and_one_answer(token, booking):
    first, second = send(token, booking), send(token, booking)

    assert (first.status_code, first.json()["status"]) == (200, "ACCEPTED")
    assert REPLAYED not in first
    assert (second.status_code, second.content) == (200, first.content)
    assert second[REPLAYED] == "true"
    assert second["Content-Type"] == first["Content-Type"] == "application/json"
    assert Meeting.objects.count() == OutgoingEmail.objects.count() == 1


def test_without_a_key_each_call_stands_for_itself(token, booking):
    answers = [send(token, booking, key=None) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert not IdempotentAnswer.objects.exists()


def test_an_answer_under_a_key_is_the_one_without(token, booking):
    keyed = send(token, {"email": "a@b.example"}, path=CHECK)
    plain = send(token, {"email": "a@b.example"}, path=CHECK, key=None)

    assert keyed.content == plain.content
    assert keyed["Content-Type"] == plain["Content-Type"]
    assert keyed["Allow"] == plain["Allow"]


def test_bodies_are_compared_as_values(token, booking):
    first = send(token, booking)
    respelt = dict(reversed(booking.items())) | {"duration": 60.0}

    assert send(token, json.dumps(respelt, indent=3)).content == first.content


@pytest.mark.parametrize("change", [{"duration": 90}, {"name": "x"}, {"duration": "60"}])
def test_another_body_is_refused(token, booking, change):
    send(token, booking)

    refused = send(token, booking | change)

    assert refused.status_code == 422
    assert refused.json() == {
        "retcode": -1,
        "message": "This Idempotency-Key was already used with another body",
    }
    assert Meeting.objects.count() == 1


def test_a_key_belongs_to_one_token_and_path(token, booking):
    other = ApiTokenFactory(owner=token.owner)
    send(token, booking)

    assert send(other, booking).status_code == 409
    assert send(token, {"email": "a@b.example"}, path=CHECK).status_code == 200


def test_a_slash_at_the_end_is_the_same_path(token, booking):
    first = send(token, booking)

    assert send(token, booking, path=f"{BOOK}/").content == first.content


def test_a_final_refusal_is_given_again(token, booking):
    """400 and 404 stay, whatever has become of their reason since."""
    too_short = booking | {"duration": 20}
    unknown = booking | {"bookedRoom": "5f0000000000000000000009"}
    first = [send(token, too_short, key="a"), send(token, unknown, key="b")]
    RoomFactory(id="5f0000000000000000000009")

    again = [send(token, too_short, key="a"), send(token, unknown, key="b")]

    assert [answer.status_code for answer in again] == [400, 404]
    assert [answer.content for answer in again] == [answer.content for answer in first]
    assert [answer.get(REPLAYED) for answer in again] == ["true", "true"]


def test_a_conflict_is_tried_again(token, booking):
    send(token, booking, key="first")
    assert send(token, booking, key="second").status_code == 409
    Meeting.objects.get().reservations.update(holds=False)

    again = send(token, booking, key="second")

    assert (again.status_code, REPLAYED in again) == (200, False)


def test_refused_callers_are_tried_again(token, booking):
    token.scopes = ["read"]
    token.save()
    assert send(token, booking).status_code == 403
    token.scopes, token.is_active = ["read", "bookings:write"], False
    token.save()
    assert send(token, booking).status_code == 401
    token.is_active = True
    token.save()

    assert send(token, booking).status_code == 200


def test_a_throttled_call_is_tried_again(token, monkeypatch):
    once = abuse_limits.Limit("enquiries", 1, dt.timedelta(minutes=1))
    monkeypatch.setattr(abuse_limits, "ENQUIRIES", once)
    body = {"email": "a@b.example"}
    statuses = [send(token, body, path=CHECK, key=key).status_code for key in "ab"]
    with time_machine.travel(NOW + dt.timedelta(minutes=1), tick=False):
        statuses.append(send(token, body, path=CHECK, key="b").status_code)

    assert statuses == [200, 429, 200]


@pytest.mark.parametrize(
    ("error", "status"), [(OperationalError("away"), 503), (ValueError("a bug"), 500)]
)
def test_a_failure_of_ours_undoes_its_effect_and_is_tried_again(
    token, booking, monkeypatch, caplog, error, status
):
    from booking.domain import meeting_requests

    book = meeting_requests.request_meeting

    def fail_afterwards(*args: Any, **kwargs: Any) -> Any:
        book(*args, **kwargs)
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(meeting_requests, "request_meeting", fail_afterwards)
        failed = send(token, booking)
    left = Meeting.objects.count() + OutgoingEmail.objects.count()
    again = send(token, booking)

    assert (failed.status_code, left) == (status, 0)
    assert (again.status_code, again.json()["status"]) == (200, "ACCEPTED")


def test_dry_runs_are_not_kept(token, booking):
    rehearsed = booking | {"dryRun": True}
    answers = [send(token, rehearsed), send(token, rehearsed), send(token, booking)]

    assert [answer.json().get("dryRun") for answer in answers] == [True, True, None]
    assert [REPLAYED in answer for answer in answers] == [False] * 3
    assert Meeting.objects.count() == IdempotentAnswer.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb"])
def test_a_bad_key_is_refused(token, booking, key):
    refused = send(token, booking, key=key)

    assert refused.status_code == 400
    assert refused.json()["message"] == (
        "Invalid Idempotency-Key: must have 1 to 255 ASCII characters"
    )
    assert not Meeting.objects.exists()


def test_the_longest_key_is_taken(token, booking):
    assert send(token, booking, key="x" * 255).status_code == 200


def test_malformed_json_and_missing_tokens_are_refused_as_ever(token):
    assert send(token, "{").json()["message"] == "Malformed JSON"
    assert send(None, {}).status_code == 401
    assert not IdempotentAnswer.objects.exists()


def test_an_answer_is_kept_for_a_day(token, booking):
    first = send(token, booking)
    with time_machine.travel(NOW + dt.timedelta(hours=24, seconds=-1), tick=False):
        tasks.prune_idempotent_answers()
        assert send(token, booking).content == first.content
    with time_machine.travel(NOW + dt.timedelta(hours=24), tick=False):
        assert send(token, booking).status_code == 409
        assert send(token, {**booking, "bookedAt": "2030-01-08T10:00:00"}).status_code == 200

    assert IdempotentAnswer.objects.count() == 1
    with time_machine.travel(NOW + dt.timedelta(hours=48), tick=False):
        tasks.prune_idempotent_answers()
    assert not IdempotentAnswer.objects.exists()


def test_a_replay_is_a_call(token, booking):
    ApiQuotaFactory(user=token.owner, daily_limit=2)
    answers = [send(token, booking) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]


def test_what_is_kept_is_sealed(token, booking):
    body = send(token, booking).json()

    kept = IdempotentAnswer.objects.get().body
    assert body["data"]["meetingId"] not in kept
    assert kept.startswith("sealed:")


@pytest.mark.django_db(transaction=True)
def test_a_call_in_flight_is_told(token, booking):
    claim = Claim.make(token_id=token.pk, path=BOOK, key="k1", body=booking)
    elsewhere = connections.create_connection("default")
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [claim.lock])
            refused = send(token, booking)
            # a connection that is closed gives its locks back only when the server notices
            cursor.execute("SELECT pg_advisory_unlock(%s)", [claim.lock])
    finally:
        elsewhere.close()

    assert (refused.status_code, refused["Retry-After"]) == (409, "1")
    assert "still in progress" in refused.json()["message"]
    assert send(token, booking).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_lost_lock_still_has_one_effect(token, booking):
    """Whoever writes the answer second is undone by the database."""
    claim = Claim.make(token_id=token.pk, path=BOOK, key="k1", body=booking)
    answer = idempotency.Answer(200, {}, b"{}")
    idempotency.keep(claim, answer, now=NOW)

    with pytest.raises(idempotency.KeyInFlight):
        idempotency.keep(claim, answer, now=NOW)


def test_equal_values_have_one_name():
    same = [{"a": 1, "b": [True, None, "é"]}, {"b": [True, None, "é"], "a": 1.0}]
    different = [{"a": 1, "b": [1, None, "é"]}, {"a": "1", "b": [True, None, "é"]}, [], {}, None]

    assert len({idempotency.digest(body) for body in same}) == 1
    assert len({idempotency.digest(body) for body in same + different}) == 6
