"""From a held booking to a confirmed one: the mail is read, its link followed, a password is set."""

import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from booking.domain import holds
from booking.models import Meeting
from config import clock
from organizations.models import Organization, Role, User
from sites_app.models import Room
from tests.browser.test_booking import DESK, PHONE
from tests.browser.test_pages import SHOTS
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import OrganizationFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EMAIL = "ada.augusta.byron.king@correspondence.visitor.example"
PASSWORD = "a sentence is fine"


def link_in_mail(number: int) -> str:
    """Return the path of the link in the last of that many mails."""
    assert len(mail.outbox) == number, [message.subject for message in mail.outbox]
    found = re.search(r"https://portal\.example(/\S+/k/\S+)", mail.outbox[-1].body)
    assert found is not None
    return urlsplit(found[1]).path


def submit(page: Page) -> None:
    page.locator("main form button[type=submit]").first.click()


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/register-{name}.png", full_page=True)


def book(opened, prefix: str, **context: object) -> Page:
    page = opened(f"{prefix}/find/", **context)
    page.locator("a[href*='/book/']").first.click()
    page.locator("[name=contact_name]").fill("Ada Byron")
    page.locator("[name=contact_email]").fill(EMAIL)
    page.locator("[name=terms]").check()
    submit(page)
    page.wait_for_url("**/book/received/**")
    return page


def register(page: Page, server: str) -> None:
    page.goto(server + link_in_mail(1))
    page.locator("[name=name]").fill("Acme Corp")
    page.locator("[name=company_number]").fill("12345678901234")
    page.locator("[name=phone]").fill("06 12 34 56 78")
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    page.locator("[name=terms]").check()
    shoot(page, "form")
    submit(page)
    page.wait_for_url("**/register/verified/**")


@pytest.mark.parametrize(
    ("prefix", "scripted", "screen"),
    [("", True, DESK), ("", False, PHONE), ("/fr", True, PHONE), ("/fr", False, DESK)],
    ids=["en", "en-plain", "fr", "fr-plain"],
)
def test_visitor_books_registers_and_is_confirmed(
    opened, live_server, axe, room: Room, prefix: str, scripted: bool, screen: dict
) -> None:
    page = book(opened, prefix, java_script_enabled=scripted, **screen)
    page.goto(live_server.url + link_in_mail(1))
    if scripted:
        assert faults_of(page, axe) == []
    register(page, live_server.url)
    if scripted:
        assert faults_of(page, axe) == []
    shoot(page, f"verified{prefix.replace('/', '-')}")

    meeting = Meeting.objects.get(contact_email=EMAIL)
    assert (meeting.status, meeting.organization) == (
        "confirmed",
        Organization.objects.get(name="Acme Corp"),
    )
    assert mail.outbox[-1].to == [EMAIL]
    assert page.locator("html").get_attribute("lang") == (prefix.strip("/") or "en")
    if not prefix:
        expect(page.get_by_role("heading", level=1)).to_have_text("Your meeting is confirmed")
    page.locator("main a[href*='/booking/k/']").click()
    page.wait_for_url("**/booking/k/**")
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator("[name=login]").fill(EMAIL)
    page.locator("[name=password]").fill(PASSWORD)
    submit(page)
    page.wait_for_url("**/account/")


def test_slot_was_lost_meanwhile(opened, live_server, room: Room) -> None:
    page = book(opened, "", **DESK)
    meeting = Meeting.objects.get(contact_email=EMAIL)
    Meeting.objects.filter(pk=meeting.pk).update(hold_expires_at=clock.now())
    with_mail = len(mail.outbox)
    holds.release_stale(now=clock.now())
    MeetingFactory(room=meeting.room, starts_at=meeting.starts_at, ends_at=meeting.ends_at)
    del mail.outbox[with_mail:]

    register(page, live_server.url)
    shoot(page, "lost")

    expect(page.get_by_role("heading", level=1)).to_have_text("Your account is open")
    expect(page.locator("main")).to_contain_text("Somebody else has booked this time meanwhile")
    assert "These are free" in mail.outbox[-1].body
    meeting.refresh_from_db()
    assert meeting.status == "expired"


def test_office_leads_to_the_form_and_errors_are_kept(opened, axe, room: Room) -> None:
    office = room.site.rooms.get(name="Bureau Monet")
    page = opened(f"/rooms/{office.id}/", java_script_enabled=False, **DESK)
    page.get_by_role("link", name="I am interested in this office").click()
    page.locator("[name=name]").fill("Acme Corp")
    page.locator("[name=first_name]").fill("Ada")
    page.locator("[name=email]").fill(EMAIL)
    page.locator("[name=phone]").fill("call me")
    page.locator("[name=terms]").check()
    submit(page)

    expect(page.locator("main")).to_contain_text("Enter a phone number at which we can call you.")
    expect(page.locator("[name=name]")).to_have_value("Acme Corp")
    shoot(page, "errors")
    page.locator("[name=phone]").fill("06 12 34 56 78")
    submit(page)

    page.wait_for_url("**/register/received/**")
    assert User.objects.get(email=EMAIL).organization.name == "Acme Corp"


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_read_well(
    opened, live_server, axe_in_light_and_dark, room: Room, width: int
) -> None:
    organization = OrganizationFactory(company_number="73282932000074")
    UserFactory(
        organization=organization,
        role=Role.PRINCIPAL_ADMIN,
        email="leader@acme.example",
        password=PASSWORD,
    )
    page = opened(
        "/register/",
        viewport={"width": width, "height": 844},
        bypass_csp=False,
    )
    faults = {"form": faults_of(page, axe_in_light_and_dark)}
    page.locator("[name=name]").fill("Acme")
    page.locator("[name=company_number]").fill("732 829 320 00074")
    page.locator("[name=first_name]").fill("Ada")
    page.locator("[name=email]").fill(EMAIL)
    page.locator("[name=phone]").fill("06 12 34 56 78")
    page.locator("[name=terms]").check()
    submit(page)
    page.wait_for_url("**/register/received/**")
    faults["received"] = faults_of(page, axe_in_light_and_dark)
    asked = next(message for message in mail.outbox if message.to == ["leader@acme.example"])
    proof = next(message for message in mail.outbox if message.to == [EMAIL])
    for name, message in (("join", asked), ("password", proof)):
        path = re.search(r"https://portal\.example(/\S+/k/\S+)", message.body)[1]
        page.goto(live_server.url + path)
        faults[name] = faults_of(page, axe_in_light_and_dark)
    page.goto(f"{live_server.url}/register/resend/")
    faults["resend"] = faults_of(page, axe_in_light_and_dark)
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator("[name=login]").fill("leader@acme.example")
    page.locator("[name=password]").fill(PASSWORD)
    submit(page)
    page.wait_for_url("**/account/")
    page.get_by_role("link", name="Team").click()
    page.wait_for_url("**/account/team/")
    faults["team"] = faults_of(page, axe_in_light_and_dark)
    shoot(page, f"team-{width}")
    page.get_by_role("button", name=re.compile("Approve")).click()
    expect(page.locator("body")).to_contain_text("Approved.")

    assert faults == {name: [] for name in faults}


def faults_of(page: Page, axe) -> list[str]:
    name = urlsplit(page.url).path.split("/k/")[0].strip("/").replace("/", "-")
    shoot(page, f"{name}-{page.viewport_size['width']}")
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*axe(page), *(["overflows"] if wide else [])]
