"""The reference's forms and the demo application in a real browser."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from booking.models import Meeting
from sites_app.models import Room
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.sites_app import SiteFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}}
SCRIPTS_BUDGET = 20 * 1024


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
def test_an_endpoint_is_tried(opened, room: Room, scripted: bool) -> None:
    page = opened("/developers/reference/countries/", java_script_enabled=scripted, **DESK)

    page.get_by_role("button", name="Send").click()

    expect(page.locator("[data-try-status]")).to_have_text("200 OK")
    expect(page.locator("[data-try-body]")).to_contain_text('"France"')


def test_a_booking_is_tried_as_a_dry_run_and_the_token_goes_to_the_api_alone(
    opened, room: Room
) -> None:
    token = ApiTokenFactory().plain
    page = opened("/developers/reference/meeting-request/", **DESK)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))

    page.get_by_label("Token").fill(token)
    page.get_by_role("button", name="Send").click()

    expect(page.locator("[data-try-body]")).to_contain_text('"dryRun": true')
    called = [each.split("/", 3)[3] for each in sent if "/static/" not in each]
    assert called == ["api/meeting-request"]
    assert [each for each in sent if token in each] == []
    assert Meeting.objects.filter(room=room, contact_email="jean.dupont@acme.com").count() == 0


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_the_demo_application_leads_from_a_site_to_a_request(
    opened, axe, room: Room, screen: dict
) -> None:
    page = opened("/demo/", **screen)
    page.get_by_role("textbox", name="Token").fill(ApiTokenFactory().plain)
    page.get_by_role("button", name="Use this token").click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Show the rooms").click()
    page.get_by_role("button", name="Show the calendar").click()
    expect(page.locator("[data-demo-days] h3")).to_have_count(7)
    for _ in range(2):
        shown = page.locator("[data-demo-days] h3").first.inner_text()
        page.get_by_role("button", name="Next week").click()
        expect(page.locator("[data-demo-days] h3").first).not_to_have_text(shown)
    page.get_by_role("button", name=re.compile("Book Mon")).first.click()
    page.locator("[data-demo-request]").get_by_label("E-mail").fill("ada@visitor.example")
    page.get_by_role("button", name="Send the request").click()

    outcome = page.locator("[data-demo-request-outcome]")
    expect(outcome).to_contain_text("REQUEST_ACCEPTED")
    expect(outcome).to_contain_text("Dry run: nothing was stored or sent.")
    assert Meeting.objects.filter(contact_email="ada@visitor.example").count() == 0
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    _continue_and_book(page)
    assert Meeting.objects.filter(contact_email="ada@visitor.example").count() == 1


def _continue_and_book(page: Page) -> None:
    """Go on to the registration, come back, and send the request for real."""
    page.get_by_role("button", name="Continue with the registration").click()
    form = page.locator("[data-demo-company]")
    expect(form.get_by_label("E-mail")).to_have_value("ada@visitor.example")
    page.locator("[data-demo-request]").get_by_label("Dry run").uncheck()
    page.get_by_role("button", name="Send the request").click()
    outcome = page.locator("[data-demo-request-outcome]")
    expect(outcome).not_to_contain_text("Dry run")
    expect(outcome).to_contain_text("REQUEST_ACCEPTED")


@pytest.mark.parametrize(
    ("path", "shown"), [("/demo/", ["France", "Germany"]), ("/fr/demo/", ["Allemagne", "France"])]
)
def test_the_demo_application_names_countries_in_the_pages_language(
    opened, room: Room, path: str, shown: list[str]
) -> None:
    SiteFactory(country="DE", name="Spree")
    page = opened(path, **DESK)
    options = page.locator("#place-country option")

    expect(options).to_have_count(3)
    assert options.all_inner_texts()[1:] == shown
    page.locator("#place-country").select_option("Germany")
    expect(page.locator("[data-demo-sites]")).to_contain_text(
        f"{'Allemagne' if 'fr' in path else 'Germany'} ·"
    )
    expect(page.locator("[data-demo-sites] li")).to_have_count(1)
    page.locator("#place-country").select_option("France")
    if "fr" not in path:
        expect(page.locator("[data-demo-sites] li")).to_contain_text("1 meeting room · 1 office")


def test_the_demo_application_says_so_without_javascript(opened, room: Room) -> None:
    page = opened("/demo/", java_script_enabled=False, **DESK)

    noscript = page.content().partition("<noscript>")[2].partition("</noscript>")[0]
    assert "This application needs JavaScript" in noscript
    expect(page.locator("[data-demo]")).to_be_hidden()


@pytest.mark.parametrize("path", ["/demo/", "/developers/reference/meeting-request/"])
def test_scripts_keep_to_their_budget(opened, room: Room, path: str) -> None:
    page = opened(path, **DESK)
    names = page.evaluate(
        "performance.getEntriesByType('resource').map((each) => each.name)"
        ".filter((name) => name.includes('/static/js/'))"
    )
    folder = Path(settings.BASE_DIR) / "static" / "js"
    files = {re.sub(r"\.[0-9a-f]{12}(?=\.js)", "", name.rsplit("/", 1)[1]) for name in names}

    assert sum(len(gzip.compress((folder / name).read_bytes())) for name in files) < SCRIPTS_BUDGET
