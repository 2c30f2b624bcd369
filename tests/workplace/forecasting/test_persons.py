"""Who comes: what the chances depend on, and on what they never do."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workplace.forecasting.worlds import days, office, weekends
from workplace.forecasting import logistic, metrics, person_features, persons, special_factors
from workplace.forecasting.attendance import AWAY, CAME, UNKNOWN, Attendance, Declared
from workplace.forecasting.special_days import Kind

MONDAYS_ALONE = np.array([0.95, 0.05, 0.05, 0.05, 0.05, 0.0, 0.0])
ALWAYS = np.array([0.9, 0.9, 0.9, 0.9, 0.9, 0.0, 0.0])
SELDOM = np.array([0.1, 0.1, 0.1, 0.1, 0.1, 0.0, 0.0])


def crowd(known: int = 203) -> Attendance:
    """Three groups of twenty; the first day ahead is a Monday."""
    rates = np.repeat(np.stack([MONDAYS_ALONE, ALWAYS, SELDOM]), 20, axis=0)
    return office(rates, known=known, marked=days(known + 28, closed=weekends(known + 28)))


def by_group(found: np.ndarray) -> np.ndarray:
    return found.reshape(3, 20, -1).mean(axis=1)


def test_logistic_finds_what_made_the_outcomes():
    dice = np.random.default_rng(5)
    features = dice.normal(size=(40_000, 3)).astype(np.float32)
    chances = logistic.sigmoid(features @ np.array([1.0, -2.0, 0.0]) + 0.5)
    outcomes = dice.random(40_000) < chances

    found = logistic.fit(features, outcomes)

    assert found.coefficients == pytest.approx([1, -2, 0, 0.5], abs=0.06)
    assert found.chances(features).mean() == pytest.approx(outcomes.mean(), abs=1e-3)


def test_feature_that_never_changes_counts_for_nothing():
    features = np.ones((100, 1), dtype=np.float32)

    found = logistic.fit(features, np.arange(100) < 30)

    assert found.chances(features) == pytest.approx(np.full(100, 0.3), abs=1e-4)


def test_people_are_expected_on_their_days():
    people = crowd()

    found = persons.chances(people, persons.train(people), origin=203, horizon=7)

    groups = by_group(found)
    assert groups[0, 0] > 0.75 > 0.25 > groups[0, 1]
    assert groups[1, 1] > 0.8
    assert groups[2, 1] < 0.2
    assert np.all(found[:, 5:] == 0)  # closed


def test_chances_are_better_than_the_rate_of_each_person():
    people = crowd(231)
    known = 203
    found = persons.chances(people, persons.train(people, until=known), origin=known, horizon=28)
    is_open = ~people.days.is_closed[known : known + 28]
    outcomes = people.seen[:, known:][:, is_open].astype(float)

    own = people.seen[:, :known][:, ~people.days.is_closed[:known]].mean(axis=1, keepdims=True)

    plain = metrics.brier(outcomes, np.broadcast_to(own, outcomes.shape))
    assert metrics.brier(outcomes, found[:, is_open]) < 0.8 * plain


def test_shifted_chances_sum_to_the_total_and_keep_their_order():
    chances = np.array([0.0, 0.2, 0.5, 0.9, 1.0])

    lower, higher = (logistic.shifted(chances, total=total) for total in (1.0, 4.0))

    assert (lower.sum(), higher.sum()) == pytest.approx((1.0, 4.0), abs=1e-6)
    assert all(np.all(np.diff(found) > 0) for found in (lower[:4], higher[1:4]))
    assert lower[4] < 1  # nobody is sure to come


def with_holidays(known: int = 203, *, share: float) -> Attendance:
    """The three groups; on each third Wednesday only a share of those come who come otherwise."""
    people = crowd(known)
    kinds, names = people.days.kinds.copy(), list(people.days.names)
    third = np.arange(2, len(kinds), 21)
    kinds[third] = Kind.HOLIDAY
    for day in third:
        names[day] = "Holiday"
    seen = people.seen.copy()
    for number, day in enumerate(third[third < known]):
        left = np.flatnonzero(seen[:, day] == CAME)
        seen[left[round(len(left) * share) :], day] = AWAY
        assert number < known
    marked = dataclasses.replace(people.days, kinds=kinds, names=tuple(names))
    return Attendance(seen=seen, teams=people.teams, days=marked)


def test_special_days_bring_what_they_brought_to_all_together():
    quiet, usual = with_holidays(share=0.25), crowd()
    normal = persons.chances(quiet, persons.train(quiet), origin=203, horizon=28)

    [holiday] = [day for day in range(28) if quiet.days.kinds[203 + day] == Kind.HOLIDAY]
    week_before = holiday - 7

    part = normal[:, holiday].sum() / normal[:, week_before].sum()
    counts = (quiet.seen == CAME).sum(axis=0).astype(float)
    learnt = special_factors.clean(counts, quiet.days.until(203)).factors
    assert part == pytest.approx(learnt.on(quiet.days.after(203 + holiday, 1))[0], rel=0.05)
    assert part < 0.4
    assert np.all(np.argsort(by_group(normal)[:, holiday]) == np.argsort(by_group(normal)[:, 9]))
    assert persons.chances(usual, persons.train(usual), origin=203, horizon=28).shape == (60, 28)


def test_who_said_so_comes_on_a_holiday_all_the_same():
    quiet = with_holidays(share=0.1)
    [holiday] = [day for day in range(28) if quiet.days.kinds[203 + day] == Kind.HOLIDAY]
    plan = declared((25, 203 + holiday, 200, CAME))
    planned = Attendance(seen=quiet.seen, teams=quiet.teams, days=quiet.days, declared=plan)
    model = persons.train(quiet)

    free, told = (
        persons.chances(one, model, origin=203, horizon=28)[25, holiday] for one in (quiet, planned)
    )

    assert free < 0.4 < 0.75 < told


def test_after_closed_days_nobody_has_been_away_longer():
    open_days = crowd(161)
    closed = Attendance(
        seen=np.concatenate([open_days.seen, np.full((60, 14), UNKNOWN, dtype=np.int8)], axis=1),
        teams=open_days.teams,
        days=days(203, closed=weekends(161) | {days(203).day(day) for day in range(161, 175)}),
    )

    before, after = (
        person_features.Past(one, one.known_days)._days_since_seen() for one in (open_days, closed)
    )

    assert np.array_equal(before, after)
    assert np.median(before[:20]) == 4  # Mondays alone: the other days of the week since


def test_too_little_past_gives_no_model():
    assert persons.train(crowd(34)) is None
    assert persons.train(crowd(35)) is not None
    assert persons.train(office(np.zeros((5, 7)), known=100)) is None  # nobody ever came


def test_without_a_model_it_is_the_rate_of_the_weekday():
    people = crowd(35)

    found = persons.chances(people, None, origin=35, horizon=7)

    groups = by_group(found)
    assert groups[0, 0] > groups[0, 2] + 0.3
    assert np.all(found[:, 5:] == 0)


def test_usual_rates_are_for_everybody():
    found = persons.usual_chances(crowd(7), np.arange(1, 8) / 10, horizon=7)

    assert found.shape == (60, 7)
    assert list(found[3]) == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5, 0, 0])


def test_of_many_people_the_same_ones_teach_every_time():
    people = office(np.tile(ALWAYS, (40, 1)), known=100, teams=np.repeat(np.arange(10), 4))

    one, other = (persons.train(people, most_rows=7 * 28 * 8) for _ in range(2))

    assert np.array_equal(one.coefficients, other.coefficients)
    assert not np.array_equal(one.coefficients, persons.train(people).coefficients)


def test_there_is_a_column_for_every_name():
    table = person_features.at(crowd(60), origin=60, horizon=14)

    assert table.shape == (60, 14, len(person_features.NAMES))
    assert np.isfinite(table).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(30, 90), st.integers(0, 2**32 - 1))
def test_features_never_look_beyond_their_origin(origin, seed):
    people = office(np.tile(ALWAYS, (6, 1)), known=100, teams=np.array([0, 0, 1, 1, -1, -1]))
    other_future = people.seen.copy()
    future = other_future[:, origin:]
    future[:] = np.random.default_rng(seed).integers(-1, 2, future.shape)
    changed = Attendance(seen=other_future, teams=people.teams, days=people.days)

    assert np.array_equal(
        person_features.at(people, origin=origin, horizon=14),
        person_features.at(changed, origin=origin, horizon=14),
    )


def declared(*rows: tuple[int, int, int, int]) -> Declared:
    people, told_days, known_from, plans = (np.array(column) for column in zip(*rows, strict=True))
    return Declared(
        people=people, days=told_days, known_from=known_from, plans=plans.astype(np.int8)
    )


def test_plan_counts_from_the_day_after_it_was_told():
    plans = declared((0, 12, 9, CAME))

    assert plans.known_at(9, horizon=5, number=1)[0, 3] == UNKNOWN
    assert plans.known_at(10, horizon=5, number=1)[0, 2] == CAME
    assert plans.known_at(13, horizon=5, number=1)[0].max() == UNKNOWN  # over
    assert plans.known_at(10, horizon=2, number=1)[0].max() == UNKNOWN  # too far ahead


def test_last_of_several_plans_counts():
    plans = declared((0, 12, 9, CAME), (0, 12, 11, AWAY), (1, 12, 5, CAME))

    assert list(plans.known_at(12, horizon=1, number=2)[:, 0]) == [AWAY, CAME]
    assert list(plans.known_at(11, horizon=2, number=2)[:, 1]) == [CAME, CAME]


def test_plans_of_some_people_keep_to_them():
    plans = declared((0, 12, 9, CAME), (2, 12, 9, AWAY))

    kept = plans.of_people(np.array([-1, 0, 1]))

    assert list(kept.people) == [1]
    assert list(kept.plans) == [AWAY]


def test_plans_are_believed_as_far_as_they_were_kept():
    known, number = 203, 60
    half = np.tile(np.array([0.5] * 5 + [0.0] * 2), (number, 1))
    marked = days(known + 28, closed=weekends(known + 28))
    people = office(half, known=known, marked=marked)
    told = [
        (person, day, day - 3, int(people.seen[person, day]))
        for person in range(number)
        for day in range(5, known)
        if not marked.is_closed[day] and (person + day) % 3 == 0
    ]
    told += [(0, known + 1, known - 2, CAME), (1, known + 1, known - 2, AWAY)]
    planned = Attendance(
        seen=people.seen, teams=people.teams, days=marked, declared=declared(*told)
    )

    found = persons.chances(planned, persons.train(planned), origin=known, horizon=7)

    assert found[0, 1] > 0.8
    assert found[1, 1] < 0.2
    assert 0.3 < found[2, 1] < 0.7
