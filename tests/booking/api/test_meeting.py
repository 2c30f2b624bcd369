"""GET /api/meeting: the field table, and who sees which meeting.

The clock stands on Monday 2025-11-03, 10:00 in Dublin (which is UTC in winter).
"""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from tests.factories.apitokens import ApiTokenFactory
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2025, 11, 3, 10, 0, tzinfo=dt.UTC)
START = dt.datetime(2025, 11, 5, 14, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def read(client, token, meeting_id):
    return client.get(f"/api/meeting?id={meeting_id}", headers=token.header)


def test_every_field(client):
    site = SiteFactory(name="Dublin", country="IE", time_zone="Europe/Dublin")
    room = RoomFactory(site=site, name="Meeting Room A")
    owner = UserFactory(api_role="api-developer")
    meeting = MeetingFactory(
        room=room,
        starts_at=START,
        organizer=owner,
        price=Decimal(25),
        price_gross=Decimal("30.75"),
        attendees=4,
    )

    answer = read(client, ApiTokenFactory(owner=owner), meeting.id)

    assert answer.status_code == 200
    assert answer.json() == {
        "retcode": 1,
        "message": "OK",
        "data": {
            "_id": meeting.id,
            "status": "confirmed",
            "roomId": room.id,
            "roomName": "Meeting Room A",
            "siteId": site.id,
            "siteName": "Dublin",
            "bookedAt": "2025-11-05T14:00:00Z",
            "endsAt": "2025-11-05T15:00:00Z",
            "bookedDate": "2025-11-05",
            "bookedTime": "14:00-15:00",
            "duration": 60,
            "bookedUser": 4,
            "name": "Team Meeting",
            "description": "Weekly team sync",
            "isPrivate": False,
            "contactEmail": owner.email,
            "contactName": "Jean Dupont",
            "organizationId": owner.organization_id,
            "price": 25,
            "priceGross": 30.75,
            "currency": "EUR",
            "cancellation": {"freeUntil": "2025-11-04T14:00:00Z", "feeNow": 0},
            "sequence": 0,
            "seriesId": None,
            "createdAt": "2025-01-02T09:00:00Z",
            "updatedAt": "2025-01-02T09:00:00Z",
        },
    }


@pytest.mark.parametrize(
    ("starts_at", "fee"),
    [
        (NOW + dt.timedelta(hours=24), 0),
        (NOW + dt.timedelta(hours=24, minutes=-1), 10),
        (NOW + dt.timedelta(hours=2), 10),
        (NOW + dt.timedelta(minutes=119), 20),
        (NOW, None),
    ],
)
def test_the_fee_of_now(client, starts_at, fee):
    meeting = MeetingFactory(starts_at=starts_at, price=Decimal(20))
    token = ApiTokenFactory(owner__app_admin=True)

    assert read(client, token, meeting.id).json()["data"]["cancellation"]["feeNow"] == fee


def test_a_cancelled_meeting_costs_nothing_more(client):
    meeting = MeetingFactory(starts_at=START, cancelled=True, price=Decimal(20))
    token = ApiTokenFactory(owner__app_admin=True)

    data = read(client, token, meeting.id).json()["data"]

    assert (data["status"], data["cancellation"]["feeNow"]) == ("cancelled", None)


def test_who_sees_a_meeting(client):
    colleague = UserFactory(api_role="api-developer")
    by_token = ApiTokenFactory()
    meeting = MeetingFactory(
        starts_at=START,
        organizer=UserFactory(organization=colleague.organization),
        api_token=by_token,
    )
    callers = {
        "its maker": by_token,
        "another token of its maker": ApiTokenFactory(owner=by_token.owner),
        "its organization": ApiTokenFactory(owner=colleague),
        "app-admin": ApiTokenFactory(owner__app_admin=True),
        "another developer": ApiTokenFactory(),
        "another organization": ApiTokenFactory(owner=UserFactory(api_role="api-developer")),
    }

    seen = {name: read(client, token, meeting.id).status_code for name, token in callers.items()}

    assert seen == {
        "its maker": 200,
        "another token of its maker": 200,
        "its organization": 200,
        "app-admin": 200,
        "another developer": 404,
        "another organization": 404,
    }


def test_meetings_without_organization_are_no_common_property(client):
    meeting = MeetingFactory(starts_at=START, organizer=UserFactory(new=True))

    assert read(client, ApiTokenFactory(), meeting.id).status_code == 404


def test_somebody_elses_id_answers_like_an_unknown_one(client):
    token = ApiTokenFactory()
    others = MeetingFactory(starts_at=START)

    answers = [read(client, token, id_) for id_ in (others.id, "f" * 24)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert answers[0].json() == {"retcode": -1, "message": "Meeting not found"}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "Missing required parameter: id"),
        ("?id=", "Missing required parameter: id"),
        ("?id=42", "Meeting not found"),
    ],
)
def test_a_bad_id(client, query, message):
    answer = client.get(f"/api/meeting{query}", headers=ApiTokenFactory().header)

    assert (answer.status_code, answer.json()["message"]) == (400, message)


def test_upper_case_ids_are_understood(client):
    meeting = MeetingFactory(starts_at=START)
    token = ApiTokenFactory(owner__app_admin=True)

    assert read(client, token, meeting.id.upper()).status_code == 200


def test_reading_needs_its_scope(client):
    meeting = MeetingFactory(starts_at=START)
    token = ApiTokenFactory(owner__app_admin=True, scopes=["bookings:write"])

    answer = read(client, token, meeting.id)

    assert answer.status_code == 403
    assert answer.json()["message"] == "Forbidden: this token lacks the scope read"
    assert client.get(f"/api/meeting?id={meeting.id}").status_code == 401


def test_one_meeting_is_one_query_whatever_it_holds(client, django_assert_num_queries):
    token = ApiTokenFactory(owner__app_admin=True)
    meeting = MeetingFactory(starts_at=START)
    read(client, token, meeting.id)

    with django_assert_num_queries(3):  # the token, its usage, the meeting
        read(client, token, meeting.id)
