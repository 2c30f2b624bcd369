"""Changing a booking by its mailed link, and the dates of a series, in English and French.

The clock stands on Monday 2030-01-07, 9:00 in Paris.
"""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from booking.models import Meeting
from booking.pages import change_forms
from config import links
from config.links import Purpose
from organizations.models import OutgoingEmail
from tests.factories.booking import MeetingFactory, MeetingSeriesFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)
THURSDAY_TEN = dt.datetime(2030, 1, 10, 9, 0, tzinfo=dt.UTC)
WEEK = dt.timedelta(weeks=1)


@pytest.fixture(autouse=True)
def clock():
    with (
        time_machine.travel(MONDAY, tick=False) as traveller,
        translation.override("en"),
    ):
        yield traveller


@pytest.fixture
def room():
    return RoomFactory(name="Blue", price_per_hour=Decimal(20))


@pytest.fixture
def meeting(room):
    return MeetingFactory(
        room=room, starts_at=THURSDAY_TEN, price=Decimal(20), price_gross=Decimal(24)
    )


def page(name: str, meeting: Meeting) -> str:
    return reverse(name, args=[links.key(Purpose.MANAGE_BOOKING, meeting.id)])


def typed(meeting: Meeting, **changes: str) -> dict[str, str]:
    return {
        "day": "2030-01-10",
        "time": "10:00",
        "duration": "60",
        "room": meeting.room_id,
        "people": str(meeting.attendees),
        "name": meeting.name,
    } | changes


def agreed(form: dict[str, str]) -> dict[str, str]:
    """Click the button of the preview of just this."""
    return form | {"confirm": change_forms.digest(form)}


def click(client: Client, address: str, preview) -> Any:
    """Click the button of a preview, as a browser does."""
    sent = dict(preview.context["form"].data.items())
    page = preview.content.decode()
    for name in ("price", "confirm"):
        [sent[name]] = re.findall(rf'name="{name}" value="([^"]*)"', page)
    return client.post(address, sent)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_manage_page_leads_to_the_form_filled_with_what_is(client: Client, meeting) -> None:
    assert "/change/" in text(client.get(page("manage-booking", meeting)))

    form = client.get(page("change-booking", meeting)).context["form"]

    assert form.initial == {
        "day": dt.date(2030, 1, 10),
        "time": dt.time(10, 0),
        "duration": 60,
        "room": meeting.room_id,
        "people": meeting.attendees,
        "name": meeting.name,
        "is_private": False,
        "scope": "this",
    }
    assert "scope" not in form.fields


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"duration": "90"}, "It costs €10 more, excluding VAT."),
        ({"time": "11:00"}, "The price stays the same."),
    ],
)
def test_what_it_costs_stands_there_before_the_click(
    client: Client, meeting, changes, sentence
) -> None:
    shown = client.post(page("change-booking", meeting), typed(meeting, **changes))

    assert shown.status_code == 200
    assert sentence in text(shown)
    assert "The change itself costs nothing." in text(shown)
    assert 'name="confirm"' in text(shown)
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.duration_minutes, meeting.sequence) == (THURSDAY_TEN, 60, 0)
    assert not OutgoingEmail.objects.exists()


def test_the_second_click_changes(client: Client, meeting, room) -> None:
    other = RoomFactory(site=room.site, name="Green", price_per_hour=Decimal(15))
    form = typed(meeting, day="2030-01-11", time="14:00", room=other.id)

    shown = client.post(page("change-booking", meeting), form)
    done = client.post(page("change-booking", meeting), agreed(form))

    assert "It costs €5 less, excluding VAT." in text(shown)
    assert done.status_code == 302
    assert "Your booking is changed." in text(client.get(done["Location"]))
    meeting.refresh_from_db()
    assert (meeting.room, meeting.price, meeting.sequence) == (other, Decimal(15), 1)
    assert meeting.starts_at == dt.datetime(2030, 1, 11, 13, 0, tzinfo=dt.UTC)
    assert OutgoingEmail.objects.get().template == "booking_changed"


def test_what_is_typed_after_the_preview_is_shown_before_it_is_done(
    client: Client, meeting
) -> None:
    address, form = page("change-booking", meeting), typed(meeting, time="11:00")
    preview = client.post(address, form)
    preview.context["form"].data = form | {"duration": "120"}

    shown = click(client, address, preview)

    assert (shown.status_code, "It costs €20 more, excluding VAT." in text(shown)) == (200, True)
    meeting.refresh_from_db()
    assert meeting.sequence == 0
    preview.context["form"].data = form
    assert click(client, address, preview).status_code == 302


