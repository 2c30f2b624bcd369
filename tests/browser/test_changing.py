"""A booking is moved by its mailed link: first what it would become, then the click; no script needed."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from config import links
from config.links import Purpose
from sites_app.models import Room
from tests.factories.booking import MeetingFactory, MeetingSeriesFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("PAGE_PICTURES", "")


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
@pytest.mark.parametrize(("language", "width"), [("en", 390), ("fr", 1280)])
def test_a_series_is_moved(
    opened, axe, room: Room, language: str, width: int, scripted: bool
) -> None:
    series = MeetingSeriesFactory(room=room)
    start = room.meetings.get().starts_at.replace(day=10)
    first = MeetingFactory(room=room, series=series, starts_at=start, language=language)
    second = MeetingFactory(
        room=room,
        series=series,
        organizer=first.organizer,
        starts_at=start + dt.timedelta(weeks=1),
    )
    with translation.override(language):
        address = reverse("change-booking", args=[links.key(Purpose.MANAGE_BOOKING, first.id)])
    page = opened(address, java_script_enabled=scripted, viewport={"width": width, "height": 844})

    page.locator("[name=time]").fill("14:00")
    page.locator("[name=scope][value=all]").check()
    page.locator("#change button").click()
    expect(page.locator("[name=confirm]")).to_be_visible()
    if scripted:
        assert axe(page) == []
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"preview-{language}-{width}.png", full_page=True)
    page.locator("[name=confirm]").click()

    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    moved = {meeting.starts_at.hour for meeting in series.meetings.all()}
    second.refresh_from_db()
    assert (moved, second.sequence) == ({13}, 1)
