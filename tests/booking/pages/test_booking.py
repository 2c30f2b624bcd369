"""Booking on the website: the form, what follows it, and the mailed links."""

import datetime as dt
import re
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from booking.models import Meeting, MeetingStatus
from config import links
from config.links import Purpose
from organizations.models import OutgoingEmail
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)  # 9:00 in Paris
THURSDAY_TEN = dt.datetime(2030, 1, 10, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(MONDAY, tick=False), translation.override("en"):
        yield


def address(room, start: str = "2030-01-10T10:00", **extra: object) -> str:
    query = {"room": room.id, "start": start, "duration": 60, "people": 4} | extra
    return f"{reverse('book')}?{'&'.join(f'{name}={value}' for name, value in query.items())}"


def typed(**changes: str) -> dict[str, str]:
    return {
        "duration": "60",
        "people": "4",
        "name": "Kick-off",
        "is_private": "on",
        "contact_name": "Ada Byron",
        "contact_email": "ada@visitor.example",
        "terms": "on",
    } | changes


def link(name: str, purpose: Purpose, meeting: Meeting) -> str:
    return reverse(name, args=[links.key(purpose, meeting.id)])


def test_form_shows_the_price_with_its_lines_and_vat(client: Client) -> None:
    room = RoomFactory(price_per_hour=Decimal(20))

    response = client.get(address(room, duration=90))

    quote = response.context["quote"]
    assert (quote.net, quote.gross) == (Decimal(30), Decimal(36))
    assert response.context["lines"] == [("1.5 hours", Decimal("30.00"))]
    assert response.context["form"]["is_private"].initial is True


@pytest.mark.parametrize(
    "query", ["", "?room=x&start=2030-01-10T10:00&duration=60", "?start=never"]
)
def test_form_without_a_slot_is_not_found(client: Client, query: str) -> None:
    assert client.get(reverse("book") + query).status_code == 404


def test_newcomer_holds_the_slot_and_is_asked_to_look_at_the_mail(client: Client) -> None:
    room = RoomFactory()

    response = client.post(address(room), typed(), follow=True)

    meeting = Meeting.objects.get()
    assert (meeting.status, meeting.starts_at) == (MeetingStatus.PENDING, THURSDAY_TEN)
    assert (meeting.is_private, meeting.terms_accepted_at) == (True, MONDAY)
    assert response.redirect_chain[0][1] == 302
    assert "At least until 09:30" in response.content.decode()


def test_pages_for_known_unknown_and_archived_addresses_are_the_same(client: Client) -> None:
    room = RoomFactory()
    known, archived = UserFactory(), UserFactory(archived=True)
    pages = []

    for email in ("new@visitor.example", known.email, archived.email):
        Meeting.objects.all().delete()
        pages.append(client.post(address(room), typed(contact_email=email), follow=True).content)

    assert without_keys(pages[0]) == without_keys(pages[1]) == without_keys(pages[2])


def without_keys(page: bytes) -> str:
    return "\n".join(line for line in page.decode().splitlines() if "/k/" not in line)


def test_member_who_is_logged_in_is_confirmed_at_once(client: Client) -> None:
    room, person = RoomFactory(), UserFactory()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")

    response = client.post(address(room, start="2030-01-07T14:00"), typed(), follow=True)

    meeting = Meeting.objects.get()
    assert (meeting.status, meeting.contact_email) == (MeetingStatus.CONFIRMED, person.email)
    assert "Add to calendar" in response.content.decode()


def test_update_button_shows_the_new_price_and_books_nothing(client: Client) -> None:
    room = RoomFactory()

    response = client.post(address(room), typed(duration="120", update="1"))

    assert response.context["quote"].net == Decimal(40)
    assert Meeting.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"terms": ""}, "terms"),
        ({"contact_email": "x"}, "contact_email"),
        ({"people": "0"}, "people"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    client: Client, changes: dict, field: str
) -> None:
    response = client.post(address(RoomFactory()), typed(**changes))

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert Meeting.objects.count() == 0


@pytest.mark.parametrize(
    ("prefix", "sentence"),
    [
        ("", "Meetings must be booked at least 2 days in advance."),
        ("/fr", "Les réunions doivent être réservées au moins 2 jours à l'avance."),
    ],
)
def test_broken_rule_is_said_in_the_visitors_language(
    client: Client, prefix: str, sentence: str
) -> None:
    room = RoomFactory()

    response = client.post(prefix + address(room, start="2030-01-08T10:00"), typed())

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [sentence]


def test_first_day_of_notice_is_enough(client: Client) -> None:
    client.post(address(RoomFactory(), start="2030-01-09T10:00"), typed())

    assert Meeting.objects.count() == 1


def test_lost_slot_offers_others_and_one_click_books_one_without_retyping(client: Client) -> None:
    room = RoomFactory()
    MeetingFactory(room=room, starts_at=THURSDAY_TEN)

    response = client.post(address(room), typed())
    option = response.context["alternatives"][0]
    answer = client.post(option["url"], typed())

    assert (response.status_code, response.context["form"]["name"].value()) == (409, "Kick-off")
    assert f'formaction="{option["url"].replace("&", "&amp;")}"' in response.content.decode()
    assert answer.status_code == 302


