"""Every page reads well: axe finds nothing, nothing overflows, nothing is refused by the policy."""

import datetime as dt
import gzip
import os
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page

from booking.models import Meeting
from booking.pages.week_table import booking_url
from config import links
from config.links import Purpose
from organizations.models import Role
from sites_app.models import Room, Site
from tests.browser.test_developer_settings import cookie_of
from tests.factories.booking import MeetingFactory, MeetingSeriesFactory
from tests.factories.demand import WaitlistEntryFactory
from tests.factories.organizations import AccessCardFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("PAGE_PICTURES", "")
PAGE_BUDGET = 30 * 1024


def pages(room: Room, meeting: Meeting) -> dict[str, str]:
    office = room.site.rooms.get(name="Bureau Monet")
    key = links.key(Purpose.MANAGE_BOOKING, meeting.id)
    place = links.key(Purpose.LEAVE_WAITLIST, WaitlistEntryFactory(room=room).id)
    return {
        "home": reverse("home"),
        "find": reverse("find"),
        "nothing": f"{reverse('find')}?people=999",
        "nearest": f"{reverse('find')}?day=2030-01-12",
        "sites": reverse("sites"),
        "site": reverse("site", args=[room.site_id]),
        "room": f"{reverse('room', args=[room.id])}?week=2030-01-07",
        "office": reverse("room", args=[office.id]),
        "book": booking_url(room, meeting.starts_at.replace(day=15), 60, 4),
        "manage": reverse("manage-booking", args=[key]),
        "waitlist": f"{reverse('join-waitlist')}?room={room.id}",
        "waitlist-joined": reverse("waitlist-joined"),
        "waitlist-leave": reverse("leave-waitlist", args=[place]),
        "nearest-here": f"{reverse('find')}?day=2030-01-12&where={room.site_id}",
        "change": reverse("change-booking", args=[key]),
        "series": reverse("manage-booking", args=[_of_series(room, meeting)]),
        "register": f"{reverse('register')}?room={office.id}",
        "resend": reverse("resend-verification"),
        "login": reverse("account_login"),
        "password": reverse("account_reset_password"),
        "terms": reverse("terms"),
        "developers": reverse("developers"),
        "workflows": reverse("developers-page", args=["workflows"]),
        "events": reverse("developers-page", args=["events"]),
        "reference": reverse("developers-reference"),
        "endpoint": reverse("developers-endpoint", args=["meeting-request"]),
        "demo": reverse("demo"),
    }


def _of_series(room: Room, meeting: Meeting) -> str:
    """Return the key of the first of three meetings of a series with a skipped date."""
    series = MeetingSeriesFactory(room=room)
    first, *_ = [
        MeetingFactory(
            room=room,
            series=series,
            organizer=meeting.organizer,
            starts_at=meeting.starts_at + dt.timedelta(weeks=number, days=1),
        )
        for number in range(3)
    ]
    return links.key(Purpose.MANAGE_BOOKING, first.id)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_reads_well(
    opened, axe_in_light_and_dark, room: Room, width: int, language: str
) -> None:
    meeting = MeetingFactory(room=room, starts_at=room.meetings.get().starts_at.replace(day=10))
    with translation.override(language):
        addresses = pages(room, meeting)
    page = opened(addresses["home"], viewport={"width": width, "height": 844}, bypass_csp=False)

    faults = {
        name: found
        for name, address in addresses.items()
        if (found := _faults(page, axe_in_light_and_dark, address, f"{name}-{language}-{width}"))
    }

    assert faults == {}


def _faults(page: Page, axe, address: str, name: str) -> list[str]:
    answer = page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + address)
    faults = axe(page)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        faults.append("wider than the screen")
    if answer.status != 200 or len(gzip.compress(answer.body())) > PAGE_BUDGET:
        faults.append(f"status {answer.status}, {len(gzip.compress(answer.body()))} bytes packed")
    for scheme in ("light", "dark") if SHOTS else ():
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=Path(SHOTS) / f"{name}-{scheme}.png", full_page=True)
    return faults


@pytest.mark.parametrize("width", [390, 1280])
def test_very_long_names_stay_on_the_screen(opened, live_server, room: Room, width: int) -> None:
    Site.objects.update(name="Workways " + "Donaudampfschifffahrtsgesellschaft" * 3)
    Room.objects.update(public_name="Salle" + "Besprechungsraum" * 10)
    member = UserFactory(
        role=Role.PRINCIPAL_ADMIN,
        first_name="Anna-Maria" * 9,
        last_name="Schmidt" * 10,
        organization__name="Gesellschaft" * 14,
    )
    AccessCardFactory(holder=member)
    Meeting.objects.update(organizer=member, organization=member.organization)
    page = opened("/terms/", viewport={"width": width, "height": 844})
    page.context.add_cookies([cookie_of(member, live_server.url)])
    account = {f"account/{name}": f"/account/{name}" for name in ("", "team/", "company/")}

    too_wide = []
    for name, path in (pages(room, Meeting.objects.get()) | account).items():
        page.goto(live_server.url + path)
        if name == "demo":  # its sites come by script
            page.wait_for_load_state("networkidle")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(name)

    assert too_wide == []
