"""The demo's workplace: one location with teams, a year of presence, plans, forecasts and seats."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from io import StringIO
from statistics import mean
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, F, Q

from apitokens.models import ApiToken, TokenKind
from backoffice.demo import loading, operator
from backoffice.demo.loading import Size
from organizations.models import Organization, OutgoingEmail, User
from sites_app.models import Site
from workplace.domain import accuracy
from workplace.models import (
    Allocation,
    Configuration,
    Evolution,
    ForecastJob,
    Intention,
    IntentionStatus,
    IntentionType,
    Layer,
    LocationForecast,
    Occupancy,
    PersonForecast,
    RoomPlacement,
    Space,
    Team,
    TeamForecast,
    TeamLocationSettings,
    TeamMembership,
    Zone,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 7, 12, 0, tzinfo=dt.UTC)  # a Monday
TODAY = NOW.date()
SMALL = Size(sites=3, rooms=9, meetings=20, people=6, workplace_people=42, seed=3)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Counter[str]]:
    """Load the demo once for all tests of this module, and take it back; yield what it told meanwhile."""
    told: Counter[str] = Counter()
    drawn, loading.MOST_DRAWINGS = loading.MOST_DRAWINGS, 0
    try:
        with django_db_blocker.unblock(), transaction.atomic():
            loading.load(
                SMALL,
                now=NOW,
                force=False,
                progress=lambda part, count: told.update({part: count}),
            )
            yield told
            transaction.set_rollback(True)
    finally:
        loading.MOST_DRAWINGS = drawn


@pytest.fixture(autouse=True)
def _demo(demo: Counter[str], db: None) -> None:
    """Let every test see the demo."""


def test_progress_is_told_of_every_part(demo: Counter[str]) -> None:
    assert list(demo.items()) == list(SMALL.parts.items())
    assert demo == {"meetings": 20, "days of presence": 366, "forecasts": 6, "plans": 2}


def _site() -> Site:
    return Site.objects.filter(layers__isnull=False).distinct().get()


def _company() -> Organization:
    return User.objects.get(email=operator.MEMBER).organization


def _came() -> dict[dt.date, int]:
    counted = Occupancy.objects.order_by().values("day").annotate(people=Count("person"))
    return dict(counted.values_list("day", "people"))


# --- places ---------------------------------------------------------------------------------


def test_the_site_in_paris_has_floors_with_zones_and_a_desk_for_every_seat():
    site = _site()

    assert (site.city, site.holiday_country) == ("Paris", "FR")
    assert site.operating_hours == [{"days": [1, 2, 3, 4, 5], "open": "07:00", "close": "21:00"}]
    assert Layer.objects.count() == 3
    assert Zone.objects.count() == 12
    desks = Count("spaces")
    assert not Zone.objects.annotate(desks=desks).exclude(capacity=F("desks")).exists()
    assert not Space.objects.exclude(zone__layer=F("layer")).exists()
    assert 2 <= RoomPlacement.objects.filter(room__site=site).count() <= 3


def test_zones_lie_somewhere_and_are_neighbours_both_ways_on_their_floor():
    for zone in Zone.objects.prefetch_related("neighbours"):
        assert zone.x is not None
        beside = zone.neighbours.all()
        assert beside
        assert {other.layer_id for other in beside} == {zone.layer_id}
        assert all(zone in other.neighbours.all() for other in beside)


def test_most_zones_are_the_companys_own():
    owners = Counter(Zone.objects.values_list("organization", flat=True))

    assert owners == {_company().pk: 10, None: 2}


# --- people ---------------------------------------------------------------------------------


def test_the_company_has_a_contract_at_the_site_and_its_people_are_in_one_team_each():
    company = _company()

    assert company.accessible_sites.contains(_site())
    assert company.person_forecasts
    assert company.rental_start_on <= TODAY - dt.timedelta(days=365)
    assert Team.objects.filter(organization=company).count() == 14
    members = TeamMembership.objects.values_list("person", flat=True)
    assert len(members) == len(set(members)) == pytest.approx(SMALL.workplace_people, abs=4)
    assert not User.objects.filter(pk__in=members).exclude(organization=company).exists()


def test_the_printed_people_of_the_company_are_in_teams():
    teams = {
        email: list(User.objects.get(email=email).teams.values_list("name", flat=True))
        for email in (operator.MEMBER, operator.DEVELOPER)
    }

    assert teams == {operator.MEMBER: ["Management"], operator.DEVELOPER: ["Engineering"]}


def test_teams_wish_for_every_kind_of_place():
    wishes = TeamLocationSettings.objects.filter(site=_site())

    assert set(wishes.values_list("type", flat=True)) == {"FREE", "FLEX", "FIX"}
    assert wishes.exclude(fixed_days=[]).exists()
    assert wishes.filter(min_capacity__gt=0).exists()
    assert wishes.filter(max_capacity__isnull=False).exists()
    assert wishes.filter(contingency__gt=0).exists()
    fixed = wishes.filter(type="FIX").annotate(zones=Count("preferred_zones"))
    assert not fixed.filter(zones=0).exists()


def test_teams_that_want_to_be_beside_each_other_both_say_so():
    pairs = {
        (one.settings.team_id, other.pk)
        for one in TeamLocationSettings.objects.select_related("settings")
        for other in one.adjacent_teams.all()
    }

    assert pairs
    assert {(other, one) for one, other in pairs} == pairs


# --- a year ---------------------------------------------------------------------------------


def test_nobody_was_seen_after_now_or_while_the_site_was_closed():
    assert not Occupancy.objects.filter(Q(seen_at__gt=NOW) | Q(last_seen_at__gt=NOW)).exists()
    assert {day.isoweekday() for day in _came()} == {1, 2, 3, 4, 5}
    assert min(_came()) <= TODAY - dt.timedelta(days=360)


def test_tuesdays_and_thursdays_are_full_and_fridays_are_empty():
    by_weekday = defaultdict(list)
    for day, people in _came().items():
        if day.month in (3, 10):
            by_weekday[day.isoweekday()].append(people)

    usual = {weekday: mean(people) for weekday, people in by_weekday.items()}
    assert min(usual[2], usual[4]) > 1.3 * max(usual[1], usual[3])
    assert usual[5] < 0.5 * min(usual[1], usual[3])


def test_august_christmas_holidays_and_the_strike_stand_out():
    came = _came()
    tuesdays = [people for day, people in came.items() if day.isoweekday() == 2]
    usual = sorted(tuesdays)[len(tuesdays) // 2]

    august = [people for day, people in came.items() if day.month == 8 and day.isoweekday() == 2]
    assert mean(august) < 0.6 * usual
    assert came.get(dt.date(2029, 12, 27), 0) < 0.3 * usual  # a Thursday between the years
    assert came.get(dt.date(2029, 5, 1), 0) < 0.1 * usual  # a Tuesday and a public holiday
    assert came.get(dt.date(2029, 12, 20), 0) < 0.4 * usual  # the Thursday of the strike
    assert came[dt.date(2029, 12, 13)] > 0.7 * usual


def test_a_team_joined_during_the_year():
    first = Occupancy.objects.filter(team__name="Nova lab").order_by("day").first()

    assert TODAY - dt.timedelta(days=150) < first.day < TODAY - dt.timedelta(days=120)


# --- plans ----------------------------------------------------------------------------------


def test_past_plans_were_mostly_kept():
    came = set(Occupancy.objects.values_list("person", "day"))
    past = Intention.objects.filter(day__lt=TODAY)

    kept = [
        ((plan.person_id, plan.day) in came) == (plan.type == IntentionType.SPACE) for plan in past
    ]
    assert len(kept) > 100
    assert 0.88 < mean(kept) < 0.99


def test_people_have_said_who_comes_next_week_and_who_does_not():
    coming = Intention.objects.filter(day__gt=TODAY, status=IntentionStatus.ACCEPTED)
    kinds = Counter(coming.values_list("type", flat=True))

    assert kinds[IntentionType.SPACE] > 5
    assert kinds[IntentionType.REMOTE] > 5
    assert not Intention.objects.filter(created_at__gt=NOW).exists()
    assert not Intention.objects.filter(day__week_day__in=(1, 7)).exists()


def test_nobody_has_two_plans_for_one_day():
    accepted = Intention.objects.filter(status=IntentionStatus.ACCEPTED)
    twice = accepted.values("person", "day").annotate(plans=Count("pk")).filter(plans__gt=1)

    assert not twice.exists()


def test_one_invitation_waits_for_the_member_and_no_mail_goes_out():
    waiting = Intention.objects.get(status=IntentionStatus.PENDING)

    assert waiting.person.email == operator.MEMBER
    assert waiting.invited_by == waiting.parent.person
    assert (waiting.parent.status, waiting.parent.day) == (IntentionStatus.ACCEPTED, waiting.day)
    assert waiting.day > TODAY
    assert not OutgoingEmail.objects.exists()


def test_some_plans_came_through_the_connected_system():
    system = Configuration.objects.get()

    assert system.organization == _company()
    brought = Intention.objects.filter(configuration=system)
    assert set(brought.values_list("source", flat=True)) == {"EXTERNAL"}
    assert not brought.filter(Q(external_id="") | Q(external_type="")).exists()


def test_a_team_has_its_desks_by_hand_on_the_next_ten_working_days():
    locked = Allocation.objects.filter(source="MANUAL").prefetch_related("held_spaces__space")

    assert {row.team.name for row in locked} == {"Management"}
    assert len({row.starts_at.date() for row in locked}) == len(locked) == 10
    for row in locked:
        assert row.is_locked
        assert row.zone.name == "The Vault"
        assert [held.space.zone_id for held in row.held_spaces.all()] == [row.zone_id] * row.seats


# --- what the engines make of it ------------------------------------------------------------


def test_forecasts_stand_for_the_last_five_weeks_and_the_next_four():
    jobs = ForecastJob.objects.order_by("starts_on")

    windows = [((job.starts_on - TODAY).days, (job.ends_on - TODAY).days) for job in jobs]
    assert windows == [(-35, -29), (-28, -22), (-21, -15), (-14, -8), (-7, -1), (0, 27)]
    assert set(jobs.values_list("state", flat=True)) == {"completed"}
    assert set(jobs.values_list("quality", flat=True)) == {"ok"}
    whole = LocationForecast.objects.filter(organization=None)
    assert whole.count() == 63
    assert LocationForecast.objects.filter(organization=_company()).count() == 63
    assert TeamForecast.objects.count() == 63 * 14
    assert PersonForecast.objects.count() == 63 * TeamMembership.objects.count()


def test_past_forecasts_stood_before_anybody_came_and_each_with_its_job():
    past = LocationForecast.objects.filter(day__lt=TODAY).select_related("job")

    for row in past:
        assert accuracy.stood_in_time(made_at=row.created_at, day_starts_at=row.starts_at)
        assert row.created_at == row.job.finished_at
        assert row.job.starts_on <= row.day <= row.job.ends_on


def test_past_forecasts_knew_no_plan_that_was_made_later():
    made = PersonForecast.objects.filter(intention__isnull=False)

    assert made.exists()
    assert not made.filter(intention__created_at__gt=F("created_at")).exists()


def test_the_forecast_follows_the_week():
    rows = LocationForecast.objects.filter(organization=None, day__gt=dt.date(2030, 1, 13))
    by_weekday = defaultdict(list)
    for row in rows:
        by_weekday[row.day.isoweekday()].append(float(row.forecast))

    usual = {weekday: mean(numbers) for weekday, numbers in by_weekday.items()}
    assert min(usual[2], usual[4]) > max(usual[1], usual[3]) > usual[5] > 0
    assert (usual[6], usual[7]) == (0, 0)


def test_tomorrow_is_planned_and_the_day_after_waits_for_acceptance():
    stands, waits = Evolution.objects.order_by("day")

    assert (stands.day, waits.day) == (dt.date(2030, 1, 8), dt.date(2030, 1, 9))
    assert (stands.status, waits.status) == ("successful", "successful")
    assert (stands.published_at, waits.published_at) == (NOW, None)
    assert stands.result["seated"] > 0
    assert stands.result["unseated"] == waits.result["unseated"] == 0
    assert {move["reason"] for move in waits.proposal["moves"]} - {"new"}
    days = Allocation.objects.filter(source="EVOLUTION").values_list("starts_at__date", flat=True)
    assert set(days) == {stands.day}


def test_the_member_has_a_desk_tomorrow():
    seat = Allocation.objects.get(person__email=operator.MEMBER)

    assert (seat.starts_at.date(), seat.zone.name) == (dt.date(2030, 1, 8), "The Vault")
    assert seat.held_spaces.count() == 1


def test_the_developer_has_a_key_of_the_company():
    key = ApiToken.objects.get(kind=TokenKind.WORKPLACE)

    assert (key.owner.email, key.organization) == (operator.DEVELOPER, _company())
    assert key.scopes == ["workplace:read", "workplace:write", "people:forecast"]


def test_the_log_ins_say_where_the_workplace_is():
    printed = StringIO()

    call_command("demo_logins", stdout=printed)

    address = f"https://portal.example/admin/locations/{_site().pk}/"
    assert f"  workplace: {address}\n" in printed.getvalue()
    assert "  where I work this week: https://portal.example/account/week/\n" in printed.getvalue()
