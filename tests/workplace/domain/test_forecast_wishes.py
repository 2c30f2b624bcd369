"""What intentions, targets and contingencies make of chances. Source: workplace-api, sections 5 and 13."""

import datetime as dt

import pytest

from workplace.domain import forecast_wishes
from workplace.domain.forecast_wishes import (
    Expected,
    PersonDay,
    Plan,
    ShowRates,
    TeamWishes,
)

TUESDAY, WEDNESDAY = dt.date(2030, 1, 8), dt.date(2030, 1, 9)
USUAL = ShowRates()


def plan(number: int = 1, *, status: str = "ACCEPTED", kind: str = "SPACE", is_here: bool = True):
    return Plan(id=f"{number:024x}", status=status, type=kind, is_here=is_here)


def person(chance: float = 0.5, *plans: Plan, rates: ShowRates = USUAL) -> PersonDay:
    return forecast_wishes.with_plans(
        person_id="p",
        organization_id="o",
        team_id="t",
        probability=chance,
        plans=plans,
        rates=rates,
    )


@pytest.mark.parametrize(
    ("told", "chance"),
    [
        ([], 0.5),
        ([plan(kind="SPACE")], 0.97),
        ([plan(kind="ROOM")], 0.97),
        ([plan(kind="MEETING")], 0.97),
        ([plan(kind="REMOTE")], 0.03),
        ([plan(kind="ABSENT")], 0.03),
        ([plan(kind="REMOTE", is_here=False)], 0.03),
        ([plan(is_here=False)], 0.03),
        ([plan(status="PENDING")], 0.5),
        ([plan(status="PENDING", is_here=False)], 0.5),
        ([plan(1, kind="REMOTE"), plan(2)], 0.97),
        ([plan(1, is_here=False), plan(2)], 0.97),
        ([plan(1, status="PENDING"), plan(2, kind="ABSENT")], 0.03),
    ],
)
def test_what_a_plan_makes_of_a_chance(told, chance):
    assert person(0.5, *told).probability_inc == chance
    assert person(0.5, *told).probability == 0.5


def test_measured_rates_stand_for_the_usual_ones():
    measured = ShowRates(here=0.8, away=0.2)

    assert person(0.5, plan(), rates=measured).probability_inc == 0.8
    assert person(0.5, plan(kind="REMOTE"), rates=measured).probability_inc == 0.2


@pytest.mark.parametrize(
    ("told", "shown", "is_coming"),
    [
        ([], None, False),
        ([plan(3, status="PENDING")], 3, True),
        ([plan(3, status="PENDING"), plan(4)], 4, True),
        ([plan(3, kind="REMOTE")], 3, False),
        ([plan(3, is_here=False, status="PENDING")], None, False),
    ],
)
def test_which_plan_is_named_and_whether_it_is_one_to_come(told, shown, is_coming):
    found = person(0.5, *told)

    assert found.intention_id == (f"{shown:024x}" if shown else None)
    assert found.is_coming is is_coming


def team(*chances: float, day: dt.date = TUESDAY, **wishes: object) -> Expected:
    return forecast_wishes.of_team(
        [person(chance) for chance in chances], TeamWishes(**wishes), day=day
    )


def test_a_team_is_the_sum_of_its_people_rounded_up():
    assert team(0.5, 0.6, 0.4) == Expected(forecast=1.5, forecast_inc=2, intentions=0)
    assert team(0.5, 0.5).forecast_inc == 1
    assert team(0.5, 0.51).forecast_inc == 2


def test_contingency_is_added_before_rounding_up():
    assert team(*[0.5] * 20, contingency=0).forecast_inc == 10
    assert team(*[0.5] * 20, contingency=10).forecast_inc == 11
    assert team(*[0.5] * 20, contingency=11).forecast_inc == 12


@pytest.mark.parametrize(
    ("chances", "wishes", "day", "seats"),
    [
        ([0.5], {"min_capacity": 4}, TUESDAY, 4),
        ([], {"min_capacity": 4}, TUESDAY, 0),  # nobody is expected
        ([], {"min_capacity": 4, "fixed_days": {2}}, TUESDAY, 4),
        ([], {"min_capacity": 4, "fixed_days": {2}}, WEDNESDAY, 0),
        ([1.0] * 9, {"max_capacity": 5}, TUESDAY, 5),
        ([1.0] * 9, {"target": 7}, TUESDAY, 7),
        ([0.5], {"target": 7, "min_capacity": 9}, TUESDAY, 7),
        ([], {"target": 7}, TUESDAY, 7),
        ([1.0] * 9, {"target": 7, "max_capacity": 6}, TUESDAY, 6),
        ([1.0] * 9, {"target": 0}, TUESDAY, 0),
    ],
)
def test_limits_and_targets(chances, wishes, day, seats):
    assert team(*chances, day=day, **wishes).forecast_inc == seats


def test_a_location_is_its_teams_its_others_and_those_without_a_team():
    found = forecast_wishes.of_place(
        [Expected(forecast=1.5, forecast_inc=4, intentions=1), team(0.5)],
        [person(0.25), person(0.5, plan())],
        others=2.128,
    )

    assert found == Expected(forecast=4.88, forecast_inc=4 + 1 + 4, intentions=2)


@pytest.mark.parametrize(
    ("is_open", "is_short", "quality"),
    [
        (True, False, "ok"),
        (True, True, "insufficient_history"),
        (False, False, "closed"),
        (False, True, "closed"),
    ],
)
def test_quality(is_open, is_short, quality):
    assert forecast_wishes.quality(is_open=is_open, is_short=is_short) == quality
