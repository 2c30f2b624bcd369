"""The account's own pages read well in a real browser, and a series is booked with one."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from booking.models import Meeting
from booking.pages.week_table import booking_url
from organizations.models import Role
from sites_app.models import Room
from tests.browser.test_developer_settings import cookie_of
from tests.factories.contracts import ContractOptionFactory, RateFactory, StatementFactory
from tests.factories.organizations import AccessCardFactory, UserFactory
from tests.factories.sites_app import RoomLeaseFactory, SiteMembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ("profile", "company", "company/change", "data")


@pytest.mark.parametrize(("width", "before"), [(390, ""), (1280, "/fr")])
def test_a_persons_and_a_companys_pages_read_well(
    opened, live_server, axe_in_light_and_dark, room: Room, width: int, before: str
) -> None:
    boss = UserFactory(role=Role.PRINCIPAL_ADMIN, organization__name="Acme")
    SiteMembershipFactory(organization=boss.organization, site=room.site)
    office = room.site.rooms.get(name="Bureau Monet")
    RoomLeaseFactory(organization=boss.organization, room=office, price=850)
    rate = RateFactory(key="parking", name="Parking")
    ContractOptionFactory(organization=boss.organization, rate=rate)
    ada = UserFactory(organization=boss.organization, first_name="Ada", last_name="Byron")
    card = AccessCardFactory(holder=ada, status="active")
    AccessCardFactory(holder=ada, status="lost")
    page = opened("/terms/", viewport={"width": width, "height": 844})
    page.context.add_cookies([cookie_of(boss, live_server.url)])
    faults = []

    for name in (*PAGES, f"company/cards/{card.pk}/block"):
        page.goto(f"{live_server.url}{before}/account/{name}/")
        faults += [f"{name}: {fault}" for fault in axe_in_light_and_dark(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{name} is wider than the screen")

    assert faults == []


def test_a_member_books_every_week_by_keyboard(opened, live_server, axe, room: Room) -> None:
    member = UserFactory()
    start = room.meetings.get().starts_at.replace(day=15)
    page = opened("/terms/", viewport={"width": 390, "height": 844})
    page.context.add_cookies([cookie_of(member, live_server.url)])
    page.goto(live_server.url + booking_url(room, start, 60, 4))
    faults = axe(page)

    page.get_by_label("Repeat").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    page.get_by_label("I accept the terms").press("Space")
    page.get_by_label("I accept the terms").press("Enter")

    expect(page.get_by_role("heading", name="All dates of this series")).to_be_visible()
    assert faults == []
    assert Meeting.objects.filter(organizer=member).count() == 3


def test_a_statement_is_printed_without_what_is_for_the_screen(opened, live_server) -> None:
    boss = UserFactory(role=Role.PRINCIPAL_ADMIN)
    moment = dt.datetime(2030, 1, 5, tzinfo=dt.UTC)
    statement = StatementFactory(
        organization=boss.organization, status="final", finalized_at=moment
    )
    page = opened("/terms/")
    page.context.add_cookies([cookie_of(boss, live_server.url)])
    page.goto(f"{live_server.url}/account/statements/{statement.pk}/")

    page.emulate_media(media="print")

    expect(page.get_by_text("A12")).to_be_visible()
    expect(page.locator(".tabs, .button, .site-header, .site-footer")).to_have_count(4)
    for part in page.locator(".tabs, .button, .site-header, .site-footer").all():
        expect(part).to_be_hidden()
