"""GET and POST /api/meeting-cancel: the fee told before is the fee fixed then.

The clock stands on Monday 2025-11-03, 10:00 UTC.
"""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from apitokens.models import Event
from booking.domain import calendar_entries
from organizations.domain.mail_messages import calendar_of
from organizations.models import OutgoingEmail
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.booking import MeetingFactory

pytestmark = pytest.mark.django_db

URL = "/api/meeting-cancel"
NOW = dt.datetime(2025, 11, 3, 10, 0, tzinfo=dt.UTC)
START = dt.datetime(2025, 11, 5, 14, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def token():
    return ApiTokenFactory(owner__app_admin=True)


@pytest.fixture
def post(client, token):
    def _post(meeting, headers=token.header, **body):
        body = {"meetingId": getattr(meeting, "id", meeting)} | body
        return client.post(URL, body, content_type="application/json", headers=headers)

    return _post


@pytest.fixture
def preview(client, token):
    def _preview(meeting):
        return client.get(f"{URL}?meetingId={meeting.id}", headers=token.header)

    return _preview


@pytest.mark.parametrize(
    ("hours", "minutes", "fee"),
    [(24, 0, 0), (24, -1, 12.5), (2, 0, 12.5), (2, -1, 25), (0, 1, 25)],
)
def test_the_preview_is_what_is_charged(post, preview, hours, minutes, fee):
    starts_at = NOW + dt.timedelta(hours=hours, minutes=minutes)
    meeting = MeetingFactory(starts_at=starts_at, price=Decimal(25))

    seen = preview(meeting)
    done = post(meeting, reason="Ill")

    free_until = (starts_at - dt.timedelta(hours=24)).isoformat().replace("+00:00", "Z")
    assert seen.json() == {
        "retcode": 1,
        "message": "OK",
        "data": {
            "meetingId": meeting.id,
            "status": "confirmed",
            "fee": fee,
            "freeUntil": free_until,
            "currency": "EUR",
        },
    }
    assert done.json() == {
        "retcode": 200,
        "status": "CANCELLED",
        "message": "Your meeting has been cancelled.",
        "data": {
            "meetingId": meeting.id,
            "status": "cancelled",
            "fee": fee,
            "currency": "EUR",
            "cancelledAt": "2025-11-03T10:00:00Z",
        },
    }
    meeting.refresh_from_db()
    assert (meeting.status, meeting.cancel_reason) == ("cancelled", "Ill")
    assert meeting.cancellation_fee == Decimal(str(fee))
    assert not meeting.reservations.get().holds


def test_looking_changes_nothing(preview):
    meeting = MeetingFactory(starts_at=START)

    preview(meeting)

    meeting.refresh_from_db()
    assert (meeting.status, meeting.sequence) == ("confirmed", 0)


def test_the_mail_takes_it_out_of_the_calendar(post, token):
    meeting = MeetingFactory(starts_at=START)

    post(meeting)

    mail, event = OutgoingEmail.objects.get(), Event.objects.get()
    lines = calendar_of(mail).decode().split("\r\n")
    assert (mail.template, mail.calendar_method) == ("booking_cancelled", "CANCEL")
    assert "METHOD:CANCEL" in lines
    assert "METHOD:REQUEST" not in lines
    assert f"UID:{calendar_entries.uid(meeting.id)}" in lines
    assert {"SEQUENCE:1", "STATUS:CANCELLED"} <= set(lines)
    assert (event.type, event.data["by"]) == ("meeting.cancelled", token.owner_id)


def test_twice_has_the_effect_of_once(post):
    meeting = MeetingFactory(starts_at=START, price=Decimal(25))

    first = post(meeting)
    with time_machine.travel(START - dt.timedelta(hours=1), tick=False):
        second = post(meeting)

    assert first.json() == second.json()
    assert OutgoingEmail.objects.count() == Event.objects.count() == 1


@pytest.mark.parametrize("make", [{"starts_at": NOW}, {"starts_at": START, "expired": True}])
def test_what_is_over_cannot_be_cancelled(post, preview, make):
    meeting = MeetingFactory(**make)

    for answer in (post(meeting), preview(meeting)):
        assert answer.status_code == 409
        assert answer.json()["message"] == "This meeting can no longer be cancelled"


def test_who_is_shut_out_may_still_cancel(post):
    meeting = MeetingFactory(starts_at=START, organizer__archived=True)

    assert post(meeting).status_code == 200


def test_a_dry_run_keeps_the_meeting(post):
    meeting = MeetingFactory(starts_at=START, price=Decimal(25))

    body = post(meeting, dryRun=True).json()

    assert (body["dryRun"], body["data"]["status"], body["data"]["fee"]) == (True, "cancelled", 0)
    meeting.refresh_from_db()
    assert meeting.status == "confirmed"
    assert meeting.reservations.get().holds
    assert not OutgoingEmail.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"meetingId": None}, "Missing required parameter: meetingId"),
        ({"meetingId": "42"}, "Meeting not found"),
        ({"scope": "some"}, "Invalid scope: must be one of this, following, all"),
        ({"reason": 5}, "Invalid reason: must be a string"),
        ({"reason": "x" * 501}, "Invalid reason: must be at most 500 characters"),
        ({"dryRun": "true"}, "Invalid dryRun: must be true or false"),
    ],
)
def test_wrong_shapes(post, body, message):
    meeting = MeetingFactory(starts_at=START)

    answer = post(body.pop("meetingId", meeting), **body)

    assert (answer.status_code, answer.json()["message"]) == (400, message)


def test_somebody_elses_meeting_is_unknown(client, post):
    meeting, token = MeetingFactory(starts_at=START), ApiTokenFactory()

    posts = [post(id_, headers=token.header) for id_ in (meeting.id, "f" * 24)]
    gets = [
        client.get(f"{URL}?meetingId={id_}", headers=token.header) for id_ in (meeting.id, "f" * 24)
    ]

    assert {answer.status_code for answer in (*posts, *gets)} == {404}
    assert len({answer.content for answer in (*posts, *gets)}) == 1
    meeting.refresh_from_db()
    assert meeting.status == "confirmed"


def test_scopes(client, post):
    meeting = MeetingFactory(starts_at=START)
    reader = ApiTokenFactory(owner__app_admin=True, scopes=["read"])
    writer = ApiTokenFactory(owner__app_admin=True, scopes=["bookings:write"])
    url = f"{URL}?meetingId={meeting.id}"

    assert client.get(url, headers=reader.header).status_code == 200
    assert client.get(url, headers=writer.header).status_code == 403
    assert post(meeting, headers=reader.header).status_code == 403
    assert post(meeting, headers={}).status_code == 401
    assert post(meeting, headers=writer.header).status_code == 200
