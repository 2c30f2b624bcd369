"""POST /api/meeting-request while a neighbour of the web process is out of order."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.db import OperationalError

from booking.domain import booking_writes
from booking.models import Meeting
from config import background
from config.celery import app as celery
from organizations import tasks
from organizations.models import OutgoingEmail
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory

NOW = dt.datetime(2025, 11, 3, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def post(client):
    token, person, room = ApiTokenFactory(), UserFactory(), RoomFactory()
    body = {
        "contactEmail": person.email,
        "bookedRoom": room.id,
        "bookedAt": "2025-11-05T14:00",
        "duration": 60,
    }

    def _post():
        with time_machine.travel(NOW):
            return client.post(
                "/api/meeting-request",
                body,
                content_type="application/json",
                headers=token.header,
            )

    return _post


@pytest.fixture
def _dead_broker():
    before = celery.conf.task_always_eager, celery.conf.broker_url
    celery.conf.update(task_always_eager=False, broker_url="redis://127.0.0.1:1/0")
    yield
    background._courier.wait()
    background.trust_broker_again()
    celery.conf.update(task_always_eager=before[0], broker_url=before[1])


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_dead_broker")
def test_a_dead_broker_does_not_hinder_a_booking(post):
    assert post().json()["status"] == "ACCEPTED"

    assert OutgoingEmail.objects.get().status == "pending"
    assert mail.outbox == []
    with time_machine.travel(NOW + dt.timedelta(seconds=15)):
        tasks.sweep_outbox()
        tasks.sweep_outbox()
    assert len(mail.outbox) == 1
    assert OutgoingEmail.objects.get().status == "sent"


@pytest.mark.django_db
def test_a_database_that_is_away_is_503(post, monkeypatch):
    def away(plan, *, now):
        raise OperationalError("lock timeout")

    monkeypatch.setattr(booking_writes, "book", away)

    answer = post()

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert answer.json()["retcode"] == -1
    assert not Meeting.objects.exists()
