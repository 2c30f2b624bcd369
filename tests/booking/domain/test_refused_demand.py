"""Refused demand. Source: booking rule R19."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError

from booking.domain import meeting_requests, refused_demand
from booking.domain.meeting_requests import LimitReached, MeetingRequest, RulesBroken, SlotTaken
from booking.models import RefusedDemand
from tests.factories.booking import MeetingFactory
from tests.factories.demand import BookingLimitFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2029, 12, 1, 10, 0, tzinfo=dt.UTC)
NINE = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def room():
    return RoomFactory(site=SiteFactory(time_zone="UTC"))


@pytest.fixture
def request_of(room):
    def _request(**values):
        facts = {"contact_email": UserFactory().email, "starts_at": NINE, "duration_minutes": 90}
        return MeetingRequest(**{"room_id": room.id, "attendees": 3} | facts | values)

    return _request


def ask(request):
    return meeting_requests.request_meeting(request, now=NOW)


def test_a_taken_slot_is_noted_without_a_word_about_the_person(room, request_of):
    MeetingFactory(room=room, starts_at=NINE)

    with pytest.raises(SlotTaken):
        ask(request_of())

    row = RefusedDemand.objects.values().get()
    row.pop("id")
    assert row == {
        "at": NOW,
        "kind": "booking",
        "reason": "SLOT_TAKEN",
        "site_id": room.site_id,
        "room_id": room.id,
        "room_type": "publicMeeting",
        "starts_at": NINE,
        "ends_at": NINE + dt.timedelta(minutes=90),
        "duration_minutes": 90,
        "attendees": 3,
        "price": Decimal("30.00"),
        "currency": "EUR",
    }


def test_neither_dry_runs_nor_broken_rules_nor_bookings_are_noted(room, request_of):
    ask(request_of())
    with pytest.raises(SlotTaken):
        ask(request_of(dry_run=True))
    with pytest.raises(RulesBroken):
        ask(request_of(starts_at=NINE.replace(hour=3)))

    assert RefusedDemand.objects.count() == 0


def test_a_limit_is_noted(request_of):
    BookingLimitFactory(minutes=60)

    with pytest.raises(LimitReached):
        ask(request_of())

    assert RefusedDemand.objects.get().reason == "LIMIT_REACHED"


def test_a_failure_to_note_does_not_change_the_refusal(room, request_of, monkeypatch):
    MeetingFactory(room=room, starts_at=NINE)

    def broken(*_args, **_values):
        raise DatabaseError("full")

    monkeypatch.setattr(RefusedDemand, "save", broken)

    with pytest.raises(SlotTaken) as caught:
        ask(request_of())
    assert caught.value.status == 409


def test_a_refused_wish_is_forgotten_after_thirteen_months():
    limit = dt.datetime(2028, 11, 1, 10, 0, tzinfo=dt.UTC)
    for at in (limit - dt.timedelta(seconds=1), limit):
        RefusedDemand.objects.create(at=at, kind="search", duration_minutes=60)

    assert refused_demand.forget_old(now=NOW) == 1
    assert RefusedDemand.objects.get().at == limit
    assert refused_demand.forget_old(now=NOW) == 0