@pytest.mark.parametrize(
    ("changes", "price"), [({"duration": "120"}, 60), ({"people": "4", "duration": "90"}, 45)]
)
def test_a_price_that_rose_meanwhile_is_shown_before_it_is_charged(
    client: Client, meeting, room, changes, price
) -> None:
    address = page("change-booking", meeting)
    preview = client.post(address, typed(meeting, **changes))
    room.price_per_hour = Decimal(30)
    room.save()

    shown = click(client, address, preview)

    meeting.refresh_from_db()
    assert (meeting.price, meeting.sequence) == (Decimal(20), 0)
    assert f"It costs €{price - 20} more, excluding VAT." in text(shown)
    assert "The price has changed since you looked." in text(shown)
    assert not OutgoingEmail.objects.exists()
    assert click(client, address, shown).status_code == 302
    meeting.refresh_from_db()
    assert meeting.price == Decimal(price)


def test_what_costs_the_same_by_other_rates_too_is_done(client: Client, meeting, room) -> None:
    address = page("change-booking", meeting)
    preview = client.post(address, typed(meeting, time="11:00"))
    room.price_per_hour = Decimal(30)
    room.save()

    assert click(client, address, preview).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.price, meeting.sequence) == (Decimal(20), 1)


@pytest.mark.parametrize("price", ["NaN", "sNaN", "1e999999", "x", "-1", "1,5"])
def test_a_price_that_nobody_showed_is_not_agreed_to(client: Client, meeting, price) -> None:
    form = agreed(typed(meeting, duration="90") | {"price": price})

    assert client.post(page("change-booking", meeting), form).status_code in (200, 422)
    meeting.refresh_from_db()
    assert meeting.sequence == 0


def test_people_subject_and_privacy_change_too(client: Client, meeting, room) -> None:
    room.max_person = 6
    room.save()
    form = typed(meeting, people="6", name="Board", is_private="on")

    shown = client.post(page("change-booking", meeting), form)
    client.post(page("change-booking", meeting), agreed(form))

    assert "10:00–11:00, Blue, 6 people" in text(shown)
    assert "Subject: Board" in text(shown)
    assert "hidden in the room's public calendar" in text(shown)
    meeting.refresh_from_db()
    assert (meeting.attendees, meeting.name, meeting.is_private) == (6, "Board", True)
    assert (meeting.starts_at, meeting.sequence) == (THURSDAY_TEN, 1)
    mail = OutgoingEmail.objects.get()
    assert (mail.template, mail.context["name"], mail.context["attendees"]) == (
        "booking_changed",
        "Board",
        6,
    )


def test_a_subject_can_be_taken_away_again(client: Client, meeting) -> None:
    client.post(page("change-booking", meeting), agreed(typed(meeting, name="")))

    meeting.refresh_from_db()
    assert meeting.name == ""


@pytest.mark.parametrize(
    ("people", "sentence"),
    [("7", "This room holds at most 6 persons."), ("0", "greater than or equal to 1")],
)
def test_more_people_than_the_room_holds_are_refused(
    client: Client, meeting, room, people, sentence
) -> None:
    room.max_person = 6
    room.save()

    shown = client.post(page("change-booking", meeting), agreed(typed(meeting, people=people)))

    assert (shown.status_code, sentence in text(shown)) == (422, True)
    meeting.refresh_from_db()
    assert meeting.sequence == 0


def test_supplement_for_more_people_is_told_before_the_click(client: Client, meeting, room) -> None:
    room.min_person, room.supplement_per_person = meeting.attendees, Decimal(5)
    room.save()

    shown = client.post(
        page("change-booking", meeting), typed(meeting, people=str(meeting.attendees + 2))
    )

    assert "It costs €10 more, excluding VAT." in text(shown)


def test_the_subject_can_be_changed_until_the_start(client: Client, meeting, clock) -> None:
    clock.move_to(THURSDAY_TEN - dt.timedelta(hours=3))
    address = page("change-booking", meeting)

    renamed = client.post(address, agreed(typed(meeting, name="Board")))
    grown = client.post(address, agreed(typed(meeting, name="Board", people="5")))

    assert (renamed.status_code, grown.status_code) == (302, 409)
    meeting.refresh_from_db()
    assert (meeting.name, meeting.attendees) == ("Board", 1)


def test_nothing_different_offers_no_click(client: Client, meeting) -> None:
    shown = client.post(page("change-booking", meeting), typed(meeting))

    assert "Nothing would be different." in text(shown)
    assert 'name="confirm"' not in text(shown)


