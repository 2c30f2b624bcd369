"""Working out a day's plan in the back office: asked for, compared, accepted, taken back."""

import datetime as dt
import re
import uuid

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sites_app.models import Site
from tests.backoffice.workplace.test_pages import address, text_of
from tests.factories import workplace as make
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import SiteFactory
from tests.factories.staff import BACKEND, logged_in
from workplace.domain import evolution_runs
from workplace.models import Allocation, Evolution, ForecastJob, Team, Zone

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 3, 10, tzinfo=dt.UTC)
DAY = dt.date(2030, 1, 7)


@pytest.fixture(autouse=True)
def _thursday_morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def staff() -> Client:
    return logged_in()


@pytest.fixture
def site() -> Site:
    return SiteFactory(name="Paris", time_zone="Europe/Paris")


@pytest.fixture
def zone(site: Site) -> Zone:
    layer = make.LayerFactory(site=site, name="First floor")
    return make.ZoneFactory(layer=layer, name="Garden", capacity=6)


@pytest.fixture
def team(site: Site, zone: Zone) -> Team:
    team = make.TeamFactory(name="Design")
    make.TeamForecastFactory(team=team, site=site, day=DAY, forecast_inc=4)
    return team


def start(staff: Client, site: Site, day: str = "2030-01-07", **form: str) -> Evolution:
    """Ask for a run on the day's page and let the worker do it."""
    answer = staff.post(address("work-out", site.pk, day), {"disruption": "MIN"} | form)
    assert answer.status_code == 302
    run = Evolution.objects.get(pk=answer["Location"].split("/")[-2])
    evolution_runs.run(str(run.pk), clock=lambda: NOW)
    run.refresh_from_db()
    return run


def seats() -> dict[str, int]:
    rows = Allocation.objects.filter(deleted_at=None, person=None)
    return dict(rows.values_list("team__name", "seats"))


def told(client: Client, url: str) -> str:
    """Send a POST as a form without fields; return the message on the page that follows."""
    return re.sub(r"<[^>]+>", " ", client.post(url, follow=True).content.decode())


def test_a_run_changes_nothing_until_it_is_accepted(staff, site, team) -> None:
    run = start(staff, site, disruption="MAX")

    text = text_of(staff, address("run", run.pk))

    assert (run.status, run.disruption, run.waits_for_acceptance) == ("successful", "MAX", True)
    assert seats() == {}
    assert "People with a seat 4" in text
    assert "Accept this plan" in text
    assert "Take it back" not in text
    assert re.search(r"In force now 0 / 6 .*Garden 0/6 .*With this plan 4 / 6 .*Garden 4/6", text)


def test_an_accepted_plan_is_in_force_and_is_taken_back(staff, site, team) -> None:
    run = start(staff, site)

    assert "The plan is in force." in told(staff, address("accept", run.pk))
    assert seats() == {"Design": 4}
    text = text_of(staff, address("run", run.pk))
    assert re.search(r"Before 0 / 6 .*Garden 0/6 .*In force now 4 / 6 .*Garden 4/6", text)
    assert "Accept this plan" not in text

    assert "The plan before stands again." in told(staff, address("take-back", run.pk))
    assert seats() == {}
    text = text_of(staff, address("run", run.pk))
    assert "Taken back" in text
    assert "Take it back" not in text


def test_taking_a_plan_back_is_asked_about_first(staff, site, team) -> None:
    run = start(staff, site)
    question = address("take-back", run.pk)
    assert staff.get(question)["Location"] == address("run", run.pk)
    staff.post(address("accept", run.pk))
    assert f'href="{question}"' in staff.get(address("run", run.pk)).content.decode()

    text = text_of(staff, question)

    assert "Take this plan back?" in text
    assert "It has been in force since" in text
    assert seats() == {"Design": 4}
    assert "The plan before stands again." in told(staff, question)