@pytest.mark.parametrize(("minutes", "is_free"), [("60", True), ("61", False)])
def test_a_length_that_reaches_the_next_booking_is_told_before_the_click(
    client: Client, minutes: str, is_free: bool
) -> None:
    room = RoomFactory(step_duration=1)
    MeetingFactory(room=room, starts_at=THURSDAY_TEN + dt.timedelta(hours=1))

    page = client.get(address(room, duration=minutes))

    told = "The room is taken for all or part of this time." in page.content.decode()
    assert (page.context["is_free"], told) == (is_free, not is_free)


def offered(response) -> list[int]:
    return [minutes for minutes, _ in response.context["form"].fields["duration"].widget.choices]


def test_only_lengths_that_end_before_the_next_booking_are_offered(client: Client) -> None:
    room = RoomFactory(cleaning_minutes=10)
    MeetingFactory(room=room, starts_at=THURSDAY_TEN + dt.timedelta(hours=2))

    page = client.get(address(room))

    assert offered(page) == [60, 90]
    assert "Lengths for which the room is closed or taken are left out." in page.content.decode()


def test_only_lengths_that_end_before_closing_time_are_offered(client: Client) -> None:
    room = RoomFactory(slot_week="09:00-18:00")

    assert offered(client.get(address(room, start="2030-01-10T16:30"))) == [60, 90]


def test_every_length_is_offered_of_a_day_that_is_free(client: Client) -> None:
    page = client.get(address(RoomFactory(slot_week="09:00-18:00"), start="2030-01-10T09:00"))

    assert offered(page) == list(range(60, 481, 30))
    assert "are left out" not in page.content.decode()


def test_length_past_closing_time_in_an_address_is_shown_and_told(client: Client) -> None:
    room = RoomFactory(slot_week="09:00-18:00")

    page = client.get(address(room, start="2030-01-10T17:00", duration=90))

    assert (offered(page), page.context["form"]["duration"].value()) == ([60, 90], 90)
    assert "The room is closed for all or part of this time." in page.content.decode()


def test_length_that_was_taken_meanwhile_gets_alternatives(client: Client) -> None:
    room = RoomFactory()
    MeetingFactory(room=room, starts_at=THURSDAY_TEN + dt.timedelta(hours=1))

    refused = client.post(address(room), typed(duration="120"))

    assert (refused.status_code, offered(refused)) == (409, [60, 120])
    assert refused.context["alternatives"]


def test_a_hold_that_is_over_takes_no_time(client: Client) -> None:
    room = RoomFactory()
    MeetingFactory(room=room, starts_at=THURSDAY_TEN, pending=True, hold_expires_at=MONDAY)

    assert client.get(address(room)).context["is_free"] is True


def test_who_asks_twice_is_told_where_the_first_request_is(client: Client) -> None:
    room = RoomFactory()
    client.post(address(room), typed())

    again = client.post(address(room), typed())

    assert again.status_code == 409
    assert "it is held for you: look at your e-mail" in again.content.decode()


def test_cancelling_shows_the_fee_first_and_only_a_post_cancels(client: Client) -> None:
    with time_machine.travel(THURSDAY_TEN - dt.timedelta(hours=3)):
        meeting = MeetingFactory(starts_at=THURSDAY_TEN, price=Decimal(40), price_gross=Decimal(48))
        page = client.get(link("manage-booking", Purpose.MANAGE_BOOKING, meeting))
        meeting.refresh_from_db()
        before = meeting.status
        client.post(link("cancel-booking", Purpose.MANAGE_BOOKING, meeting), {"reason": "Ill"})

    meeting.refresh_from_db()
    assert "Cancel for €20" in page.content.decode()
    assert before == MeetingStatus.CONFIRMED
    assert (meeting.status, meeting.cancellation_fee) == (MeetingStatus.CANCELLED, Decimal(20))


def test_an_overlong_reason_cancels_nothing_and_stays_to_be_shortened(client: Client) -> None:
    with time_machine.travel(THURSDAY_TEN - dt.timedelta(hours=3)):
        meeting = MeetingFactory(starts_at=THURSDAY_TEN)
        address = link("cancel-booking", Purpose.MANAGE_BOOKING, meeting)
        answer = client.post(address, {"reason": "x" * 501})

    meeting.refresh_from_db()
    assert (answer.status_code, meeting.status) == (422, MeetingStatus.CONFIRMED)
    assert "x" * 501 in answer.content.decode()


def test_meeting_that_has_begun_cannot_be_cancelled(client: Client) -> None:
    meeting = MeetingFactory(starts_at=MONDAY)

    response = client.post(link("cancel-booking", Purpose.MANAGE_BOOKING, meeting))

    assert response.status_code == 409
    assert "can no longer be cancelled" in response.content.decode()


