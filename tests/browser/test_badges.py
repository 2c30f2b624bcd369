"""Loading a badge file in a real browser: every choice has a name for who cannot see its label."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.factories.staff import logged_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIBRARYS = "region:"
"""What the admin's own frame lacks."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_reads_well(opened, axe, width, scheme):
    staff = logged_in()
    page = opened("/terms/", viewport={"width": width, "height": 900}, color_scheme=scheme)
    portal = page.url.removesuffix("/terms/")
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": staff.cookies[name].value, "url": portal}])

    page.goto(f"{portal}/admin/workplace/occupancy/badges/")

    for choice in ("Location", "Only people of this organization"):
        expect(page.get_by_role("combobox", name=choice)).to_be_visible()
    assert [fault for fault in axe(page) if not fault.startswith(LIBRARYS)] == []
