"""Work that always fails is tried so many times, shown to staff, and holds up no other. Source: safety, F-24.

Mail is in `tests/organizations/domain/test_outbox.py`, statements and renewals in `tests/contracts`.
"""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from apitokens.models import Event
from booking.domain import (
    activation,
    approvals,
    confirmations,
    holds,
    mails,
    visitor_registrations,
)
from booking.domain import waitlist_offers as offers
from booking.models import LinkRequest, Registration
from organizations.domain import verifications
from organizations.models import EmailVerification, JoinRequest, OutgoingEmail, Role
from tests.booking.pages.test_registering import NOW, URL, site, typed
from tests.factories.booking import MeetingFactory
from tests.factories.demand import WaitlistEntryFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory
from tests.factories.staff import logged_in

__all__ = ["site"]  # the tests below ask for it by name
pytestmark = pytest.mark.django_db

LIST = "/admin/booking/registration/"
BOB = "bob@visitor.example"
LATER = NOW + dt.timedelta(minutes=2)


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


@pytest.fixture
def _bob_cannot_be_done(monkeypatch) -> None:
    settle = visitor_registrations._settle

    def broken_for_bob(application, registration, *, now):
        if registration.email == BOB:
            raise ArithmeticError("broken data")
        settle(application, registration, now=now)

    monkeypatch.setattr(visitor_registrations, "_settle", broken_for_bob)


@pytest.mark.usefixtures("_bob_cannot_be_done")
def test_registration_that_cannot_be_done_is_given_up_and_the_next_is_done(client, site) -> None:
    client.post(URL, typed(site, email=BOB))
    client.post(URL, typed(site))
    moment, tried = NOW + dt.timedelta(seconds=30), []

    while Registration.objects.filter(status="waiting").exists():
        tried.append(visitor_registrations.sweep(now=moment))
        moment = Registration.objects.get(email=BOB).next_attempt_at

    assert tried == [2, 1, 1, 1, 1]
    assert Registration.objects.get(email="ada@visitor.example").status == "CREATED"
    given_up = Registration.objects.get(email=BOB)
    assert (given_up.status, given_up.attempts) == ("failed", 5)
    assert visitor_registrations.sweep(now=moment + dt.timedelta(days=1)) == 0


@pytest.mark.usefixtures("_bob_cannot_be_done")
def test_registration_that_failed_is_not_tried_before_its_time(client: Client, site) -> None:
    client.post(URL, typed(site, email=BOB))
    first = NOW + dt.timedelta(seconds=30)

    assert visitor_registrations.sweep(now=first) == 1
    assert visitor_registrations.sweep(now=first + dt.timedelta(seconds=29)) == 0
    assert visitor_registrations.sweep(now=first + dt.timedelta(seconds=30)) == 1


def test_staff_find_what_was_given_up_and_have_it_tried_again(
    client: Client, site, django_capture_on_commit_callbacks
) -> None:
    client.post(URL, typed(site))
    Registration.objects.update(status="failed", attempts=5, next_attempt_at=NOW)
    given_up = Registration.objects.get()
    staff = logged_in()
    assert given_up.email in staff.get(LIST, {"status__exact": "failed"}).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        staff.post(LIST, {"action": "try_again", "_selected_action": [given_up.pk]})

    given_up.refresh_from_db()
    assert (given_up.status, given_up.attempts) == ("CREATED", 0)


def test_what_was_not_given_up_is_left_alone(client: Client, site) -> None:
    client.post(URL, typed(site))

    assert visitor_registrations.try_again(Registration.objects.all()) == 0


@pytest.fixture
def poisoned(monkeypatch):
    """A person whose meetings cannot be confirmed."""
    person = UserFactory(email_verified_at=NOW)

    def broken(person_id, *, now):
        if person_id == person.pk:
            raise ArithmeticError("broken data")
        return confirmations.Confirmations()

    monkeypatch.setattr(confirmations, "confirm_requests_of", broken)
    return person


