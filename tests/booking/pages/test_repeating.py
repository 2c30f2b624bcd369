"""A member books a series on the website. Source: booking rule R16; experience, A company."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db.models import Sum
from django.test import Client
from django.utils import translation

from booking.domain import series_mails
from booking.models import Meeting, MeetingSeries, MeetingStatus
from booking.pages.repeating import RepeatingFields
from organizations.domain import mail_messages
from organizations.models import OutgoingEmail
from tests.booking.pages.test_booking import MONDAY, address, typed
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory
from tests.factories.staff import BACKEND

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(weeks=1)


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(MONDAY, tick=False), translation.override("en"):
        yield


@pytest.fixture
def member() -> Client:
    client = Client()
    client.force_login(UserFactory(), backend=BACKEND)
    return client


def test_every_date_is_booked_and_the_next_page_lists_them(member: Client) -> None:
    room = RoomFactory()

    page = member.post(address(room), typed(repeats="WEEKLY", times="3"), follow=True)

    booked = Meeting.objects.order_by("starts_at")
    first = booked[0].starts_at
    assert [meeting.starts_at for meeting in booked] == [first, first + WEEK, first + 2 * WEEK]
    assert {meeting.status for meeting in booked} == {MeetingStatus.CONFIRMED}
    assert {meeting.name for meeting in booked} == {"Kick-off"}
    assert MeetingSeries.objects.get().rule == "FREQ=WEEKLY;COUNT=3"
    assert "All dates of this series" in page.content.decode()
    assert [mail.template for mail in OutgoingEmail.objects.all()] == ["series_confirmed"]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Price of each date: €24 with VAT (€20 without)"),
        ("fr", "24\u00a0€ TTC (20\u00a0€ HT)"),
        ("en", "Total of the series: €48 with VAT (€40 without)"),
    ],
)
def test_the_mail_tells_the_price_of_each_date(member: Client, language: str, line: str) -> None:
    member.post(address(RoomFactory()), typed(repeats="WEEKLY", times="2"))
    mail = OutgoingEmail.objects.get()
    mail.language = language

    message = mail_messages.write(mail)

    assert line in message.body
    assert line in str(message.alternatives[0][0])


def test_the_mail_tells_the_total_alone_where_dates_cost_differently(member: Client) -> None:
    member.post(address(RoomFactory()), typed(repeats="WEEKLY", times="2"))
    first, second = Meeting.objects.order_by("starts_at")
    second.price_gross = first.price_gross + 1
    OutgoingEmail.objects.all().delete()

    series_mails.confirmed([first, second], [], now=MONDAY)

    told = mail_messages.write(OutgoingEmail.objects.get()).body
    assert "Price of each date" not in told
    assert "Total of the series: €49 with VAT (€40 without)" in told


def test_the_mail_tells_no_total_where_a_price_is_given_on_request(member: Client) -> None:
    member.post(address(RoomFactory()), typed(repeats="WEEKLY", times="2"))
    first, second = Meeting.objects.order_by("starts_at")
    second.price = second.price_gross = None
    OutgoingEmail.objects.all().delete()

    series_mails.confirmed([first, second], [], now=MONDAY)

    assert "€" not in mail_messages.write(OutgoingEmail.objects.get()).body


def test_a_date_that_is_taken_is_left_out_and_named(member: Client) -> None:
    room = RoomFactory()
    MeetingFactory(room=room, starts_at=dt.datetime(2030, 1, 17, 9, 0, tzinfo=dt.UTC))

    page = member.post(address(room), typed(repeats="WEEKLY", times="3"), follow=True)

    text = page.content.decode()
    assert Meeting.objects.filter(series__isnull=False).count() == 2
    assert "These dates could not be booked:" in text
    assert "Thursday 17 January 2030: Booked" in text


def test_a_cancelled_series_offers_no_date_again_and_no_price(member: Client) -> None:
    room = RoomFactory()
    MeetingFactory(room=room, starts_at=dt.datetime(2030, 1, 17, 9, 0, tzinfo=dt.UTC))
    shown = member.post(address(room), typed(repeats="WEEKLY", times="3"), follow=True)
    page = shown.request["PATH_INFO"]
    assert "Try these dates again" in shown.content.decode()
    assert "incl. VAT, on invoice" in shown.content.decode()

    cancelled = member.post(f"{page}cancel/", {"scope": "all", "reason": ""}, follow=True)

    assert "There is nothing to pay." in cancelled.content.decode()
    assert "Try these dates again" not in cancelled.content.decode()
    assert "incl. VAT, on invoice" not in cancelled.content.decode()


@pytest.mark.parametrize(
    ("repeats", "day", "rule"),
    [
        ("DAILY", 10, "FREQ=DAILY;COUNT=4"),
        ("WEEKLY", 10, "FREQ=WEEKLY;COUNT=4"),
        ("FORTNIGHTLY", 10, "FREQ=WEEKLY;INTERVAL=2;COUNT=4"),
        ("MONTHLY", 7, "FREQ=MONTHLY;BYDAY=1MO;COUNT=4"),
        ("MONTHLY", 8, "FREQ=MONTHLY;BYDAY=2TU;COUNT=4"),
        ("MONTHLY", 28, "FREQ=MONTHLY;BYDAY=4MO;COUNT=4"),
        ("MONTHLY", 29, "FREQ=MONTHLY;BYDAY=-1TU;COUNT=4"),
    ],
)
def test_each_choice_is_a_rule(repeats: str, day: int, rule: str) -> None:
    form = RepeatingFields({"repeats": repeats, "times": "4"})

    assert form.is_valid()
    series = form.series(dt.datetime(2030, 1, day, 10, 0))
    assert series is not None
    assert series.rule == rule


@pytest.mark.parametrize("times", ["", "1", "53", "many"])
def test_a_number_that_cannot_be_is_refused_at_its_field(member: Client, times: str) -> None:
    page = member.post(address(RoomFactory()), typed(repeats="WEEKLY", times=times))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["times"]
    assert not Meeting.objects.exists()


def test_a_number_alone_repeats_nothing(member: Client) -> None:
    member.post(address(RoomFactory()), typed(repeats="", times="5"))

    assert Meeting.objects.get().series is None


def test_when_no_date_can_be_had_the_form_keeps_what_was_typed(member: Client) -> None:
    room = RoomFactory()
    for week in range(2):
        starts_at = dt.datetime(2030, 1, 10, 9, 0, tzinfo=dt.UTC) + week * WEEK
        MeetingFactory(room=room, starts_at=starts_at)

    page = member.post(address(room), typed(repeats="WEEKLY", times="2"))

    assert page.status_code == 409
    assert "Everything you typed is still here" in page.content.decode()
    assert '<option value="WEEKLY" selected>' in page.content.decode()


def test_the_price_of_all_dates_is_that_which_is_charged(member: Client) -> None:
    room = RoomFactory(price_per_hour=Decimal("20.37"))
    MeetingFactory(room=room, starts_at=dt.datetime(2030, 1, 17, 9, 0, tzinfo=dt.UTC))

    page = member.get(address(room, repeats="WEEKLY", times=4))
    assert not MeetingSeries.objects.exists()
    member.post(address(room), typed(repeats="WEEKLY", times="4"))

    quote, booked = page.context["series"], Meeting.objects.filter(series__isnull=False)
    assert (quote.count, quote.net, quote.gross) == (3, Decimal("61.11"), Decimal("73.32"))
    assert booked.aggregate(net=Sum("price"), gross=Sum("price_gross")) == {
        "net": quote.net,
        "gross": quote.gross,
    }
    assert "€73.32" in page.content.decode()
    assert page.context["skipped"] == [(dt.date(2030, 1, 17), "Booked")]


def test_the_button_for_the_price_tells_that_of_all_dates_too(member: Client) -> None:
    page = member.post(
        address(RoomFactory()), typed(repeats="WEEKLY", times="2", update="1", duration="120")
    )

    assert page.context["series"].gross == Decimal(96)
    assert not Meeting.objects.exists()
    assert not OutgoingEmail.objects.exists()


def test_a_price_on_request_stays_one(member: Client) -> None:
    room = RoomFactory(price_per_hour=None, price_per_half_day=None, price_per_day=None)

    page = member.get(address(room, repeats="WEEKLY", times=2))

    assert "series" not in page.context
    assert "Price on request" in page.content.decode()


def test_dates_none_of_which_can_be_had_have_no_price(member: Client) -> None:
    page = member.get(address(RoomFactory(max_person=8), people=9, repeats="WEEKLY", times=2))

    assert "series" not in page.context
    assert "None of these dates can be booked:" in page.content.decode()


def test_an_address_may_say_how_the_meeting_repeats(member: Client) -> None:
    text = member.get(address(RoomFactory(), repeats="WEEKLY", times=2)).content.decode()

    assert '<option value="WEEKLY" selected>' in text
    assert 'name="times" value="2"' in text
    assert 'data-live-fields="duration people repeats times"' in text


def test_a_stranger_sees_no_price_of_a_series(client: Client) -> None:
    page = client.get(address(RoomFactory(), repeats="WEEKLY", times=2))

    assert "series" not in page.context
    assert 'data-live-fields="duration people"' in page.content.decode()


def test_a_stranger_is_offered_no_series_and_gets_none(client: Client) -> None:
    room = RoomFactory()

    assert 'name="repeats"' not in client.get(address(room)).content.decode()
    client.post(address(room), typed(repeats="WEEKLY", times="3"))

    assert Meeting.objects.get().series is None
