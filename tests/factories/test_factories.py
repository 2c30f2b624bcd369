"""The factories build what they say, past every constraint of the database."""

import hashlib

import pytest

from booking.models import MeetingStatus
from tests.factories.apitokens import ApiQuotaFactory, ApiTokenFactory
from tests.factories.booking import BlockFactory, MeetingFactory
from tests.factories.organizations import AccessCardFactory, UserFactory
from tests.factories.sites_app import RoomFactory, RoomImageFactory, RoomLeaseFactory

pytestmark = pytest.mark.django_db


def test_a_person_exists_unless_new_or_archived():
    assert UserFactory().is_existing
    assert not UserFactory(new=True).is_existing
    assert not UserFactory(archived=True).is_existing
    assert UserFactory(password="correct horse battery").check_password("correct horse battery")
    assert AccessCardFactory().holder.is_existing


def test_a_token_tells_its_plain_text():
    token = ApiTokenFactory()
    assert token.token_hash == hashlib.sha256(token.plain.encode()).hexdigest()
    assert token.header == {"Authorization": f"Bearer {token.plain}"}
    assert ApiQuotaFactory(daily_limit=3).user.api_role == "api-developer"


def test_a_meeting_holds_its_room_unless_it_is_over():
    assert MeetingFactory(room=RoomFactory(setup_minutes=15)).reservations.get().holds
    assert not MeetingFactory(cancelled=True).reservations.get().holds
    assert MeetingFactory(pending=True).status == MeetingStatus.PENDING
    assert MeetingFactory(organizer=None).organization is None
    assert BlockFactory().holds


def test_rooms_of_each_sort():
    assert RoomFactory().is_booked_by_the_hour
    assert not RoomFactory(office=True).is_booked_by_the_hour
    assert RoomLeaseFactory().room.type == "privateOffice"
    assert RoomImageFactory().width == 1600
