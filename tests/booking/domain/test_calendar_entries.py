"""Ready-made events follow their meeting, its room and its site."""

import datetime as dt

import icalendar
import pytest

from booking.domain import calendar_entries
from booking.models import CalendarEntry, Meeting
from sites_app.models import Room, Site
from tests.factories.booking import MeetingFactory

pytestmark = pytest.mark.django_db


def _detailed(meeting: Meeting) -> icalendar.Event:
    return icalendar.Event.from_ical(bytes(CalendarEntry.objects.get(meeting=meeting).detailed))


def test_refresh_stores_both_variants():
    meeting = MeetingFactory(room__name="Blue", room__site__name="Dublin")
    calendar_entries.refresh(meeting)

    event = _detailed(meeting)
    assert event["UID"] == f"{meeting.id}@portal.example"
    assert event["LOCATION"] == "Blue, Dublin"
    assert event["SUMMARY"] == "Team Meeting"
    assert b"SUMMARY:Busy" in bytes(CalendarEntry.objects.get().busy)


def test_refresh_after_a_change_replaces_the_entry():
    meeting = MeetingFactory()
    calendar_entries.refresh(meeting)
    meeting.name, meeting.sequence = "Other", 1
    meeting.save()
    calendar_entries.refresh(meeting)

    assert (_detailed(meeting)["SUMMARY"], _detailed(meeting)["SEQUENCE"]) == ("Other", 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda m: Meeting.objects.filter(id=m.id).update(name="Other"),
        lambda m: Meeting.objects.filter(id=m.id).update(ends_at=m.ends_at + dt.timedelta(hours=1)),
        lambda m: Room.objects.filter(id=m.room_id).update(public_name="Red"),
        lambda m: Site.objects.filter(id=m.room.site_id).update(name="Cork"),
    ],
)
def test_a_change_by_any_path_drops_the_entry_of_that_meeting_only(change):
    meeting, other = MeetingFactory(), MeetingFactory()
    calendar_entries.refresh(meeting)
    calendar_entries.refresh(other)
    change(meeting)

    assert [entry.meeting_id for entry in CalendarEntry.objects.all()] == [other.id]


@pytest.mark.parametrize(
    "change",
    [
        lambda m: Meeting.objects.filter(id=m.id).update(attendees=7),
        lambda m: Room.objects.filter(id=m.room_id).update(max_person=7),
        lambda m: Site.objects.filter(id=m.room.site_id).update(city="Cork"),
    ],
)
def test_a_change_that_calendars_do_not_show_keeps_the_entry(change):
    meeting = MeetingFactory()
    calendar_entries.refresh(meeting)
    change(meeting)

    assert CalendarEntry.objects.count() == 1


def test_missing_entries_are_built_up_to_a_limit_and_once():
    for _ in range(3):
        MeetingFactory()
    MeetingFactory(cancelled=True)
    assert [calendar_entries.build_missing(2) for _ in range(3)] == [2, 1, 0]
    assert CalendarEntry.objects.count() == 3
