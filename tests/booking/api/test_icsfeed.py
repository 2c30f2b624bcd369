"""GET /api/icsfeed: what shows to whom, ranges, and what is not sent twice."""

import datetime as dt

import icalendar
import pytest
import time_machine

from booking.models import CalendarEntry, Meeting
from sites_app.models import Room, Site
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.booking import MeetingFactory
from tests.factories.sites_app import RoomFactory

pytestmark = pytest.mark.django_db

BAD = 'Bad request: "rooms" query parameter is missing, empty, or contains invalid IDs.'
START = dt.datetime(2030, 1, 7, 9, tzinfo=dt.UTC)
NOW = dt.datetime(2030, 1, 2, 9, tzinfo=dt.UTC)


@pytest.fixture
def room():
    return RoomFactory(name="Meeting Room A", site__name="Dublin Coworking Center")


def _events(client, *rooms, query: str = "", **kwargs) -> list[icalendar.Event]:
    ids = ",".join(room.id for room in rooms)
    with time_machine.travel(NOW, tick=False):
        answer = client.get(f"/api/icsfeed?rooms={ids}{query}", **kwargs)
    assert answer.status_code == 200
    return icalendar.Calendar.from_ical(answer.content).events


def _subjects(client, *rooms, **kwargs) -> list[str]:
    return [str(event["SUMMARY"]) for event in _events(client, *rooms, **kwargs)]


def test_a_feed(client, room):
    meeting = MeetingFactory(room=room)
    answer = client.get(f"/api/icsfeed?rooms={room.id.upper()}")

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="calendar.ics"'
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert answer["Access-Control-Allow-Origin"] == "*"
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert calendar["METHOD"] == "PUBLISH"
    assert b"\r\nNAME:Meeting Room A\\, Dublin Coworking Center\r\n" in answer.content
    event = calendar.events[0]
    assert event["UID"] == f"{meeting.id}@portal.example"
    assert (event.start, event.end) == (meeting.starts_at, meeting.ends_at)
    assert (event["SUMMARY"], event["DESCRIPTION"]) == ("Team Meeting", "Weekly team sync")
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 0)
    assert event["LOCATION"] == "Meeting Room A, Dublin Coworking Center"


def test_several_rooms_by_start(client, room):
    other = RoomFactory()
    MeetingFactory(room=room, starts_at=START + dt.timedelta(hours=2), name="second")
    MeetingFactory(room=other, starts_at=START, name="first")
    MeetingFactory(name="of another room")

    assert _subjects(client, room, other, room) == ["first", "second"]


@pytest.mark.parametrize(
    "query",
    ["", "?rooms=", "?rooms=%20", "?rooms=x", "?rooms={id},", "?rooms={id},x", "?rooms={unknown}"],
)
def test_bad_rooms(client, room, query):
    query = query.format(id=room.id, unknown="0" * 24)
    answer = client.get(f"/api/icsfeed{query}")
    assert (answer.status_code, answer.json()) == (400, {"retcode": -1, "message": BAD})


def test_at_most_a_hundred_rooms(client):
    site = RoomFactory().site
    ids = [room.id for room in RoomFactory.create_batch(101, site=site)]

    assert client.get(f"/api/icsfeed?rooms={','.join(ids[:100])}").status_code == 200
    answer = client.get(f"/api/icsfeed?rooms={','.join(ids)}")
    assert answer.status_code == 400
    assert answer.json()["message"] == "At most 100 rooms per feed"


def test_held_requests_are_tentative_until_they_lapse(client, room):
    MeetingFactory(room=room, pending=True, hold_expires_at=NOW + dt.timedelta(seconds=1))
    lapsed = START + dt.timedelta(hours=3)
    MeetingFactory(room=room, pending=True, starts_at=lapsed, hold_expires_at=NOW)

    events = _events(client, room, headers=ApiTokenFactory().header)
    assert [(str(e["SUMMARY"]), str(e["STATUS"])) for e in events] == [
        ("Pending request", "TENTATIVE")
    ]
    assert "DESCRIPTION" not in events[0]


def test_cancelled_and_expired_meetings_are_left_out(client, room):
    MeetingFactory(room=room, cancelled=True)
    MeetingFactory(room=room, expired=True)
    assert _events(client, room) == []


class TestWhoSeesSubjects:
    def _both_views(self, client, room) -> tuple[list[str], list[str]]:
        with_token = _subjects(client, room, headers=ApiTokenFactory().header)
        return _subjects(client, room), with_token

    def test_a_private_meeting(self, client, room):
        MeetingFactory(room=room, is_private=True)
        assert self._both_views(client, room) == (["Busy"], ["Team Meeting"])

    def test_a_site_that_shows_busy_only(self, client, room):
        MeetingFactory(room=room)
        Site.objects.update(busy_only=True)
        assert self._both_views(client, room) == (["Busy"], ["Team Meeting"])

    def test_a_hidden_site(self, client, room):
        MeetingFactory(room=room)
        Site.objects.update(is_public=False)
        assert self._both_views(client, room) == (["Busy"], ["Team Meeting"])

    def test_a_private_room(self, client, room):
        MeetingFactory(room=room)
        Room.objects.update(type="privateMeeting")
        assert self._both_views(client, room) == (["Busy"], ["Team Meeting"])

    def test_nothing_of_the_subject_is_in_the_public_bytes(self, client, room):
        MeetingFactory(room=room, is_private=True)
        assert b"team" not in client.get(f"/api/icsfeed?rooms={room.id}").content.lower()

    def test_a_bad_token_is_never_the_public_view(self, client, room):
        answer = client.get(
            f"/api/icsfeed?rooms={room.id}", headers={"Authorization": "Bearer nonsense"}
        )
        assert answer.status_code == 401


