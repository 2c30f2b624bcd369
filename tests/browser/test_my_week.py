"""Where I work this week, in a real browser: readable in every way, and usable without scripts."""

import datetime as dt
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client

from config import clock
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory, SiteMembershipFactory
from tests.factories.staff import BACKEND
from tests.factories.workplace import (
    AllocationFactory,
    AllocationSpaceFactory,
    IntentionFactory,
    SpaceFactory,
    ZoneFactory,
)
from workplace.models import Intention

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("PAGE_PICTURES", "")
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def monday():
    """The Monday of next week."""
    today = clock.now().astimezone(PARIS).date()
    return today + dt.timedelta(days=7 - today.weekday())


@pytest.fixture
def person(transactional_db, monday):
    """Somebody with a seat on Monday, a meeting on Tuesday, an expected Wednesday and an invitation."""
    site = SiteFactory(
        name="Paris République",
        operating_hours=[{"days": [1, 2, 3, 4, 5], "open": "07:00", "close": "21:00"}],
    )
    person = UserFactory(first_name="Ada", last_name="Lovelace")
    for place in (site, SiteFactory(name="Lyon Part-Dieu")):
        SiteMembershipFactory(site=place, organization=person.organization)
    host = UserFactory(organization=person.organization, first_name="Grace", last_name="Hopper")
    plan(person, site, monday, 9, source="USER")
    zone = ZoneFactory(layer__site=site, layer__name="First floor", name="Garden side")
    seat = AllocationFactory(
        person=person, team=None, zone=zone, starts_at=at(monday, 7), ends_at=at(monday, 21)
    )
    AllocationSpaceFactory(
        allocation=seat, space=SpaceFactory(zone=zone, name="Desk 12"), of_person=True
    )
    room = RoomFactory(site=site, name="Salon Garnier")
    plan(person, site, monday, 33, type="MEETING", room=room)
    plan(person, site, monday, 57, status="PENDING", source="LIKELY_SCHEDULE")
    plan(person, site, monday, 81, status="PENDING", source="INVITE", invited_by=host, room=room)
    return person


def at(day, hours):
    return (dt.datetime.combine(day, dt.time(), PARIS) + dt.timedelta(hours=hours)).astimezone(
        dt.UTC
    )


def plan(person, site, monday, hours, **fields):
    start = at(monday, hours)
    return IntentionFactory(
        person=person, site=site, starts_at=start, ends_at=start + dt.timedelta(hours=3), **fields
    )


def logged_in(opened, person, path, **context):
    client = Client()
    client.force_login(person, backend=BACKEND)
    page = opened("/terms/", **context)
    base = "/".join(page.url.split("/", 3)[:3])
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base}])
    page.goto(base + path)
    return page


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_reads_well(opened, axe_in_light_and_dark, person, monday, width, language):
    path = f"{'/fr' if language == 'fr' else ''}/account/week/?day={monday}"

    page = logged_in(opened, person, path, viewport={"width": width, "height": 844})

    if SHOTS:
        name = f"my-week-{language}-{width}.png"
        page.screenshot(path=Path(SHOTS) / name, full_page=True)
    assert axe_in_light_and_dark(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_the_week_is_said_and_an_invitation_answered_without_scripts(opened, person, monday):
    page = logged_in(opened, person, f"/account/week/?day={monday}", java_script_enabled=False)
    friday = monday + dt.timedelta(days=4)

    assert page.get_by_text("Garden side · Desk 12").is_visible()
    page.get_by_role("radiogroup", name=f"{friday:%A} {friday.day}").get_by_label("Remote").check()
    page.get_by_role("button", name="Save my week").click()

    assert page.get_by_text("Your week is saved.").is_visible()
    assert Intention.objects.get(type="REMOTE").day == friday
    page.get_by_role("button", name="Accept").click()
    assert page.get_by_text("Accepted. It stands in your week.").is_visible()
    assert page.get_by_role("button", name="Accept").count() == 0
