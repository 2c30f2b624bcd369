"""The planning board in a real browser: it reads well, and a room is booked from it by keyboard."""

import datetime as dt
import re

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from booking.models import Meeting
from config import clock
from tests.factories.booking import MeetingFactory
from tests.factories.staff import logged_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIBRARYS = "region:"
"""What the admin's own frame lacks."""
DAY = clock.now().date() + dt.timedelta(days=14 - clock.now().weekday())
"""A Monday to come."""


def show(opened, *, width: int = 1280, scheme: str = "light", view: str = "") -> Page:
    staff = logged_in()
    page = opened("/terms/", viewport={"width": width, "height": 900}, color_scheme=scheme)
    portal = page.url.removesuffix("/terms/")
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": staff.cookies[name].value, "url": portal}])
    page.goto(f"{portal}/admin/board/{view}?day={DAY}")
    return page


@pytest.mark.parametrize("view", ["", "week/"], ids=["day", "week"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_board_reads_well(opened, axe, room, width, scheme, view):
    start = dt.datetime.combine(DAY, dt.time(10), dt.UTC)
    MeetingFactory(room=room, starts_at=start, ends_at=start + dt.timedelta(hours=1))

    page = show(opened, width=width, scheme=scheme, view=view)

    expect(page.get_by_role("heading", name=re.compile(room.site.name))).to_be_visible()
    assert [fault for fault in axe(page) if not fault.startswith(LIBRARYS)] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_room_is_booked_from_the_board_by_keyboard(opened, room):
    page = show(opened)
    page.get_by_role("link", name=f"Book {room.display_name} at 10:00").focus()

    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/meeting/add/"))  # loaded: its scripts move the focus
    page.get_by_label("Contact e-mail").focus()
    page.keyboard.type("ada@acme.example")
    page.keyboard.press("Enter")

    expect(page.get_by_text(re.compile("added successfully"))).to_be_visible()
    made = Meeting.objects.get(contact_email="ada@acme.example")
    assert made.room == room
    assert f"{made.starts_at.date()}" == f"{DAY}"


def test_the_menu_under_one_s_name_opens_by_keyboard(opened, room):
    page = show(opened)
    menu = page.locator("#nav-sidebar [role=button]", has_text="@")
    menu.focus()

    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="Devices")).to_be_visible()
    expect(menu).to_have_attribute("aria-expanded", "true")
