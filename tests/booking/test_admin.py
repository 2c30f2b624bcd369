"""Staff book and cancel through the same rules and locks as everybody. Source: architecture."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.models import Meeting, MeetingStatus, Reservation
from organizations.models import OutgoingEmail
from tests.factories.booking import MeetingFactory, MeetingSeriesFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory
from tests.factories.staff import logged_in

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 1, 9, 0, tzinfo=dt.UTC)
ADD = "/admin/booking/meeting/add/"


@pytest.fixture
def staff():
    with time_machine.travel(NOW, tick=False):
        yield logged_in()


def typed(room, **values: object) -> dict[str, object]:
    """A booking on Monday 7 January 2030 from 10 to 11 in Paris."""
    return {
        "room": room.pk,
        "on": "2030-01-07",
        "at": "10:00",
        "minutes": 60,
        "attendees": 4,
        "contact_email": UserFactory().email,
        "name": "Team",
    } | values


def errors(response) -> list[str]:
    form = response.context["adminform"].form
    return [error for found in form.errors.values() for error in found]


def cancel(client: Client, meeting: Meeting, **values: object):
    address = reverse("admin:booking_meeting_cancel", args=[meeting.pk])
    return client.post(address, {"_form_submitted": "on", "reason": "Leak", **values})


def test_staff_book_on_the_clock_of_the_site(staff: Client) -> None:
    response = staff.post(ADD, typed(RoomFactory()))

    assert response.status_code == 302
    meeting = Meeting.objects.get()
    assert (meeting.starts_at, meeting.ends_at) == (
        dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC),
        dt.datetime(2030, 1, 7, 10, 0, tzinfo=dt.UTC),
    )
    assert meeting.status == MeetingStatus.CONFIRMED
    assert Reservation.objects.get().holds is True
    assert OutgoingEmail.objects.count() == 1


def test_taken_slot_is_told_at_the_form(staff: Client) -> None:
    taken = MeetingFactory(starts_at=dt.datetime(2030, 1, 7, 9, 30, tzinfo=dt.UTC))

    response = staff.post(ADD, typed(taken.room, override_reason="Chief"))

    assert response.status_code == 200
    assert errors(response) == ["This room is already booked for the requested time"]
    assert Meeting.objects.count() == 1


def test_slot_that_touches_is_free(staff: Client) -> None:
    taken = MeetingFactory(starts_at=dt.datetime(2030, 1, 7, 10, 0, tzinfo=dt.UTC))

    assert staff.post(ADD, typed(taken.room)).status_code == 302


@pytest.mark.parametrize(("reason", "meetings"), [("", 0), ("Evening fair", 1)])
def test_house_rules_give_way_to_a_reason_alone(staff: Client, reason: str, meetings: int) -> None:
    staff.post(ADD, typed(RoomFactory(), at="20:00", override_reason=reason))

    assert Meeting.objects.count() == meetings


def test_archived_contact_gets_no_booking(staff: Client) -> None:
    archived = UserFactory(archived=True)

    response = staff.post(ADD, typed(RoomFactory(), contact_email=archived.email), follow=True)

    assert "This account is archived; nothing was booked." in response.content.decode()
    assert Meeting.objects.count() == 0


def test_looking_at_the_cancel_dialog_changes_nothing(staff: Client) -> None:
    meeting = MeetingFactory(price=100, starts_at=NOW + dt.timedelta(hours=23))

    response = staff.get(reverse("admin:booking_meeting_cancel", args=[meeting.pk]))

    assert "The fee now is €50." in response.content.decode()
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.CONFIRMED


@pytest.mark.parametrize(("values", "fee"), [({}, 50), ({"is_free": "on"}, 0)])
def test_cancelling_frees_the_room_and_fixes_the_fee(
    staff: Client, values: dict[str, str], fee: int
) -> None:
    meeting = MeetingFactory(price=100, starts_at=NOW + dt.timedelta(hours=23))

    response = cancel(staff, meeting, **values)

    assert response["HX-Redirect"] == f"/admin/booking/meeting/{meeting.pk}/change/"
    meeting.refresh_from_db()
    assert (meeting.status, meeting.cancel_reason, meeting.cancellation_fee) == (
        MeetingStatus.CANCELLED,
        "Leak",
        fee,
    )
    assert Reservation.objects.get().holds is False


def test_cancelling_needs_a_reason(staff: Client) -> None:
    meeting = MeetingFactory()

    cancel(staff, meeting, reason="")

    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.CONFIRMED


def test_meeting_that_has_begun_stays(staff: Client) -> None:
    meeting = MeetingFactory(starts_at=NOW)

    cancel(staff, meeting)

    page = staff.get(f"/admin/booking/meeting/{meeting.pk}/change/").content.decode()
    assert "This meeting can no longer be cancelled" in page


@pytest.mark.parametrize(
    ("fields", "offered"),
    [({}, True), ({"pending": True}, True), ({"cancelled": True}, False)],
)
def test_only_what_stands_is_offered_to_be_moved_or_cancelled(
    staff: Client, fields: dict[str, bool], offered: bool
) -> None:
    meeting = MeetingFactory(**fields)

    page = staff.get(f"/admin/booking/meeting/{meeting.pk}/change/").content.decode()

    addresses = [
        reverse(f"admin:booking_meeting_{name}", args=[meeting.pk]) for name in ("move", "cancel")
    ]
    assert [address in page for address in addresses] == [offered, offered]


def test_history_says_who_cancelled(staff: Client) -> None:
    meeting = MeetingFactory()
    cancel(staff, meeting)

    page = staff.get(f"/admin/booking/meeting/{meeting.pk}/history/")

    change = page.context["changes"][0]
    assert change.who == str(page.wsgi_request.user)
    assert change.url == f"/admin/booking/meeting/{meeting.pk}/cancel/"
    assert {(d.label, d.before, d.after) for d in change.differences} >= {
        ("status", "confirmed", "cancelled"),
        ("reason", "", "Leak"),
    }


@pytest.mark.parametrize("word", ["id", "contact_email"])
def test_meeting_is_found_by_id_and_by_address(staff: Client, word: str) -> None:
    wanted = MeetingFactory()
    MeetingFactory()

    page = staff.get("/admin/booking/meeting/", {"q": getattr(wanted, word)})

    assert [row.pk for row in page.context["cl"].result_list] == [wanted.pk]


def move(client: Client, meeting: Meeting, **values: object):
    address = reverse("admin:booking_meeting_move", args=[meeting.pk])
    return client.post(address, {"_form_submitted": "on", "scope": "this", **values})


def test_looking_at_the_move_dialog_changes_nothing(staff: Client) -> None:
    meeting = MeetingFactory()

    response = staff.get(reverse("admin:booking_meeting_move", args=[meeting.pk]))

    assert response.status_code == 200
    meeting.refresh_from_db()
    assert meeting.sequence == 0


def test_staff_move_a_meeting_through_the_same_rules(staff: Client) -> None:
    meeting = MeetingFactory()
    other = RoomFactory(site=meeting.room.site)

    move(staff, meeting, at="14:00", room=other.pk)

    meeting.refresh_from_db()
    assert (meeting.room, meeting.sequence) == (other, 1)
    assert meeting.starts_at == dt.datetime(2030, 1, 7, 13, 0, tzinfo=dt.UTC)
    assert OutgoingEmail.objects.get().template == "booking_changed"


@pytest.mark.parametrize(("reason", "sequence"), [("", 0), ("Leak", 1)])
def test_closing_times_stand_unless_staff_give_a_reason(
    staff: Client, reason: str, sequence: int
) -> None:
    meeting = MeetingFactory()

    move(staff, meeting, at="20:00", override_reason=reason)

    meeting.refresh_from_db()
    assert meeting.sequence == sequence


@pytest.mark.parametrize(("reason", "sequence"), [("", 0), ("Leak", 1)])
def test_so_does_the_free_window(staff: Client, reason: str, sequence: int) -> None:
    meeting = MeetingFactory(starts_at=NOW + dt.timedelta(hours=1))

    move(staff, meeting, on="2030-01-08", override_reason=reason)

    meeting.refresh_from_db()
    assert meeting.sequence == sequence


def test_a_taken_room_stays_taken_whatever_the_reason(staff: Client) -> None:
    meeting = MeetingFactory()
    taken = MeetingFactory(starts_at=meeting.starts_at + dt.timedelta(days=1), room=meeting.room)

    move(staff, meeting, on="2030-01-08", override_reason="Leak")

    meeting.refresh_from_db()
    assert (meeting.sequence, taken.reservations.get().holds) == (0, True)


def test_staff_move_a_whole_series(staff: Client) -> None:
    first = MeetingFactory(series=MeetingSeriesFactory())
    second = MeetingFactory(
        series=first.series,
        room=first.room,
        organizer=first.organizer,
        starts_at=first.starts_at + dt.timedelta(weeks=1),
    )

    move(staff, first, at="14:00", scope="all")

    second.refresh_from_db()
    assert second.starts_at == dt.datetime(2030, 1, 14, 13, 0, tzinfo=dt.UTC)
    assert OutgoingEmail.objects.get().template == "series_changed"


LINES = [
    {
        "label_code": "half_day",
        "quantity": "1",
        "unit": "half_day",
        "unit_price": "120.00",
        "net": "120.00",
        "vat_rate": "20",
    },
    {
        "label_code": "hour",
        "quantity": "1.5",
        "unit": "hour",
        "unit_price": "35.50",
        "net": "53.25",
        "vat_rate": "5.5",
    },
    {
        "label_code": "member_discount",
        "quantity": "10",
        "unit": "percent",
        "unit_price": "-17.33",
        "net": "-17.33",
        "vat_rate": "20",
    },
]


def cells(page: str) -> list[list[str]]:
    """Return the texts of the rows of price lines."""
    body = page[page.index("Unit price") :].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows]


def test_frozen_price_is_a_table_and_the_terms_are_sentences(staff: Client) -> None:
    terms = [{"hours": 24, "percent": 50}, {"hours": 2, "percent": 100}]
    meeting = MeetingFactory(price_lines=LINES, cancellation_terms=terms, price=155)

    page = staff.get(f"/admin/booking/meeting/{meeting.pk}/change/").content.decode()

    assert cells(page) == [
        ["1 half day", "€120", "€120", "20%"],
        ["1.5 hours", "€35.50", "€53.25", "5.5%"],
        ["Member discount, 10%", "", "-€17.33", "20%"],
    ]
    assert "Free of charge until 24 hours before the start." in page
    assert "Less than 2 hours before: 100% of the price." in page
    assert "label_code" not in page


def test_lines_and_terms_of_another_shape_are_shown_as_they_are(staff: Client) -> None:
    meeting = MeetingFactory(
        price_lines=[{"label": "<b>Old</b>"}, "text"], cancellation_terms=["by mail"]
    )

    page = staff.get(f"/admin/booking/meeting/{meeting.pk}/change/").content.decode()

    assert "&lt;b&gt;Old" in page
    assert "by mail" in page


def test_meeting_without_price_shows_a_dash(staff: Client) -> None:
    meeting = MeetingFactory(price_lines=[])

    page = staff.get(f"/admin/booking/meeting/{meeting.pk}/change/")

    assert page.status_code == 200
    assert "Unit price" not in page.content.decode()
