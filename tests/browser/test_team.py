"""A company's people in a real browser: invited, joined, given a role, taken out; each page reads well."""

import datetime as dt
import os
import re
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from playwright.sync_api import expect

from config import clock
from organizations.models import Role, User
from tests.browser.test_developer_settings import cookie_of, go
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("PAGE_PICTURES", "")
PASSWORD = "a sentence that is long"
GRACE = "grace@acme.example"


@pytest.mark.parametrize(
    ("width", "scheme", "before", "script"),
    [(390, "dark", "", False), (1280, "light", "/fr", True)],
)
def test_a_colleague_comes_and_goes(
    opened, live_server, axe, width: int, scheme: str, before: str, script: bool
) -> None:
    boss = UserFactory(
        role=Role.PRINCIPAL_ADMIN, organization__name="Acme", first_name="Ada", last_name="Byron"
    )
    look = {
        "viewport": {"width": width, "height": 844},
        "color_scheme": scheme,
        "reduced_motion": "reduce",
    }
    page = opened("/terms/", java_script_enabled=script, **look)
    page.context.add_cookies([cookie_of(boss, live_server.url)])
    faults = []

    def check(name: str) -> None:
        if script:
            faults.extend(f"{name}: {fault}" for fault in axe(page))
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                faults.append(f"{name} is wider than the screen")
        if SHOTS:
            path = Path(SHOTS) / f"team-{name}-{scheme}-{width}.png"
            page.screenshot(path=path, full_page=True)

    go(page, live_server.url, f"{before}/account/team/")
    page.locator("[name=email]").fill(GRACE)
    page.get_by_role("button", name=re.compile("^(Invite|Inviter)$")).click()
    expect(page.locator("main")).to_contain_text(GRACE)
    check("invited")

    message = next(message for message in mail.outbox if message.to == [GRACE])
    path = re.search(r"https://portal\.example(/\S+/k/\S+)", message.body)[1]
    page.goto(live_server.url + path)
    check("invitation")
    for name, text in (("first_name", "Grace"), ("password1", PASSWORD), ("password2", PASSWORD)):
        page.locator(f"[name={name}]").fill(text)
    page.locator("main form button").click()
    page.wait_for_url("**/account/")
    grace = User.objects.get(email=GRACE)
    assert grace.organization == boss.organization
    assert Client().get(path).status_code == 404

    MeetingFactory(
        organizer=grace,
        organization=boss.organization,
        starts_at=clock.now().replace(minute=0) + dt.timedelta(days=3),
    )
    go(page, live_server.url, f"{before}/account/team/people/{grace.pk}/")
    check("colleague")
    page.locator("[name=role][value=admin]").check()
    page.locator("main form button").click()
    page.wait_for_url("**/account/team/")
    check("changed")
    go(page, live_server.url, f"{before}/account/team/people/{grace.pk}/remove/")
    check("departure")
    page.locator("main form button").click()
    page.wait_for_url("**/account/team/")
    expect(page.locator("main table")).not_to_contain_text(GRACE)

    grace.refresh_from_db()
    assert grace.organization is None
    assert faults == []