def test_reasons_stand_at_the_moves_and_on_the_day(staff, site, zone, team) -> None:
    other = make.ZoneFactory(layer=zone.layer, name="Library", capacity=6)
    make.AllocationFactory(
        team=team,
        zone=other,
        seats=4,
        starts_at=NOW - dt.timedelta(days=3, hours=2),
        ends_at=NOW - dt.timedelta(days=3),
    )
    other.capacity = 2
    other.save()
    run = start(staff, site)

    text = text_of(staff, address("run", run.pk))
    assert re.search(
        r"Design 4 Library Garden the zone they had is too small for all of them", text
    )

    staff.post(address("accept", run.pk))
    day = text_of(staff, address("day", site.pk, "2030-01-07"))
    assert "Design 4 4 from Library: the zone they had is too small for all of them" in day


def test_who_has_no_seat_is_named(staff, site, zone, team) -> None:
    zone.capacity = 3
    zone.save()

    run = start(staff, site)

    text = text_of(staff, address("run", run.pk))
    assert "Without a seat 1" in text
    assert "No seat was left for: Design (1)" in text


def test_a_plan_that_came_later_takes_the_place_of_the_first(staff, site, zone, team) -> None:
    """Both pages tell what stood before their own run, as long as it is the last one in force."""
    first = start(staff, site)
    staff.post(address("accept", first.pk))
    team.forecasts.update(forecast_inc=6)
    second = start(staff, site)

    text = text_of(staff, address("run", second.pk))
    assert re.search(r"In force now 4 / 6 .*With this plan 6 / 6 ", text)
    with time_machine.travel(NOW + dt.timedelta(minutes=1), tick=False):
        staff.post(address("accept", second.pk))
    text = text_of(staff, address("run", second.pk))
    assert re.search(r"Before 4 / 6 .*In force now 6 / 6 ", text)

    sentence = "The day has changed since. Let a new plan be worked out."
    assert sentence in told(staff, address("take-back", first.pk))
    assert seats() == {"Design": 6}


def test_a_decision_that_comes_too_late_is_refused_in_words(staff, site, team) -> None:
    run = start(staff, site)
    staff.post(address("accept", run.pk))

    assert "This run has no plan that waits" in told(staff, address("accept", run.pk))
    assert seats() == {"Design": 4}


def test_nothing_to_do_is_said(staff, site, zone) -> None:
    make.TeamForecastFactory(site=site, day=DAY, forecast_inc=0)

    run = start(staff, site)

    text = text_of(staff, address("run", run.pk))
    assert run.status == "no_execution"
    assert "There was nothing to change" in text
    assert "Accept this plan" not in text


def test_a_run_under_way_is_looked_at_again(staff, site, team) -> None:
    url = address("work-out", site.pk, "2030-01-07")
    answers = [staff.post(url, {"disruption": "MIN"}) for _ in range(2)]

    run = Evolution.objects.get()
    assert answers[0]["Location"] == answers[1]["Location"] == address("run", run.pk)
    page = staff.get(address("run", run.pk)).content.decode()
    assert 'hx-trigger="every 3s"' in page
    assert "Look again" in page


def test_a_failed_run_says_that_nothing_changed(staff, site) -> None:
    run = make.EvolutionFactory(
        site=site, status="failed", error_code="internal_error", error_message="KeyError"
    )

    text = text_of(staff, address("run", run.pk))

    assert "nothing was changed" in text
    assert "KeyError" not in text


@pytest.mark.parametrize(
    ("day", "is_open"),
    [("2030-01-02", False), ("2030-01-03", True), ("2030-04-03", True), ("2030-04-04", False)],
)
def test_days_that_are_over_or_far_away_are_refused_in_words(
    staff, site, team, day: str, is_open: bool
) -> None:
    answer = staff.post(address("work-out", site.pk, day), {"disruption": "MIN"}, follow=True)

    assert Evolution.objects.exists() is is_open
    assert ("Plans are worked out for today" in answer.content.decode()) is not is_open


def test_a_form_without_sense_starts_nothing(staff, site, team) -> None:
    url = address("work-out", site.pk, "2030-01-07")

    answer = staff.post(url, {"disruption": "SOME"}, follow=True)

    assert "Choose how much people may be moved." in answer.content.decode()
    assert not Evolution.objects.exists()


