"""How full a zone is: the most people who have a seat there at one moment.

Pure. The persons of a team do not count beside their team's own row.
Source: workplace-api, section 13, "Evolution".
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """Seats that a row takes for a half-open time; `is_person` where it is one person's own."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    seats: int
    team_id: str | None = None
    is_person: bool = False


def overfull(rows: Iterable[Seats], *, capacity: int) -> list[tuple[dt.datetime, dt.datetime]]:
    """List the times in which more seats are taken than there are, in order."""
    found = []
    too_full_since = None
    for moment, taken in _levels(rows):
        if taken > capacity and too_full_since is None:
            too_full_since = moment
        elif taken <= capacity and too_full_since is not None:
            found.append((too_full_since, moment))
            too_full_since = None
    return found


def most_taken(rows: Iterable[Seats]) -> int:
    return max((taken for _, taken in _levels(rows)), default=0)


def _levels(rows: Iterable[Seats]) -> Iterator[tuple[dt.datetime, int]]:
    """Tell, at each moment at which a row begins or ends, how many seats are taken from then on."""
    changes = [
        change for row in rows for change in ((row.starts_at, 1, row), (row.ends_at, -1, row))
    ]
    changes.sort(key=lambda change: change[0])
    load = _Load()
    for number, (moment, sign, row) in enumerate(changes):
        load.change(row, sign)
        if number + 1 == len(changes) or changes[number + 1][0] != moment:
            yield moment, load.taken


class _Load:
    def __init__(self) -> None:
        self.taken = 0
        self._team_rows: Counter[str] = Counter()
        self._people: Counter[str] = Counter()

    def change(self, row: Seats, sign: int) -> None:
        if row.team_id is None:
            self.taken += sign * row.seats
        elif row.is_person:
            self._people[row.team_id] += sign * row.seats
            if not self._team_rows[row.team_id]:
                self.taken += sign * row.seats
        else:
            self._change_team(row.team_id, sign, sign * row.seats)

    def _change_team(self, team_id: str, sign: int, seats: int) -> None:
        had_row = self._team_rows[team_id] > 0
        self._team_rows[team_id] += sign
        has_row = self._team_rows[team_id] > 0
        self.taken += seats
        if had_row != has_row:
            self.taken += self._people[team_id] if had_row else -self._people[team_id]