def tab(client: Client, meeting) -> dict[str, str]:
    """Open the page, and return what it sends when nothing is typed."""
    shown = client.get(page("change-booking", meeting)).content.decode()
    found = dict(re.findall(r'name="(initial-\w+)" value="([^"]*)"', shown))
    assert len(found) >= 6
    return found | typed(meeting)


def test_what_another_tab_changed_meanwhile_stays(client: Client, meeting, room) -> None:
    room.max_person = 6
    room.save()
    address = page("change-booking", meeting)
    mover, grower = tab(client, meeting), tab(client, meeting)

    client.post(address, agreed(mover | {"day": "2030-01-11", "name": "Board"}))
    shown = client.post(address, grower | {"people": "4", "time": "11:00"})
    client.post(address, agreed(grower | {"people": "4", "time": "11:00"}))

    assert "Friday 11 January 2030, 11:00–12:00, Blue, 4 people" in text(shown)
    assert f'name="initial-day" value="{grower["initial-day"]}"' in shown.content.decode()
    meeting.refresh_from_db()
    assert meeting.starts_at == dt.datetime(2030, 1, 11, 10, 0, tzinfo=dt.UTC)
    assert (meeting.attendees, meeting.name, meeting.sequence) == (4, "Board", 2)
    assert OutgoingEmail.objects.count() == 2


def test_two_tabs_with_different_times_have_one_effect_each(client: Client, meeting) -> None:
    address = page("change-booking", meeting)
    one, other = tab(client, meeting), tab(client, meeting)

    client.post(address, agreed(one | {"time": "11:00"}))
    client.post(address, agreed(other | {"time": "12:00"}))
    again = client.post(address, agreed(other | {"time": "12:00"}))

    assert again.status_code == 302
    meeting.refresh_from_db()
    assert (f"{meeting.starts_at:%H:%M}", meeting.sequence) == ("11:00", 2)
    assert OutgoingEmail.objects.count() == 2


def test_a_taken_time_is_told_with_what_is_free(client: Client, meeting, room) -> None:
    MeetingFactory(room=room, starts_at=THURSDAY_TEN + dt.timedelta(hours=2))

    shown = client.post(page("change-booking", meeting), typed(meeting, time="12:00"))

    assert shown.status_code == 409
    assert "Somebody else has just booked this time." in text(shown)
    assert "Free instead" in text(shown)


def test_a_broken_rule_stands_at_the_form(client: Client, meeting) -> None:
    shown = client.post(page("change-booking", meeting), typed(meeting, time="17:30"))

    assert shown.status_code == 422
    assert "The room is closed at the requested time (open 09:00-18:00)." in text(shown)


@pytest.mark.parametrize("field", [{"day": ""}, {"day": "9999-01-01"}, {"room": "x"}])
def test_what_cannot_be_read_is_refused(client: Client, meeting, field) -> None:
    assert client.post(page("change-booking", meeting), typed(meeting, **field)).status_code == 422


def test_after_the_free_window_only_shortening_remains(client: Client, meeting, clock) -> None:
    meeting.ends_at += dt.timedelta(hours=1)
    meeting.save()
    clock.move_to(THURSDAY_TEN - dt.timedelta(hours=3))
    address = page("change-booking", meeting)

    assert "It is too late to change this booking free of charge." in text(client.get(address))
    refused = client.post(address, typed(meeting, time="14:00", duration="120"))
    shorter = client.post(address, typed(meeting, duration="60"))

    assert refused.status_code == 409
    assert "You can still make it shorter." in text(refused)
    assert "The price stays the same." in text(shorter)


def test_a_meeting_that_has_begun_has_no_form(client: Client, meeting, clock) -> None:
    clock.move_to(THURSDAY_TEN)

    assert "This booking can no longer be changed." in text(
        client.get(page("change-booking", meeting))
    )
    assert client.post(page("change-booking", meeting), typed(meeting)).status_code == 409


def test_a_key_of_another_purpose_opens_nothing(client: Client, meeting) -> None:
    key = links.key(Purpose.CONFIRM_BOOKING, meeting.id)

    assert client.get(reverse("change-booking", args=[key])).status_code == 404
    assert client.post(reverse("retry-booking", args=[key])).status_code == 404


def test_the_form_in_french(client: Client, meeting) -> None:
    with translation.override("fr"):
        address = page("change-booking", meeting)

    assert address.startswith("/fr/")
    assert client.get(address).status_code == 200


