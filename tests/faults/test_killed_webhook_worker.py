"""A worker that dies while it sends loses nothing: another sends again, under the same `webhook-id`.

Source: safety, F-07.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.db import connection

from apitokens.models import WebhookDelivery
from tests.apitokens import receiver as stand_in
from tests.factories.apitokens import WebhookDeliveryFactory, WebhookEndpointFactory

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

LAPSED_SECONDS = 61
"""How far ahead the second worker's clock runs: the first one's claims have lapsed for it."""


def start(*, seconds, seconds_ahead=0):
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.webhook_worker"],
        stdin=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    task = {
        "database": connection.settings_dict["NAME"],
        "seconds": seconds,
        "seconds_ahead": seconds_ahead,
    }
    program.stdin.write(json.dumps(task))
    program.stdin.close()
    return program


def wait_until(condition, *, seconds=60):
    ends_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends_at, "nothing happened in time"
        time.sleep(0.02)


def test_killed_worker_loses_nothing_and_each_message_keeps_its_name():
    with stand_in.running() as receiver:
        quick = WebhookEndpointFactory(url=receiver.url("/quick"))
        late = [stand_in.says_late(30)] * 4
        slow = WebhookEndpointFactory(url=receiver.answers(*late, stand_in.says(200), path="/slow"))
        for endpoint in (quick, slow):
            for _ in range(6):
                WebhookDeliveryFactory(endpoint=endpoint)
        delivered = WebhookDelivery.objects.filter(status="delivered")

        first = start(seconds=60)
        try:
            wait_until(lambda: delivered.count() == 6 and len(receiver.at("/slow")) == 4)
        finally:
            first.send_signal(signal.SIGKILL)
            first.wait(timeout=10)
        in_flight = {one.headers["webhook-id"] for one in receiver.at("/slow")}
        assert delivered.filter(endpoint=slow).count() == 0

        with start(seconds=60, seconds_ahead=LAPSED_SECONDS) as second:
            try:
                wait_until(lambda: delivered.count() == 12)
            finally:
                second.kill()

        names = Counter(one.headers["webhook-id"] for one in receiver.received)
        events = set(WebhookDelivery.objects.values_list("event_id", flat=True))
        assert set(names) == events
        assert {name for name, count in names.items() if count > 1} == in_flight
        assert set(names.values()) == {1, 2}
        bodies = {(one.headers["webhook-id"], one.body) for one in receiver.received}
        assert len(bodies) == len(events)