def test_a_day_that_is_over_offers_no_run(staff, site, team) -> None:
    assert "Work out a plan" not in text_of(staff, address("day", site.pk, "2030-01-02"))
    assert "Work out a plan" in text_of(staff, address("day", site.pk, "2030-01-03"))


def test_a_forecast_is_made_anew_when_staff_ask(staff, site) -> None:
    before = NOW - dt.timedelta(hours=1)
    make.ForecastJobFactory(site=site, starts_on=NOW.date(), created_at=before, finished_at=before)

    words = told(staff, address("forecast", site.pk))

    job = ForecastJob.objects.get(state="queued")
    assert "A new forecast is being made" in words
    assert (job.site, job.organization, job.starts_on) == (site, None, dt.date(2030, 1, 3))
    assert job.ends_on == dt.date(2030, 1, 30)
    assert "Forecasting… 0 %" in words
    assert "Forecast again" not in words


def test_a_forecast_under_way_is_not_made_twice(staff, site) -> None:
    for _ in range(2):
        staff.post(address("forecast", site.pk))

    assert ForecastJob.objects.count() == 1


def test_both_plans_show_a_team_in_one_colour(staff, site, zone, team) -> None:
    make.AllocationFactory(
        team=make.TeamFactory(name="Accounting"),
        zone=zone,
        seats=1,
        source="EVOLUTION",
        starts_at=dt.datetime(2030, 1, 7, 8, tzinfo=dt.UTC),
        ends_at=dt.datetime(2030, 1, 7, 17, tzinfo=dt.UTC),
    )
    staff.post(address("accept", start(staff, site).pk))
    team.forecasts.update(forecast_inc=5)

    page = staff.get(address("run", start(staff, site).pk)).content.decode()

    colours = re.findall(r'fill="(#\w+)"></rect></svg><span class="wp-team__name">Design<', page)
    assert len(colours) == 2
    assert len(set(colours)) == 1


def test_only_staff_with_a_token_of_the_page_act(site, team) -> None:
    run = make.EvolutionFactory(site=site)
    urls = [
        address("forecast", site.pk),
        address("work-out", site.pk, "2030-01-07"),
        address("accept", run.pk),
        address("take-back", run.pk),
    ]
    member = Client()
    member.force_login(UserFactory(), backend=BACKEND)
    forger = logged_in()
    forger.handler.enforce_csrf_checks = True

    for url in urls:
        assert Client().post(url).status_code == 302
        assert member.post(url).status_code in (302, 403)
        assert forger.post(url).status_code == 403
        asks = url.endswith("/take-back/")
        assert logged_in().get(url).status_code == (302 if asks else 405)
    assert Evolution.objects.count() == 1
    assert not ForecastJob.objects.filter(state="queued").exists()


def test_an_unknown_run_is_not_found(staff) -> None:
    unknown = uuid.uuid4()

    assert staff.get(address("run", unknown)).status_code == 404
    assert staff.post(address("accept", unknown)).status_code == 404
    assert staff.post(address("take-back", unknown)).status_code == 404
    assert staff.get(address("take-back", unknown)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_run_is_shown_in_a_fixed_number_of_queries(staff, site, zone, count: int) -> None:
    for number in range(count):
        team = make.TeamFactory(name=f"Team {number}")
        make.TeamForecastFactory(team=team, site=site, day=DAY, forecast_inc=2)
        make.ZoneFactory(layer=make.LayerFactory(site=site), capacity=4)
    run = start(staff, site)
    url = address("run", run.pk)
    staff.get(url)

    with CaptureQueriesContext(connection) as made:
        staff.get(url)

    assert len(made) == 12, [query["sql"][:90] for query in made]


def test_the_record_of_a_run_leads_to_its_page(staff, site) -> None:
    run = make.EvolutionFactory(site=site)

    page = staff.get(reverse("admin:workplace_evolution_changelist")).content.decode()

    assert address("run", run.pk) in page
