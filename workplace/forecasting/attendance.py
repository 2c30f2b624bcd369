"""What is known of a location's people at a moment: who came when, who is in which team, who said what."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workplace.forecasting.special_days import SpecialDays

Seen = NDArray[np.int8]
Indices = NDArray[np.int64]

UNKNOWN, AWAY, CAME = -1, 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """Plans that people told: one entry each in four columns of the same length.

    `people` and `days` are indices, `known_from` the index of the day from which the plan was known, `plans`
    is CAME for a plan to come and AWAY for a plan not to.
    """

    people: Indices
    days: Indices
    known_from: Indices
    plans: Seen

    def known_at(self, origin: int, *, horizon: int, number: int) -> Seen:
        """Give the plan of each of `number` people for the days ahead, shape (people, horizon).

        UNKNOWN where nothing was told before the origin; of several plans the last one counts.
        """
        told = np.full((number, horizon), UNKNOWN, dtype=np.int8)
        ahead = self.days - origin
        known = (ahead >= 0) & (ahead < horizon) & (self.known_from < origin)
        order = np.flatnonzero(known)
        order = order[np.argsort(self.known_from[order], kind="stable")]
        told[self.people[order], ahead[order]] = self.plans[order]
        return told

    def of_people(self, new_index: Indices) -> "Declared":
        """Give the plans of those who have a new index; -1 drops a person's."""
        kept = new_index[self.people] >= 0
        return Declared(
            people=new_index[self.people[kept]],
            days=self.days[kept],
            known_from=self.known_from[kept],
            plans=self.plans[kept],
        )


NOTHING_DECLARED = Declared(
    people=np.zeros(0, dtype=np.int64),
    days=np.zeros(0, dtype=np.int64),
    known_from=np.zeros(0, dtype=np.int64),
    plans=np.zeros(0, dtype=np.int8),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Who came: `seen` (people, known days), UNKNOWN for days before somebody belonged here.

    `teams` (people,) numbers each person's team from 0, -1 for none; `days` go on into the future.
    """

    seen: Seen
    teams: Indices
    days: SpecialDays
    declared: Declared = NOTHING_DECLARED

    @property
    def people(self) -> int:
        return len(self.seen)

    @property
    def known_days(self) -> int:
        return int(self.seen.shape[1])

    def of_people(self, chosen: Indices) -> "Attendance":
        """Give what is known of some of the people, by their indices in rising order."""
        new_index = np.full(self.people, -1, dtype=np.int64)
        new_index[chosen] = np.arange(len(chosen))
        return Attendance(
            seen=self.seen[chosen],
            teams=self.teams[chosen],
            days=self.days,
            declared=self.declared.of_people(new_index),
        )