class TestRange:
    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("&from=2030-01-07T10:00:00Z", 0),
            ("&from=2030-01-07T09:59:59Z", 1),
            ("&to=2030-01-07T09:00:00Z", 0),
            ("&to=2030-01-07T09:00:01Z", 1),
            ("&from=2030-01-07&to=2030-01-08", 1),
            ("&from=2030-01-08", 0),
            ("&to=2030-01-07", 0),
            ("&from=2030-01-07T10:59:00%2B01:00", 1),
            ("&from=2030-01-07T10:30:00", 0),
        ],
    )
    def test_overlap_is_half_open(self, client, room, query, count):
        MeetingFactory(room=room)
        assert len(_events(client, room, query=query)) == count

    def test_by_default_the_past_year(self, client, room):
        midnight = dt.datetime(2029, 1, 2, tzinfo=dt.UTC)  # 365 days before NOW
        MeetingFactory(room=room, starts_at=midnight - dt.timedelta(hours=1), name="too old")
        MeetingFactory(room=room, starts_at=midnight, name="old")
        MeetingFactory(room=room, starts_at=NOW + dt.timedelta(days=4000), name="far")
        assert _subjects(client, room) == ["old", "far"]

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ("from=x", "Invalid from: must be an ISO 8601 date-time"),
            ("to=2030-13-01", "Invalid to: must be an ISO 8601 date-time"),
            ("from=2030-01-07&to=2030-01-07", "Invalid to: must be after from"),
        ],
    )
    def test_bad_ranges(self, client, room, query, message):
        answer = client.get(f"/api/icsfeed?rooms={room.id}&{query}")
        assert (answer.status_code, answer.json()["message"]) == (400, message)


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_is_constant(client, room, count, django_assert_num_queries):
    for hours in range(count):
        MeetingFactory(room=room, starts_at=START + dt.timedelta(hours=hours))
    client.get(f"/api/icsfeed?rooms={room.id}")
    assert CalendarEntry.objects.count() == count

    with django_assert_num_queries(2):
        client.get(f"/api/icsfeed?rooms={room.id}")


def test_an_edit_raises_the_sequence_under_the_same_uid(client, room):
    MeetingFactory(room=room)
    before = _events(client, room)[0]
    Meeting.objects.update(sequence=1, name="New", revised_at=NOW)
    after = _events(client, room)[0]

    assert after["UID"] == before["UID"]
    assert (after["SEQUENCE"], after["SUMMARY"]) == (1, "New")
    assert after["LAST-MODIFIED"].dt == after["DTSTAMP"].dt == NOW


@pytest.mark.django_db(transaction=True)
class TestKept:
    def test_the_known_feed_is_answered_before_a_meeting_is_read(
        self, client, room, django_assert_num_queries
    ):
        MeetingFactory(room=room)
        url = f"/api/icsfeed?rooms={room.id}"
        tag = client.get(url)["ETag"]

        with django_assert_num_queries(1):
            answer = client.get(url, headers={"If-None-Match": tag})
        assert (answer.status_code, answer.content) == (304, b"")

    def test_only_changes_of_these_rooms_matter(self, client, room, django_assert_num_queries):
        MeetingFactory(room=room)
        url = f"/api/icsfeed?rooms={room.id}"
        tag = client.get(url)["ETag"]

        Meeting.objects.filter(
            id=MeetingFactory(room=room, starts_at=START + dt.timedelta(days=1)).id
        ).update(name="x")
        assert client.get(url)["ETag"] != tag
        other = MeetingFactory()
        client.get(url)
        Meeting.objects.filter(id=other.id).update(name="y")
        with django_assert_num_queries(1):
            client.get(url)

    def test_a_lapsed_hold_disappears_by_itself(self, client, room):
        MeetingFactory(room=room, pending=True, hold_expires_at=NOW + dt.timedelta(minutes=5))
        counts = []
        for seconds in (0, 299, 300):
            with time_machine.travel(NOW + dt.timedelta(seconds=seconds), tick=False):
                answer = client.get(f"/api/icsfeed?rooms={room.id}")
            counts.append(answer.content.count(b"BEGIN:VEVENT"))
        assert counts == [1, 1, 0]

    def test_a_renamed_site_shows_at_once(self, client, room):
        MeetingFactory(room=room)
        client.get(f"/api/icsfeed?rooms={room.id}")
        Site.objects.update(name="Cork")
        assert _events(client, room)[0]["LOCATION"] == "Meeting Room A, Cork"
