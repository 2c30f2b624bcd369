"""Who hears of a meeting: its organizer, their company, and whoever booked it over the API. Source: S-11."""

import datetime as dt

import pytest

from apitokens.domain import change_feed
from apitokens.models import Event
from booking.domain import cancellations, confirmations
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 1, 9, 0, tzinfo=dt.UTC)


def fed(owner):
    stretch = change_feed.read(owner=owner, cursor="", limit=10, now=NOW)
    return [event.type for event in stretch.events]


def test_who_booked_over_the_api_hears_of_the_meeting_of_another_company():
    booker = UserFactory(api_role="api-developer")
    meeting = MeetingFactory(api_token=ApiTokenFactory(owner=booker))
    colleague = UserFactory(organization=booker.organization, api_role="api-developer")
    stranger = UserFactory(api_role="api-developer")

    cancellations.cancel(meeting.id, reason="", by=None, now=NOW)

    assert Event.objects.get().people == sorted([meeting.organizer_id, booker.pk])
    assert fed(booker) == ["meeting.cancelled"]
    assert fed(colleague) == fed(stranger) == []


def test_organizer_and_company_hear_of_their_meeting():
    meeting = MeetingFactory(pending=True, organizer__api_role="api-developer")
    colleague = UserFactory(organization=meeting.organizer.organization, api_role="api-developer")

    confirmations.confirm_by_link(meeting.id, now=NOW)

    assert Event.objects.get().people == [meeting.organizer_id]
    assert fed(meeting.organizer) == fed(colleague) == ["meeting.confirmed"]
