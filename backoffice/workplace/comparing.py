"""A run's plan beside the one it takes the place of, and why people sit elsewhere."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise

from backoffice.workplace import day_plans, words
from backoffice.workplace.day_plans import DayPlan, House
from sites_app.models import Site
from workplace import selectors_plans
from workplace.domain import times
from workplace.domain.evolution_rows import PlannedRow, from_json
from workplace.models import AllocationSource, Evolution, Team
from workplace.selectors_plans import Seating

MOST_MOVES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """So many people of a team who sit elsewhere than the time before; `came_from` "" for new seats."""

    team_id: str | None
    team: str
    people: int
    came_from: str
    to_id: str
    to: str
    reason: str | Promise
    made_way_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Both plans by floors; the one that is not in force is as the run left it."""

    before: DayPlan
    after: DayPlan


def compared(run: Evolution, found: House, rows: Sequence[Seating]) -> Comparison:
    """Lay out the plan without and with the run; `rows` are those in force now."""
    if run.is_in_force:
        others = [row for row in rows if row.evolution_id != run.pk]
        stood = [entry["row"] for entry in (run.before or {}).get("rows", ())]
        before, after = [*others, *_seatings(from_json(stood))], list(rows)
    else:
        kept = [row for row in rows if not _gives_way(row, run)]
        planned = from_json((run.proposal or {}).get("rows", ()))
        before, after = list(rows), [*kept, *_seatings(planned)]
    teams = day_plans.teams_of([*before, *after])  # of both, so that each has one colour
    return Comparison(
        before=day_plans.laid_out(found, before, teams=teams),
        after=day_plans.laid_out(found, after, teams=teams),
    )


def of_day(site: Site, day: dt.date) -> DayPlan:
    """Lay out the plan in force on a local day with the reasons of the run that made it."""
    starts_at, ends_at = times.local_day(day, ZoneInfo(site.time_zone))
    rows = selectors_plans.seatings(site.pk, starts_at=starts_at, ends_at=ends_at)
    run = selectors_plans.in_force(site.pk, day=day)
    found = day_plans.house(site, room_ids=room_ids(run, rows))
    if run is None:
        return day_plans.laid_out(found, rows, teams=day_plans.teams_of(rows))
    named = selectors_plans.teams(team_ids(run))
    return day_plans.laid_out(
        found, rows, teams=day_plans.teams_of(rows), notes=notes(moves(run, found, named))
    )


def _gives_way(row: Seating, run: Evolution) -> bool:
    is_ours = run.organization_id is None or row.organization_id == run.organization_id
    return row.source == AllocationSource.EVOLUTION and not row.is_locked and is_ours


def _seatings(rows: Iterable[PlannedRow]) -> list[Seating]:
    return [
        Seating(
            organization_id=row.organization_id,
            layer_id=row.layer_id,
            zone_id=row.zone_id,
            room_id=row.room_id,
            team_id=row.team_id,
            evolution_id=None,
            source=AllocationSource.EVOLUTION,
            is_locked=False,
            seats=0 if row.person_id else row.seats,
            people=1 if row.person_id else 0,
        )
        for row in rows
    ]


def moves(run: Evolution, found: House, teams: Mapping[str, Team]) -> list[Moved]:
    """List the moves of the most people first, at most 200, with their reasons in words."""
    stored = sorted((run.proposal or {}).get("moves", ()), key=lambda move: -move["people"])
    places = {zone.pk: zone.name for zone in found.zones}
    places |= {room.pk: room.display_name for room, _layer in found.rooms}
    return [_moved(move, places, teams) for move in stored[:MOST_MOVES]]


def _moved(move: Mapping[str, Any], places: Mapping[str, str], teams: Mapping[str, Team]) -> Moved:
    team, other = teams.get(move["team_id"] or ""), teams.get(move["other_team_id"] or "")
    return Moved(
        team_id=move["team_id"],
        team=team.name if team else str(words.ALONE),
        people=move["people"],
        came_from=places.get(move["from"] or "", ""),
        to_id=move["to"],
        to=places.get(move["to"], ""),
        reason=words.REASONS.get(move["reason"], move["reason"]),
        made_way_for=other.name if other else "",
    )


def team_ids(run: Evolution) -> list[str]:
    """List the teams that a run's moves and left-over people name."""
    named = {
        team_id
        for move in (run.proposal or {}).get("moves", ())
        for team_id in (move["team_id"], move["other_team_id"])
    }
    named |= {one["team_id"] for one in (run.result or {}).get("unseated_teams", ())}
    return sorted(team_id for team_id in named if team_id)


def room_ids(run: Evolution | None, rows: Sequence[Seating]) -> set[str]:
    """Gather the rooms that stand in the plan in force, in the run's, or in the one before."""
    proposal, before = (run.proposal or {}, run.before or {}) if run else ({}, {})
    stored = [*proposal.get("rows", ()), *(entry["row"] for entry in before.get("rows", ()))]
    named = {row.room_id for row in rows} | {row["room_id"] for row in stored}
    return {room_id for room_id in named if room_id}


def notes(moved: Sequence[Moved]) -> dict[tuple[str | None, str], str]:
    """Say in a few words why a team sits in a place, for each move that ended there."""
    found: dict[tuple[str | None, str], str] = {}
    for move in moved:
        note = words.note(move.people, came_from=move.came_from, reason=move.reason)
        key = (move.team_id, move.to_id)
        found[key] = f"{found[key]}; {note}" if key in found else note
    return found
