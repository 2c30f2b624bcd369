"""Why each team sits elsewhere than before, as data; the edges put it into words."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from workplace.seating.problems import Problem, Whole


class Reason(StrEnum):
    """Why people of a team got other seats, the first that applies."""

    NEW = "new"  # the team had no seats before
    GROWN = "grown"  # more people of the team come than before
    CLOSED = "closed"  # their zone has no seats to give that day
    AREA = "area"  # their zone is no longer among those the team may use
    ROOM = "room"  # the team asked for a room and got one
    TOO_SMALL = "too_small"  # their zone cannot hold the whole team
    TOGETHER = "together"  # the team sits in fewer zones than before
    PREFERRED = "preferred"  # the team likes the new zone better
    MADE_WAY = "made_way"  # their seats went to another team, for which it matters more
    BALANCED = "balanced"  # the whole costs less so


@dataclass(frozen=True, kw_only=True)
class Move:
    """So many people of a team go from one zone (None: they had no seat) to another, and why.

    `other_team` is the team that got most of their seats, where they made way.
    """

    team: int
    people: int
    from_zone: int | None
    to_zone: int
    reason: Reason
    other_team: int | None = None


def moves(problem: Problem, seats: Whole) -> list[Move]:
    """Give the moves from the previous seats to these [T, Z], team by team."""
    return [
        _explained(problem, seats, team, people, left, zone)
        for team in range(problem.teams)
        for people, left, zone in _pairs(problem.previous[team], seats[team])
    ]


def _pairs(before: Whole, after: Whole) -> Iterator[tuple[int, int | None, int]]:
    """Pair gained seats with lost ones, the larger first: (people, from zone, to zone)."""
    lost = [[int(before[z] - after[z]), int(z)] for z in np.flatnonzero(before > after)]
    gained = [[int(after[z] - before[z]), int(z)] for z in np.flatnonzero(after > before)]
    lost.sort(key=lambda entry: -entry[0])
    for missing, zone in sorted(gained, key=lambda entry: -entry[0]):
        while missing and lost:
            people = min(missing, lost[0][0])
            yield people, lost[0][1], zone
            missing -= people
            lost[0][0] -= people
            if not lost[0][0]:
                lost.pop(0)
        if missing:
            yield missing, None, zone


def _explained(
    problem: Problem, seats: Whole, team: int, people: int, left: int | None, zone: int
) -> Move:
    if left is None:
        reason = Reason.GROWN if problem.previous[team].any() else Reason.NEW
        return Move(team=team, people=people, from_zone=None, to_zone=zone, reason=reason)
    reason = _reason(problem, seats, team, left, zone)
    other = _who_took(problem, seats, team, left)
    if reason is Reason.BALANCED and other is not None:
        reason = Reason.MADE_WAY
    return Move(
        team=team,
        people=people,
        from_zone=left,
        to_zone=zone,
        reason=reason,
        other_team=other if reason is Reason.MADE_WAY else None,
    )


def _reason(problem: Problem, seats: Whole, team: int, left: int, zone: int) -> Reason:
    before, after = problem.previous[team] > 0, seats[team] > 0
    cases = (
        (problem.capacity[left] == 0, Reason.CLOSED),
        (not problem.allowed[team, left], Reason.AREA),
        (problem.wants_room[team] and problem.exclusive[zone], Reason.ROOM),
        (problem.capacity[left] < problem.demand[team] and not after[left], Reason.TOO_SMALL),
        (after.sum() < before.sum(), Reason.TOGETHER),
        (problem.preference[team, zone] > problem.preference[team, left] + 0.2, Reason.PREFERRED),
    )
    return next((reason for applies, reason in cases if applies), Reason.BALANCED)


def _who_took(problem: Problem, seats: Whole, team: int, zone: int) -> int | None:
    gained = seats[:, zone] - problem.previous[:, zone]
    gained[team] = 0
    return int(gained.argmax()) if gained.size and gained.max() > 0 else None
