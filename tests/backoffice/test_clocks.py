"""The back office shows 24 hours on the operator's clock, and on the site's what belongs to a site."""

import datetime as dt
import html
import importlib
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from backoffice import office, selectors
from booking.models import Meeting
from config.settings import look
from sites_app.models import Closure
from tests.factories.booking import BlockFactory, MeetingFactory
from tests.factories.demand import WaitlistEntryFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import ClosureFactory, RoomFactory, SiteFactory
from tests.factories.staff import logged_in

pytestmark = pytest.mark.django_db
AFTERNOON = dt.datetime(2030, 3, 5, 13, 30, tzinfo=dt.UTC)


@pytest.fixture
def staff(settings: Any) -> Client:
    settings.OFFICE_TIME_ZONE = "Europe/Paris"
    return logged_in()


def shown(staff: Client, path: str) -> str:
    page = html.unescape(staff.get(path).content.decode())
    return page.replace("\N{WORD JOINER}", "")


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        ([], "UTC"),
        (["Europe/Dublin"], "Europe/Dublin"),
        (["Europe/Dublin", "Europe/Paris", "Europe/Paris"], "Europe/Paris"),
        (["Europe/Paris", "Europe/Dublin"], "Europe/Dublin"),
    ],
)
def test_the_office_keeps_the_time_of_most_sites(zones: list[str], expected: str) -> None:
    for zone in zones:
        SiteFactory(time_zone=zone)

    assert str(office.zone()) == expected


def test_the_operator_may_choose_the_clock(settings: Any) -> None:
    SiteFactory(time_zone="Europe/Dublin")
    settings.OFFICE_TIME_ZONE = "America/New_York"

    assert str(office.zone()) == "America/New_York"


def test_every_page_names_its_clock(staff: Client) -> None:
    dublin = RoomFactory(site__time_zone="Europe/Dublin")

    assert "Clock of Paris" in shown(staff, "/admin/sites_app/room/")
    assert "Clock of Dublin" in shown(staff, f"/admin/sites_app/room/{dublin.pk}/change/")
    assert "Clock of Dublin" in shown(staff, f"/admin/sites_app/room/{dublin.pk}/history/")


def test_what_has_no_site_is_shown_on_the_office_s_clock(staff: Client) -> None:
    person = UserFactory(email_verified_at=AFTERNOON)

    assert "5 Mar 2030, 14:30" in shown(staff, f"/admin/organizations/user/{person.pk}/change/")


def test_a_list_names_the_place_only_where_its_clock_shows_something_else(staff: Client) -> None:
    for zone in ("Europe/Dublin", "Europe/Brussels"):
        MeetingFactory(starts_at=AFTERNOON, room__site__time_zone=zone)

    page = shown(staff, "/admin/booking/meeting/")

    assert "5 Mar 2030, 13:30–14:30 (Dublin)" in page
    assert "5 Mar 2030, 14:30–15:30<" in page


def test_moments_of_lists_stand_on_the_clock_of_the_site(staff: Client) -> None:
    site = SiteFactory(time_zone="Europe/Dublin")
    WaitlistEntryFactory(site=site, starts_at=AFTERNOON, ends_at=AFTERNOON + dt.timedelta(hours=3))

    page = shown(staff, "/admin/booking/waitlistentry/")

    assert "5 Mar 2030, 13:30–16:30 (Dublin)" in page
    assert "?o=" in page  # still sorted by its field


def test_a_time_that_is_taken_is_written_in_words(staff: Client) -> None:
    BlockFactory(
        starts_at=AFTERNOON,
        ends_at=AFTERNOON + dt.timedelta(days=1),
        room__site__time_zone="Europe/Dublin",
    )

    page = shown(staff, "/admin/booking/reservation/")

    assert "5 Mar 2030, 13:30 – 6 Mar 2030, 13:30 (Dublin)" in page


@pytest.mark.parametrize(("zone", "hour"), [("Europe/Dublin", 9), ("Europe/Paris", 8)])
def test_a_closure_is_typed_on_the_clock_of_its_site(staff: Client, zone: str, hour: int) -> None:
    site = SiteFactory(time_zone=zone)
    typed = {"starts_at_0": "2030-03-05", "starts_at_1": "09:00"}
    typed |= {"ends_at_0": "2030-03-05", "ends_at_1": "10:00"}

    staff.post("/admin/sites_app/closure/add/", {"site": site.pk, **typed})
    first = Closure.objects.get()
    staff.post(f"/admin/sites_app/closure/{first.pk}/change/", {"site": site.pk, **typed})

    assert first.starts_at == Closure.objects.get().starts_at
    assert first.starts_at == dt.datetime(2030, 3, 5, hour, tzinfo=dt.UTC)


def test_a_closure_is_shown_as_it_was_typed(staff: Client) -> None:
    closure = ClosureFactory(
        site__time_zone="Europe/Dublin",
        starts_at=AFTERNOON,
        ends_at=AFTERNOON + dt.timedelta(hours=1),
    )

    page = staff.get(f"/admin/sites_app/closure/{closure.pk}/change/")

    assert 'value="13:30:00"' in page.content.decode()


def test_a_filter_means_the_office_s_day(staff: Client) -> None:
    late = dt.datetime(2030, 3, 4, 23, 30, tzinfo=dt.UTC)
    OrganizationFactory()
    MeetingFactory(starts_at=late)
    MeetingFactory(starts_at=late - dt.timedelta(hours=1))
    day = {"starts_at_from_0": "2030-03-05", "starts_at_to_0": "2030-03-05"}

    found = staff.get("/admin/booking/meeting/", day).context["cl"].result_list

    assert list(found) == list(Meeting.objects.filter(starts_at=late))


def test_the_start_page_counts_the_office_s_day(staff: Client) -> None:
    with time_machine.travel(dt.datetime(2030, 3, 4, 23, 15, tzinfo=dt.UTC), tick=False):
        staff = logged_in()
        for minutes in (-30, 30):
            MeetingFactory(
                starts_at=dt.datetime(2030, 3, 4, 23, 0, tzinfo=dt.UTC)
                + dt.timedelta(minutes=minutes)
            )
        page = staff.get("/admin/")

    assert page.context["cards"][0].number == 1
    assert "Tue 5 Mar, 00:30–01:30" in page.content.decode()


def test_the_plot_counts_days_of_the_clock_it_is_asked_for() -> None:
    paris = AFTERNOON.astimezone(ZoneInfo("Europe/Paris"))
    MeetingFactory(starts_at=dt.datetime(2030, 3, 5, 23, 30, tzinfo=dt.UTC))

    counts = selectors.meetings_by_day(now=paris)

    assert [count for _day, count in counts[:3]] == [0, 1, 0]


def test_a_clock_that_does_not_exist_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OFFICE_TIME_ZONE", "Mars/Olympus")

    with pytest.raises(ImproperlyConfigured, match="Mars/Olympus"):
        importlib.reload(look)