def test_person_whose_meetings_cannot_be_confirmed_holds_up_no_other(poisoned) -> None:
    for person in (poisoned, UserFactory(email_verified_at=NOW)):
        EmailVerification.objects.create(
            user=person,
            email=person.email,
            created_at=NOW,
            expires_at=NOW + dt.timedelta(days=3),
            used_at=NOW,
        )

    assert activation.settle_what_was_left(now=LATER) == 1
    [left] = verifications.unsettled(before=NOW, limit=5)
    assert left.user == poisoned


def test_approval_that_cannot_be_ended_holds_up_no_other(poisoned) -> None:
    leader = UserFactory(role=Role.PRINCIPAL_ADMIN)
    for person in (poisoned, UserFactory(email_verified_at=NOW)):
        JoinRequest.objects.create(
            person=person,
            organization=leader.organization,
            status="approved",
            created_at=NOW,
            decided_at=NOW,
            decided_by=leader,
        )

    assert approvals.settle_what_was_left(now=LATER) == 1
    assert JoinRequest.objects.get(settled_at=None).person == poisoned


def test_site_whose_waiting_list_cannot_be_read_holds_up_no_other(monkeypatch) -> None:
    first, second = sorted([RoomFactory(), RoomFactory()], key=lambda room: room.site_id)
    for room in (first, second):
        WaitlistEntryFactory(room=room, contact_email=UserFactory().email)
    offer_at = offers.offer_at

    def broken(site_id, *, now):
        if site_id == first.site_id:
            raise ArithmeticError("broken data")
        return offer_at(site_id, now=now)

    monkeypatch.setattr(offers, "offer_at", broken)

    assert offers.sweep(now=dt.datetime(2030, 1, 2, 12, tzinfo=dt.UTC)) == 1


def test_link_that_cannot_be_sent_holds_up_no_other(monkeypatch) -> None:
    for email in (BOB, "ada@visitor.example", "eve@visitor.example"):
        visitor_registrations.ask_for_link(email, language="en", now=NOW)
    write_to = visitor_registrations._write_to

    def broken_for_ada(email, *, language, now):
        if email == "ada@visitor.example":
            raise ArithmeticError("broken data")
        write_to(email, language=language, now=now)

    monkeypatch.setattr(visitor_registrations, "_write_to", broken_for_ada)

    visitor_registrations.sweep(now=LATER)

    assert [wish.email for wish in LinkRequest.objects.all()] == ["ada@visitor.example"]
    told = OutgoingEmail.objects.order_by("to_address").values_list("to_address", flat=True)
    assert list(told) == [BOB, "eve@visitor.example"]


def test_links_that_can_never_be_sent_do_not_take_the_place_of_new_ones(monkeypatch) -> None:
    monkeypatch.setattr(visitor_registrations, "BATCH", 2)
    for minutes, email in enumerate(["a@v.example", "b@v.example", "c@v.example"]):
        at = NOW + dt.timedelta(minutes=minutes)
        visitor_registrations.ask_for_link(email, language="en", now=at)
    sent = []

    def broken_for_the_old(email, *, language, now):
        if email != "c@v.example":
            raise ArithmeticError("broken data")
        sent.append(email)

    monkeypatch.setattr(visitor_registrations, "_write_to", broken_for_the_old)

    visitor_registrations.sweep(now=NOW + dt.timedelta(minutes=5))

    assert sent == ["c@v.example"]


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_hold_that_cannot_be_released_holds_up_no_other(monkeypatch, batch: int) -> None:
    monkeypatch.setattr(holds, "BATCH", batch)
    stale = [MeetingFactory(pending=True, hold_expires_at=NOW) for _ in range(3)]
    poisoned, tell = stale[1], mails.hold_released

    def broken(meeting, *, now):
        if meeting.pk == poisoned.pk:
            raise ArithmeticError("broken data")
        tell(meeting, now=now)

    monkeypatch.setattr(mails, "hold_released", broken)

    assert holds.release_stale(now=NOW) == 2

    for meeting in stale:
        meeting.refresh_from_db()
    assert [meeting.status for meeting in stale] == ["expired", "pending", "expired"]
    assert [meeting.reservations.get().holds for meeting in stale] == [False, True, False]
    assert Event.objects.filter(type="meeting.expired").count() == 2
    monkeypatch.setattr(mails, "hold_released", tell)
    assert holds.release_stale(now=NOW) == 1
