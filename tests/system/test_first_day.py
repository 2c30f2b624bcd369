"""An operator's first day on the real processes: import, bookings by browser and API, feed, mail."""

import datetime as dt
import email
import email.policy
import json
import time
import urllib.request
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import icalendar
import ics
import pytest
from playwright.sync_api import sync_playwright

from config import clock
from tests import browser_program
from tests.config.test_embedded import PROJECT
from tests.system.test_run import Portal

pytestmark = [pytest.mark.system, pytest.mark.browser]

ROOM = "65b000000000000000000002"
CLAIRE, PASSWORD = "claire@acme.example", "correct horse battery"


def next_monday() -> dt.date:
    today = clock.now().date()
    return today + dt.timedelta(days=14 - today.weekday())


@pytest.fixture
def operator(used_portal: Portal) -> Portal:
    """A running portal that has just imported an operator written by hand."""
    used_portal.start()
    used_portal.manage("import_data", str(PROJECT / "tests" / "data" / "operator.json"))
    return used_portal


def address(portal: Portal, path: str) -> str:
    return f"http://localhost:{portal.port}{path}"


def got(portal: Portal, path: str) -> bytes:
    with urllib.request.urlopen(address(portal, path), timeout=20) as answer:
        return bytes(answer.read())


def booked_by_api(portal: Portal, *, starts_at: str) -> dict[str, Any]:
    token = portal.manage("create_api_token", "dev@acme.example", "--name", "First day")
    body = {
        "contactEmail": CLAIRE,
        "bookedRoom": ROOM,
        "bookedAt": starts_at,
        "duration": 60,
        "name": "Booked over the API",
    }
    request = urllib.request.Request(
        address(portal, "/api/meeting-request"),
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def booked_by_browser(portal: Portal, *, day: dt.date) -> None:
    """Log in as a member, open the room's week, choose the last slot of a day and book it."""
    path = browser_program.find()
    assert path is not None, "No browser: run `make browser`"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(locale="en-IE")
        page.goto(address(portal, "/accounts/login/"))
        page.locator("[name=login]").fill(CLAIRE)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/account/")
        page.goto(address(portal, f"/rooms/{ROOM}/?week={day:%Y-%m-%d}"))
        page.locator("a.slot:visible").last.click()
        page.get_by_label("Subject").first.fill("Booked in the browser")
        page.get_by_label("Hide the subject").uncheck()
        page.get_by_label("I accept the terms").check()
        page.locator("main form button[type=submit]:not([name=update])").last.click()
        page.wait_for_load_state("networkidle")
        assert "onfirmed" in page.locator("main").inner_text()
        browser.close()


def mails(portal: Portal, *, count: int) -> list[EmailMessage]:
    """Wait for that many mails and return them, oldest first."""
    folder = Path(portal.folder, "mail")
    end = time.monotonic() + 60
    while len(found := sorted(folder.glob("*.eml"))) < count:
        assert time.monotonic() < end, f"{len(found)} of {count} mails"
        time.sleep(0.2)
    return [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in found
    ]


def test_import_shows_and_bookings_reach_calendar_and_mailbox(operator: Portal) -> None:
    monday = next_monday()
    assert "Montgolfier" in got(operator, "/api/rooms").decode()
    assert b"Montgolfier" in got(operator, "/find/")

    answer = booked_by_api(operator, starts_at=f"{monday}T10:00:00")
    booked_by_browser(operator, day=monday)

    assert (answer["status"], answer["data"]["bookedTime"]) == ("ACCEPTED", "10:00-11:00")
    feed = got(operator, f"/api/icsfeed?rooms={ROOM}").decode()
    subjects = {"Booked over the API", "Booked in the browser"}
    assert subjects <= {event.name for event in ics.Calendar(feed).events}
    assert subjects <= {
        str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(feed).events
    }
    for mail in mails(operator, count=2):
        assert mail["To"] == CLAIRE
        [invitation] = [part for part in mail.walk() if part.get_filename()]
        calendar = icalendar.Calendar.from_ical(invitation.get_content())
        assert str(calendar["METHOD"]) == "REQUEST"
        assert str(calendar.events[0]["SUMMARY"]) in subjects
