"""Zone loads: the seats that are taken at one moment, a team's people beside its row not counted."""

import datetime as dt

from workplace.domain.zone_loads import Seats, overfull

NINE = dt.datetime(2030, 1, 7, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def seats(start: int, end: int, number: int, **fields: object) -> Seats:
    return Seats(starts_at=NINE + start * HOUR, ends_at=NINE + end * HOUR, seats=number, **fields)


def hours(found: list[tuple[dt.datetime, dt.datetime]]) -> list[tuple[int, int]]:
    return [((start - NINE) // HOUR, (end - NINE) // HOUR) for start, end in found]


def test_a_full_zone_is_not_too_full_and_back_to_back_rows_do_not_add_up() -> None:
    rows = [seats(0, 2, 6, team_id="a"), seats(2, 4, 6, team_id="b"), seats(0, 4, 4, team_id="c")]

    assert overfull(rows, capacity=10) == []
    assert hours(overfull(rows, capacity=9)) == [(0, 4)]


def test_only_the_time_in_which_rows_meet_is_too_full() -> None:
    rows = [seats(0, 3, 6, team_id="a"), seats(2, 5, 6, team_id="b")]

    assert hours(overfull(rows, capacity=10)) == [(2, 3)]


def test_people_of_a_team_do_not_count_while_their_team_has_its_row() -> None:
    people = [seats(0, 4, 1, team_id="a", is_person=True) for _ in range(3)]
    row = seats(1, 3, 2, team_id="a")

    assert hours(overfull([*people, row], capacity=2)) == [(0, 1), (3, 4)]
    assert hours(overfull([row, *people], capacity=1)) == [(0, 4)]


def test_people_without_a_team_and_those_of_another_team_count() -> None:
    rows = [
        seats(0, 1, 2, team_id="a"),
        seats(0, 1, 1, team_id="b", is_person=True),
        seats(0, 1, 1, is_person=True),
    ]

    assert overfull(rows, capacity=4) == []
    assert hours(overfull(rows, capacity=3)) == [(0, 1)]


def test_nothing_is_taken_of_an_empty_zone() -> None:
    assert overfull([], capacity=0) == []
