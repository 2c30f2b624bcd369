"""The calendar's address is made, copied and ended in the account; its pages read well."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from booking.models import CalendarLink
from organizations.models import Role
from tests.browser.test_developer_settings import cookie_of, go
from tests.factories.organizations import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("PAGE_PICTURES", "")


@pytest.mark.parametrize(
    ("width", "scheme", "before"),
    [(390, "dark", "/fr"), (1280, "light", ""), (1280, "dark", "/fr")],
)
def test_an_address_is_made_and_ended(
    opened, live_server, axe, width: int, scheme: str, before: str
) -> None:
    boss = UserFactory(role=Role.PRINCIPAL_ADMIN, organization__name="Acme")
    page = opened(
        "/terms/",
        viewport={"width": width, "height": 844},
        color_scheme=scheme,
        bypass_csp=False,
    )
    page.context.add_cookies([cookie_of(boss, live_server.url)])
    faults = []

    def look(name: str) -> None:
        faults.extend(axe(page))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{name} is wider than the screen")
        if SHOTS:
            path = Path(SHOTS) / f"calendar-{name}-{scheme}-{width}.png"
            page.screenshot(path=path, full_page=True)

    go(page, live_server.url, f"{before}/account/calendar/")
    look("none")
    make = re.compile("Make the address|Créer l’adresse")
    page.get_by_role("button", name=make).first.click()
    expect(page.locator("#address")).to_contain_text(
        re.compile(r"/calendar/k/\S{43}/meetings\.ics$")
    )
    look("shown")
    page.goto(f"{live_server.url}{before}/account/calendar/")
    look("one")
    page.get_by_role("button", name=re.compile("End the address|Supprimer l’adresse")).click()
    expect(page.get_by_role("button", name=make)).to_have_count(2)

    assert faults == []
    assert not CalendarLink.objects.exists()
