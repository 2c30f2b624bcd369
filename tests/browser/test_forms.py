"""Forms in a hurry: two clicks without JavaScript, a field that is checked as it is left, tabs on a phone."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from apitokens.models import ApiToken
from booking.models import Meeting, MeetingStatus, Registration
from config import links
from config.links import Purpose
from organizations.models import OutgoingEmail, User
from sites_app.models import Room
from tests.browser.test_booking import DESK, PHONE, fill_in
from tests.factories.organizations import UserFactory
from tests.factories.staff import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def click_twice(page: Page, name: str) -> None:
    """Press a button twice in a row, as people do when nothing seems to happen; wait for the answer."""
    page.get_by_role("button", name=name).dblclick(no_wait_after=True)
    page.wait_for_load_state("networkidle")


def log_in(page: Page, person: User) -> None:
    client = Client()
    client.force_login(person, backend=BACKEND)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": page.url}])


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
def test_two_clicks_book_once(opened, room: Room, scripted: bool) -> None:
    page = opened("/find/", java_script_enabled=scripted, **DESK)
    page.get_by_role("link", name=re.compile("book Salon Garnier")).click()
    fill_in(page)

    click_twice(page, "Request this booking")

    expect(page.get_by_role("heading", level=1)).to_have_text("One step left: check your e-mail")
    assert Meeting.objects.filter(contact_email="ada@visitor.example").count() == 1
    assert OutgoingEmail.objects.filter(to_address="ada@visitor.example").count() == 1


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
def test_two_clicks_cancel_once(opened, live_server, room: Room, scripted: bool) -> None:
    meeting = room.meetings.get()
    key = links.key(Purpose.MANAGE_BOOKING, meeting.id)
    page = opened(f"/booking/k/{key}/", java_script_enabled=scripted, **DESK)

    click_twice(page, "Cancel free of charge")

    expect(page.locator("main")).to_contain_text("Your booking is cancelled")
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.CANCELLED
    assert OutgoingEmail.objects.filter(template="booking_cancelled").count() == 1


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
def test_two_clicks_register_once(opened, room: Room, scripted: bool) -> None:
    page = opened("/register/", java_script_enabled=scripted, **DESK)
    for name, text in (("name", "Acme"), ("first_name", "Ada"), ("phone", "06 12 34 56 78")):
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=email]").fill("ada@visitor.example")
    page.locator("[name=country]").select_option("FR")
    page.locator("[name=terms]").check()

    click_twice(page, "Register")

    page.wait_for_url("**/register/received/**")
    assert Registration.objects.count() == 1
    assert OutgoingEmail.objects.filter(to_address="ada@visitor.example").count() == 1


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
def test_two_clicks_make_one_token(opened, live_server, room: Room, scripted: bool) -> None:
    page = opened("/", java_script_enabled=scripted, **DESK)
    log_in(page, UserFactory(developer=True))
    page.goto(f"{live_server.url}/account/api/tokens/new/")
    page.locator("[name=name]").fill("Website")

    click_twice(page, "Make the token")

    expect(page.locator("body")).to_contain_text(re.compile("ww_dev_|counted once"))
    assert ApiToken.objects.count() == 1


def test_field_is_checked_when_it_is_left(opened, axe, room: Room) -> None:
    page = opened("/register/", **PHONE)
    phone = page.locator("[name=phone]")
    error = page.locator("#id_phone_error")

    phone.focus()
    page.keyboard.press("Tab")
    expect(error).to_be_empty()
    phone.fill("call me")
    page.keyboard.press("Tab")
    expect(error).to_have_text("Enter a phone number at which we can call you.")
    expect(phone).to_have_attribute("aria-invalid", "true")
    assert axe(page) == []

    phone.fill("+33 6 12 34 56 78")
    page.keyboard.press("Tab")
    expect(error).to_be_empty()
    expect(phone).not_to_have_attribute("aria-invalid", "true")
    assert Registration.objects.count() == 0


def test_open_tab_is_in_view_on_a_phone(opened, live_server, room: Room) -> None:
    page = opened("/", **PHONE)
    log_in(page, UserFactory(developer=True))

    for path in ("/accounts/sessions/", "/account/api/calls/"):
        page.goto(live_server.url + path)
        for tab in page.locator(".tabs [aria-current]").all():
            box = tab.bounding_box()
            assert box is not None
            assert 0 <= box["x"] <= box["x"] + box["width"] <= 390
