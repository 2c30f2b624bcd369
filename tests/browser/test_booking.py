"""The whole way from the home page to the held room: with and without JavaScript, by keyboard alone."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from booking.domain import week_calendar
from booking.models import Meeting
from config import clock
from sites_app.models import Room
from tests.browser.test_developer_settings import cookie_of
from tests.factories.organizations import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}}


def a_monday() -> dt.date:
    """Return the Monday of the week after the next."""
    return week_calendar.monday_of(clock.now().date()) + dt.timedelta(days=14)


def fill_in(page: Page) -> None:
    page.get_by_label("Subject").first.fill("Kick-off")
    page.get_by_label("Your name").fill("Ada Byron")
    page.get_by_label("E-mail").fill("ada@visitor.example")
    page.get_by_label("I accept the terms").check()


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
def test_visitor_books_a_room(opened, room: Room, screen: dict, scripted: bool) -> None:
    page = opened("/", java_script_enabled=scripted, **screen)

    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=re.compile("book Salon Garnier")).click()
    fill_in(page)
    page.get_by_role("button", name="Request this booking").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("One step left: check your e-mail")
    assert Meeting.objects.filter(contact_email="ada@visitor.example").count() == 1


def test_price_follows_the_form_and_no_address_holds_what_was_typed(opened, room: Room) -> None:
    page = opened("/find/", **DESK)
    page.get_by_role("link", name=re.compile("book Salon Garnier")).click()
    fill_in(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.get_by_label("How long").select_option("120")

    expect(page.locator("#price")).to_contain_text("€48")
    expect(page.get_by_label("Your name")).to_have_value("Ada Byron")
    assert [url for url in asked if "Ada" in url or "visitor" in url] == []


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_the_price_of_a_series_follows_its_dates(
    opened, live_server, room: Room, axe_in_light_and_dark, screen: dict
) -> None:
    page = opened("/terms/", **screen)
    page.context.add_cookies([cookie_of(UserFactory(), live_server.url)])
    page.goto(f"{live_server.url}/find/")
    page.get_by_role("link", name=re.compile("book Salon Garnier")).click()

    page.get_by_label("Repeat").select_option("WEEKLY")
    page.get_by_label("Number of dates").fill("3")
    page.get_by_label("Number of dates").press("Tab")

    expect(page.locator("#price")).to_contain_text("All 3 dates together")
    expect(page.locator("#price")).to_contain_text("€72")
    assert axe_in_light_and_dark(page) == []


def test_price_is_updated_by_a_button_without_javascript(opened, room: Room) -> None:
    page = opened("/find/", java_script_enabled=False, **DESK)
    page.get_by_role("link", name=re.compile("book Salon Garnier")).click()

    page.get_by_label("How long").select_option("120")
    page.get_by_role("button", name="Update the price").click()

    expect(page.locator("#price")).to_contain_text("€48")


def test_visitor_books_by_keyboard_alone(opened, room: Room) -> None:
    page = opened(f"/rooms/{room.id}/?week={a_monday():%Y-%m-%d}", **DESK)

    _tab_to(page, "a.slot")
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/**")
    for field, text in (
        ("[name=contact_name]", "Ada Byron"),
        ("[name=contact_email]", "ada@visitor.example"),
    ):
        _tab_to(page, field)
        page.keyboard.type(text)
    _tab_to(page, "[name=terms]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    page.wait_for_url("**/book/received/**")
    assert Meeting.objects.filter(contact_email="ada@visitor.example").count() == 1


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} is not reached by the Tab key")


def test_next_week_comes_without_leaving_the_page(opened, room: Room) -> None:
    page = opened(f"/rooms/{room.id}/?week={a_monday():%Y-%m-%d}", **DESK)

    page.get_by_role("link", name="Next week").click()

    following = a_monday() + dt.timedelta(days=7)
    expect(page.locator("#week [name=week]")).to_have_value(f"{following:%Y-%m-%d}")
    assert f"week={following:%Y-%m-%d}" in page.url