def test_calendar_file_holds_the_meeting(client: Client) -> None:
    site = SiteFactory(name="Paris", address="10 rue de la Paix", postal_code="75002", city="Paris")
    meeting = MeetingFactory(starts_at=THURSDAY_TEN, room=RoomFactory(name="Blue", site=site))

    response = client.get(link("booking-calendar", Purpose.MANAGE_BOOKING, meeting))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"UID:{meeting.id}@".encode() in response.content
    assert b"LOCATION:Blue\\, Paris\\, 10 rue de la Paix\\, 75002 Paris\r\n" in response.content


def test_a_members_price_that_rose_meanwhile_is_shown_before_it_is_charged(client: Client) -> None:
    room = RoomFactory(price_per_hour=Decimal(20), member_discount_percent=10)
    person = UserFactory(organization=OrganizationFactory(is_member=True))
    meeting = MeetingFactory(
        room=room,
        organizer=person,
        pending=True,
        starts_at=THURSDAY_TEN,
        price=Decimal(20),
        price_gross=Decimal(24),
    )
    address = link("confirm-booking", Purpose.CONFIRM_BOOKING, meeting)

    def shown_price(page):
        return re.findall(r'name="price" value="([^"]*)"', page.content.decode())

    [old] = shown_price(client.get(address))
    room.price_per_hour = Decimal(21)
    room.save()
    refused = client.post(address, {"price": old})
    [new] = shown_price(refused)

    assert (refused.status_code, Decimal(old), Decimal(new)) == (409, 18, Decimal("18.9"))
    assert "The price has just changed." in refused.content.decode()
    meeting.refresh_from_db()
    assert meeting.status == "pending"
    assert client.post(address, {"price": new}).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.status, meeting.price) == ("confirmed", Decimal("18.9"))


def test_only_the_button_confirms_a_held_request(client: Client) -> None:
    meeting = MeetingFactory(pending=True, starts_at=THURSDAY_TEN)
    address = link("confirm-booking", Purpose.CONFIRM_BOOKING, meeting)

    client.get(address)
    meeting.refresh_from_db()
    before = meeting.status
    response = client.post(address)

    meeting.refresh_from_db()
    assert (before, meeting.status) == (MeetingStatus.PENDING, MeetingStatus.CONFIRMED)
    assert "/booking/k/" in response["Location"]


@pytest.mark.parametrize("is_member", [True, False])
def test_members_price_is_told_before_the_button(client: Client, is_member: bool) -> None:
    room = RoomFactory(price_per_hour=Decimal(20), member_discount_percent=10)
    person = UserFactory(organization=OrganizationFactory(is_member=is_member))
    meeting = MeetingFactory(
        room=room,
        organizer=person,
        pending=True,
        starts_at=THURSDAY_TEN,
        price=Decimal(20),
        price_gross=Decimal(24),
    )

    page = client.get(link("confirm-booking", Purpose.CONFIRM_BOOKING, meeting)).content.decode()

    assert ("Your company is a member: you pay €21.60 including VAT." in page) is is_member


def test_key_of_one_purpose_opens_no_other_page(client: Client) -> None:
    meeting = MeetingFactory(pending=True, starts_at=THURSDAY_TEN)
    key = links.key(Purpose.CONFIRM_BOOKING, meeting.id)

    assert client.get(reverse("manage-booking", args=[key])).status_code == 404
    assert client.get(reverse("confirm-booking", args=[key + "x"])).status_code == 404


@pytest.mark.parametrize("name", ["manage-booking", "confirm-booking", "change-booking"])
def test_a_dead_link_is_told_as_one(client: Client, name: str) -> None:
    page = client.get(reverse(name, args=["cut-short"]))

    text = page.content.decode()
    assert page.status_code == 404
    assert "This link does not work" in text
    assert f'href="{reverse("account")}"' in text
    assert "This page does not exist" not in text


def test_an_address_without_a_link_does_not_exist(client: Client) -> None:
    for address_ in ("/nowhere/", reverse("room", args=["0" * 24])):
        text = client.get(address_).content.decode()
        assert "This page does not exist" in text
        assert "This link does not work" not in text


def test_registration_link_says_what_happens_next(client: Client) -> None:
    meeting = MeetingFactory(pending=True, starts_at=THURSDAY_TEN)

    response = client.get(link("complete-registration", Purpose.COMPLETE_REGISTRATION, meeting))

    assert response.status_code == 200
    assert OutgoingEmail.objects.count() == 0


@pytest.mark.parametrize("start", ["0001-01-01T00:00", "1999-12-31T23:59", "9999-12-31T23:59"])
def test_slot_at_an_end_of_the_calendar_is_not_found(client: Client, start: str) -> None:
    assert client.get(address(RoomFactory(), start=start)).status_code == 404


def test_booking_given_back_in_time_says_that_nothing_is_to_be_paid(client: Client) -> None:
    meeting = MeetingFactory(starts_at=THURSDAY_TEN)

    client.post(link("cancel-booking", Purpose.MANAGE_BOOKING, meeting), {"reason": "Ill"})

    page = client.get(link("manage-booking", Purpose.MANAGE_BOOKING, meeting)).content.decode()
    assert "Your booking is cancelled. There is nothing to pay." in page
