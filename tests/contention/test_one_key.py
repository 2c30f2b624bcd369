"""Calls of several processes under one key, or on one quota. Source: safety, S-08, S-60 and F-10."""

import base64
import json
import signal
from collections import Counter

import pytest

from apitokens.models import ApiQuota, ApiUsage, IdempotentAnswer
from booking.models import Meeting
from organizations.models import OutgoingEmail
from tests.contention import racing
from tests.factories.apitokens import ApiQuotaFactory, ApiTokenFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]


def calls(task, *, processes, connections):
    """Run processes of callers; return each one's exit code and all answers."""
    finishes = racing.run_all("caller", [task | {"connections": connections}] * processes)
    answers = [answer for finish in finishes for answer in finish.said or ()]
    return [finish.exit_code for finish in finishes], answers


def booking(token):
    return {
        "method": "POST",
        "path": "/api/meeting-request",
        "headers": {**token.header, "Idempotency-Key": "one"},
        "body": json.dumps(
            {
                "contactEmail": UserFactory().email,
                "bookedRoom": RoomFactory().id,
                "bookedAt": "2030-01-07T10:00:00",
                "duration": 60,
            }
        ),
    }


def test_fifty_calls_under_one_key_have_one_effect_and_one_answer():
    task = booking(ApiTokenFactory()) | {"patient": True}

    codes, answers = calls(task, processes=5, connections=10)

    assert codes == [0] * 5
    told = [answer for answer in answers if answer["status"] == 200]
    assert Counter(answer["status"] for answer in answers if answer not in told).keys() <= {409}
    assert len(told) == 50
    assert len({answer["body"] for answer in told}) == 1
    assert Counter(answer["replayed"] for answer in told) == {None: 1, "true": 49}
    assert json.loads(base64.b64decode(told[0]["body"]))["status"] == "ACCEPTED"
    assert Meeting.objects.count() == OutgoingEmail.objects.count() == 1


@pytest.mark.parametrize(("moment", "left"), [("before", 0), ("after", 1)])
def test_a_killed_process_leaves_no_lock_and_no_second_effect(moment, left):
    task = booking(ApiTokenFactory())

    codes, answers = calls(task | {"die": moment}, processes=1, connections=1)
    assert (codes, answers) == ([-signal.SIGKILL], [])
    assert Meeting.objects.count() == IdempotentAnswer.objects.count() == left
    before = list(Meeting.objects.values_list("pk", flat=True))
    codes, answers = calls(task | {"patient": True}, processes=1, connections=1)

    told = json.loads(base64.b64decode(answers[-1]["body"]))
    assert (codes, answers[-1]["status"], told["status"]) == ([0], 200, "ACCEPTED")
    assert answers[-1]["replayed"] == ("true" if left else None)
    assert Meeting.objects.get().pk == told["data"]["meetingId"]
    assert before in ([], [told["data"]["meetingId"]])


def test_of_fifty_calls_on_a_quota_of_ten_exactly_ten_pass():
    token = ApiTokenFactory()
    ApiQuotaFactory(user=token.owner, daily_limit=10)
    task = {"method": "GET", "path": "/api/rooms", "headers": token.header}

    codes, answers = calls(task, processes=5, connections=10)

    assert codes == [0] * 5
    assert Counter(answer["status"] for answer in answers) == {200: 10, 429: 40}
    passed = [answer["headers"] for answer in answers if answer["status"] == 200]
    refused = [answer["headers"] for answer in answers if answer["status"] == 429]
    assert sorted(int(headers["RateLimit-Remaining"]) for headers in passed) == list(range(10))
    assert {headers["RateLimit-Remaining"] for headers in refused} == {"0"}
    assert all(0 < int(headers["Retry-After"]) <= 86_400 for headers in refused)
    assert ApiQuota.objects.get().day_used == ApiUsage.objects.get().calls == 10