# --- series ---------------------------------------------------------------------------------


@pytest.fixture
def series(room):
    person = UserFactory()
    series = MeetingSeriesFactory(
        room=room,
        starts_on=dt.date(2030, 1, 10),
        wall_time=dt.time(10),
        skipped=[{"date": "2030-01-31", "code": "SLOT_TAKEN", "message": "Taken"}],
    )
    return [
        MeetingFactory(
            room=room,
            series=series,
            organizer=person,
            starts_at=THURSDAY_TEN + number * WEEK,
            price=Decimal(20),
        )
        for number in range(3)
    ]


def starts() -> list[str]:
    live = Meeting.objects.filter(status="confirmed").order_by("starts_at")
    return [f"{one.starts_at:%d %H:%M}" for one in live]


def test_the_series_is_listed_with_a_link_for_each_date(client: Client, series) -> None:
    shown = client.get(page("manage-booking", series[1]))

    assert [row["is_this"] for row in shown.context["series"]] == [False, True, False]
    for row in shown.context["series"]:
        assert client.get(reverse("manage-booking", args=[row["key"]])).status_code == 200
    assert "Thursday 31 January 2030" in text(shown)


def test_dates_of_others_are_not_listed(client: Client, series) -> None:
    Meeting.objects.filter(id=series[2].id).update(contact_email="other@acme.com")

    assert len(client.get(page("manage-booking", series[0])).context["series"]) == 2


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("this", ["10 09:00", "17 13:00", "24 09:00"]),
        ("following", ["10 09:00", "17 13:00", "24 13:00"]),
        ("all", ["10 13:00", "17 13:00", "24 13:00"]),
    ],
)
def test_scopes_of_a_change(client: Client, series, scope, expected) -> None:
    form = typed(series[1], day="2030-01-17", time="14:00", scope=scope)

    shown = client.post(page("change-booking", series[1]), form)
    client.post(page("change-booking", series[1]), agreed(form))

    assert len(shown.context["preview"]["rows"]) == sum("13:00" in one for one in expected)
    assert starts() == expected


def test_what_nobody_changed_stays_on_each_date(client: Client, series) -> None:
    Meeting.objects.filter(id=series[1].id).update(attendees=3, name="Guests")

    client.post(
        page("change-booking", series[0]),
        agreed(typed(series[0], name="Board", scope="all")),
    )
    client.post(
        page("change-booking", series[0]),
        agreed(typed(series[0], name="Board", time="14:00", scope="all")),
    )

    rows = Meeting.objects.order_by("starts_at").values_list("attendees", "name")
    assert list(rows) == [
        (series[0].attendees, "Board"),
        (3, "Board"),
        (series[2].attendees, "Board"),
    ]
    assert starts() == ["10 13:00", "17 13:00", "24 13:00"]


def test_dates_that_cannot_follow_are_named_before_the_click(client: Client, series, room) -> None:
    MeetingFactory(room=room, starts_at=THURSDAY_TEN + WEEK + dt.timedelta(hours=4))

    shown = client.post(
        page("change-booking", series[0]), typed(series[0], time="14:00", scope="all")
    )

    assert "These dates stay as they are:" in text(shown)
    assert "Thursday 17 January 2030: Booked" in text(shown)


@pytest.mark.parametrize(
    ("scope", "left"),
    [("this", ["10 09:00", "24 09:00"]), ("following", ["10 09:00"]), ("all", [])],
)
def test_scopes_of_a_cancellation(client: Client, series, scope, left) -> None:
    client.post(page("cancel-booking", series[1]), {"scope": scope, "reason": ""})

    assert starts() == left


def test_each_scope_tells_its_fee(client: Client, series, clock) -> None:
    clock.move_to(THURSDAY_TEN - dt.timedelta(hours=3))

    choices = client.get(page("manage-booking", series[0])).context["form"].fields["scope"].choices

    assert [label for _, label in choices] == [
        "This date: €10",
        "All dates to come (3 dates): €10",
    ]


def test_skipped_dates_are_tried_again(client: Client, series) -> None:
    first = client.post(page("retry-booking", series[0]))
    again = client.post(page("retry-booking", series[0]))

    assert "1 date is booked now." in text(first)
    assert "None of these dates is free yet." in text(again)
    assert starts() == ["10 09:00", "17 09:00", "24 09:00", "31 09:00"]


def test_a_single_booking_has_nothing_to_retry(client: Client, meeting) -> None:
    assert client.post(page("retry-booking", meeting)).status_code == 404
