"""Dialogs of the back office by keyboard alone: a meeting is booked, moved, and cancelled with its reason."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from booking.models import Meeting
from tests.factories.booking import MeetingFactory
from tests.factories.staff import logged_in

FOCUS_IS_INSIDE = "document.querySelector('[role=dialog]').contains(document.activeElement)"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(opened) -> Page:
    staff = logged_in()
    page = opened("/terms/", viewport={"width": 1280, "height": 900})
    portal = page.url.removesuffix("/terms/")
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": staff.cookies[name].value, "url": portal}])
    return page


def show(page: Page, meeting: Meeting) -> None:
    portal = re.match(r"https?://[^/]+", page.url)[0]  # type: ignore[index]  # it is there
    page.goto(f"{portal}/admin/booking/meeting/{meeting.pk}/change/")


def open_dialog(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name=name)).to_be_visible()
    page.wait_for_function(FOCUS_IS_INSIDE)


def test_a_dialog_keeps_the_focus_and_gives_it_back(page: Page) -> None:
    show(page, MeetingFactory())

    open_dialog(page, "Cancel the meeting")

    expect(page.get_by_label("Reason")).to_be_focused()
    for key in (*["Tab"] * 5, *["Shift+Tab"] * 7):
        page.keyboard.press(key)
        assert page.evaluate(FOCUS_IS_INSIDE)

    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("link", name="Cancel the meeting").first).to_be_focused()


def test_a_meeting_is_cancelled_with_its_reason_by_keyboard(page: Page) -> None:
    meeting = MeetingFactory()
    show(page, meeting)

    open_dialog(page, "Cancel the meeting")
    page.keyboard.press("Enter")  # without a reason nothing happens
    expect(page.get_by_role("dialog").get_by_text("This field is required.")).to_be_visible()
    expect(page.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("Water in the room")
    page.keyboard.press("Enter")

    expect(page.get_by_text("The meeting is cancelled.")).to_be_visible()
    meeting.refresh_from_db()
    assert (meeting.status, meeting.cancel_reason) == ("cancelled", "Water in the room")


def test_a_meeting_is_moved_by_keyboard(page: Page) -> None:
    meeting = MeetingFactory()
    show(page, meeting)

    open_dialog(page, "Move the meeting")
    page.get_by_label("Duration, minutes").focus()
    page.keyboard.type("90")
    page.keyboard.press("Enter")

    expect(page.get_by_text("The meeting is moved.")).to_be_visible()
    moved = Meeting.objects.get(pk=meeting.pk)
    assert (moved.ends_at - moved.starts_at).total_seconds() == 90 * 60


def test_times_are_offered_with_24_hours(page: Page) -> None:
    portal = re.match(r"https?://[^/]+", page.url)[0]  # type: ignore[index]  # it is there
    page.goto(f"{portal}/admin/sites_app/closure/add/")

    page.locator("[id^=clocklink]").first.click()

    hours = page.locator(".clockbox li a").all_inner_texts()
    assert hours[2:9] == ["08:00", "09:00", "10:00", "12:00", "14:00", "16:00", "18:00"]


def test_no_field_warns_of_the_browser_s_clock(opened) -> None:
    staff = logged_in()
    page = opened("/terms/", timezone_id="America/New_York")
    portal = page.url.removesuffix("/terms/")
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": staff.cookies[name].value, "url": portal}])

    page.goto(f"{portal}/admin/sites_app/closure/add/")

    expect(page.locator(".timezonewarning").first).to_be_attached()
    assert not page.locator(".timezonewarning").filter(visible=True).count()
