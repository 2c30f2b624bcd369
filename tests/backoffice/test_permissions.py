"""Pages that are no model's follow the permissions of what they show and write."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.urls import reverse

from sites_app.models import Site
from tests.factories import workplace as make
from tests.factories.booking import MeetingFactory
from tests.factories.sites_app import SiteFactory
from tests.factories.staff import logged_in
from workplace.models import Evolution, ForecastJob

pytestmark = pytest.mark.django_db
May = Callable[..., None]
DAY = "2030-01-07"


@pytest.fixture
def site() -> Site:
    site = SiteFactory(name="Paris République")
    make.ZoneFactory(layer__site=site)
    make.TeamFactory(name="Design")
    return site


def page(name: str, *arguments: object) -> str:
    return reverse(f"admin:workplace-{name}", args=arguments)


def menu(text: str) -> list[str]:
    """List where the side bar leads."""
    bar = text.partition('id="nav-sidebar-apps"')[2].partition("</nav>")[0]
    return re.findall(r'<li>\s*<a href="(/admin/[^"]*)"', bar)


@pytest.mark.parametrize(
    ("needed", "name", "arguments"),
    [
        ("view_locationforecast", "locations", ()),
        ("view_locationforecast", "location", ("{site}",)),
        ("view_allocation", "day", ("{site}", DAY)),
        ("view_evolution", "run", ("{run}",)),
    ],
)
def test_a_page_of_the_workplace_is_for_who_may_see_what_it_shows(
    site: Site, may_only: May, needed: str, name: str, arguments: tuple[str, ...]
) -> None:
    run = make.EvolutionFactory(site=site)
    url = page(name, *(one.format(site=site.pk, run=run.pk) for one in arguments))
    may_only("booking.view_meeting")
    assert logged_in().get(url).status_code == 403

    may_only(f"workplace.{needed}")

    assert logged_in().get(url).status_code == 200


@pytest.mark.parametrize(
    ("needed", "name", "arguments"),
    [
        ("add_forecastjob", "forecast", ("{site}",)),
        ("add_evolution", "work-out", ("{site}", DAY)),
        ("change_evolution", "accept", ("{run}",)),
        ("change_evolution", "take-back", ("{run}",)),
    ],
)
def test_a_plan_or_forecast_is_made_by_who_may(
    site: Site, may_only: May, needed: str, name: str, arguments: tuple[str, ...]
) -> None:
    run = make.EvolutionFactory(site=site)
    url = page(name, *(one.format(site=site.pk, run=run.pk) for one in arguments))
    may_only("workplace.view_locationforecast", "workplace.view_evolution")
    assert logged_in().post(url).status_code == 403
    assert (Evolution.objects.count(), ForecastJob.objects.count()) == (1, 0)

    may_only(f"workplace.{needed}")

    assert logged_in().post(url).status_code == 302


def test_who_may_only_look_at_a_location_is_offered_nothing_else(site: Site, may_only: May) -> None:
    url = page("location", site.pk)
    places = r'href="/admin/(workplace/[a-z]+|locations/\w+/[\d-]+/)|action="([^"]*)"'
    assert re.search(places, _content(logged_in().get(url)))

    may_only("workplace.view_locationforecast")

    assert not re.search(places, _content(logged_in().get(url)))


def test_who_may_only_look_at_a_day_is_offered_no_plans(site: Site, may_only: May) -> None:
    make.EvolutionFactory(site=site, day=dt.date(2030, 1, 7))
    may_only("workplace.view_allocation")

    content = _content(logged_in().get(page("day", site.pk, DAY)))

    assert "work-out" not in content
    assert "/admin/plans/" not in content


def test_a_badge_file_is_loaded_by_who_may_add_presence(may_only: May) -> None:
    may_only("workplace.view_occupancy")
    assert logged_in().get(reverse("admin:workplace_occupancy_load_badges")).status_code == 403

    may_only("workplace.view_occupancy", "workplace.add_occupancy")

    assert logged_in().get(reverse("admin:workplace_occupancy_load_badges")).status_code == 200


def test_the_side_bar_leads_where_one_may_go(may_only: May) -> None:
    may_only("sites_app.view_site", "organizations.change_user")
    assert menu(logged_in().get("/admin/").content.decode()) == [
        "/admin/",
        "/admin/organizations/user/",
        "/admin/sites_app/site/",
    ]

    may_only("booking.view_meeting", "workplace.view_locationforecast")

    assert menu(logged_in().get("/admin/").content.decode()) == [
        "/admin/",
        "/admin/board/",
        "/admin/booking/meeting/",
        "/admin/locations/",
        "/admin/workplace/locationforecast/",
    ]


def test_the_start_page_counts_what_one_may_see(may_only: May) -> None:
    meeting = MeetingFactory(starts_at=dt.datetime(2100, 1, 7, 9, tzinfo=dt.UTC))
    record = f"/admin/booking/meeting/{meeting.pk}/change/"
    may_only("organizations.view_organization")
    answer = logged_in().get("/admin/")
    assert {card.model.__name__ for card in answer.context["cards"]} == {"Organization"}
    assert record not in answer.content.decode()

    may_only("booking.view_meeting")

    answer = logged_in().get("/admin/")
    assert {card.model.__name__ for card in answer.context["cards"]} == {"Meeting"}
    assert record in answer.content.decode()


def _content(answer: object) -> str:
    """Return a page's own part."""
    text: str = answer.content.decode()  # type: ignore[attr-defined]
    return text.partition('<main class="wp"')[2].partition("</main>")[0]
