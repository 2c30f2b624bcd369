"""The API settings read well; a token is made, copied, renewed and deleted, also without JavaScript."""

import datetime as dt
import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page

from apitokens.models import ApiCall, ApiToken, ApiUsage, WebhookDelivery, WebhookEndpoint
from config import clock
from organizations.models import User
from tests.factories.apitokens import ApiQuotaFactory, ApiTokenFactory
from tests.factories.organizations import UserFactory
from tests.factories.staff import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("PAGE_PICTURES", "")


def cookie_of(person: User, url: str) -> dict[str, str]:
    client = Client()
    client.force_login(person, backend=BACKEND)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}


def go(page: Page, url: str, path: str) -> None:
    assert page.goto(url + path).status == 200


def used_token(owner: User) -> ApiToken:
    """A token with a month of calls and a log."""
    now = clock.now()
    token = ApiTokenFactory(owner=owner, name="Website", last_used_at=now)
    ApiTokenFactory(owner=owner, name="An old integration with a long name", is_active=False)
    ApiQuotaFactory(user=owner, daily_limit=500)
    for age in range(30):
        day = now.date() - dt.timedelta(days=age)
        ApiUsage.objects.create(token=token, day=day, calls=(age * 37) % 90)
    for number in range(60):
        ApiCall.objects.create(
            user=owner,
            token=token,
            at=now,
            method="POST",
            path="/api/meeting-request",
            status=200 if number % 3 else 409,
            ms=38,
            request_id="7d892563-ab8b-4885-803e-7618f0a4c2ae",
        )
    return token


def told_webhook(owner: User) -> WebhookEndpoint:
    """A webhook with a delivery and a refusal in its log."""
    now = clock.now()
    endpoint = WebhookEndpoint.objects.create(
        owner=owner,
        url="https://hooks.partner.example/workways/bookings/incoming?site=paris-republique",
        event_types=["meeting.confirmed", "meeting.changed", "meeting.cancelled"],
        description="Keeps our room displays up to date",
        sealed_secret="sealed",
        created_at=now,
    )
    for status, answer in (("delivered", 200), ("failed", 500)):
        WebhookDelivery.objects.create(
            endpoint=endpoint,
            status=status,
            attempts=1,
            next_attempt_at=now,
            last_attempt_at=now,
            answer_status=answer,
            answer_ms=120,
            answer_text="thank you",
            created_at=now,
        )
    return endpoint


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_reads_well(opened, axe_in_light_and_dark, live_server, width, language) -> None:
    developer, member = UserFactory(developer=True), UserFactory()
    token = used_token(developer)
    with translation.override(language):
        pages = {
            "tokens": (developer, reverse("api-tokens")),
            "new": (developer, reverse("api-token-new")),
            "regenerate": (developer, reverse("api-token-regenerate", args=[token.pk])),
            "delete": (developer, reverse("api-token-delete", args=[token.pk])),
            "calls": (developer, reverse("api-calls")),
            "webhooks": (developer, reverse("api-webhooks")),
            "webhook": (developer, reverse("api-webhook", args=[told_webhook(developer).pk])),
            "webhook-new": (developer, reverse("api-webhook-new")),
            "access": (member, reverse("api-access")),
        }
    page = opened("/terms/", viewport={"width": width, "height": 844}, bypass_csp=False)

    faults = {}
    for name, (person, path) in pages.items():
        page.context.add_cookies([cookie_of(person, live_server.url)])
        go(page, live_server.url, path)
        found = axe_in_light_and_dark(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append("wider than the screen")
        if SHOTS:
            shot = Path(SHOTS) / f"api-{name}-{language}-{width}.png"
            page.screenshot(path=shot, full_page=True)
        if found:
            faults[name] = found

    assert faults == {}


@pytest.mark.parametrize("javascript", [True, False])
def test_a_tokens_life(opened, axe, live_server, javascript: bool) -> None:
    developer = UserFactory(developer=True)
    page = opened("/terms/", java_script_enabled=javascript)
    page.context.add_cookies([cookie_of(developer, live_server.url)])

    go(page, live_server.url, "/account/api/")
    page.get_by_role("link", name="New token").click()
    page.get_by_label("Name").fill("Make.com")
    page.get_by_label("Write bookings").uncheck()
    page.get_by_role("button", name="Make the token").click()
    first = page.locator("#token").inner_text()
    if javascript:
        assert axe(page) == []
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="Copy").click()
        assert page.evaluate("navigator.clipboard.readText()") == first
    else:
        assert not page.get_by_role("button", name="Copy").is_visible()
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"api-shown-{javascript}.png", full_page=True)
    page.get_by_role("link", name="I have copied it").click()
    assert first not in page.content()
    page.get_by_role("link", name="Regenerate Make.com").click()
    page.get_by_role("button", name="Regenerate").click()
    second = page.locator("#token").inner_text()
    page.get_by_role("link", name="I have copied it").click()
    page.get_by_role("link", name="Delete Make.com").click()
    page.get_by_role("button", name="Delete").click()

    assert re.fullmatch(r"ww_dev_[0-9a-f]{64}", first)
    assert re.fullmatch(r"ww_dev_[0-9a-f]{64}", second)
    assert first != second
    assert page.get_by_text("The token is deleted.").is_visible()
    assert not ApiToken.objects.exists()
