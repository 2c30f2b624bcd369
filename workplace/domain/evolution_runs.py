"""Running an evolution: read the day, seat the teams, propose, publish.

Imported by the background worker only. Source: workplace-api, sections 6, 12 and 13.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction

from workplace.domain import (
    evolution_days,
    evolution_forecasts,
    evolution_problems,
    evolution_proposals,
    evolution_publishing,
    evolution_rows,
    evolution_states,
    evolutions,
)
from workplace.domain.evolution_facts import DayFacts
from workplace.domain.evolution_problems import Layout
from workplace.domain.evolution_publishing import DayChanged
from workplace.domain.evolution_rows import PlannedRow
from workplace.models import Evolution, EvolutionStatus
from workplace.seating import plans
from workplace.seating.plans import Plan
from workplace.seating.problems import Whole

TRIES = 3  # of a day that changes while it is planned
Clock = Callable[[], dt.datetime]

log = structlog.get_logger(__name__)


def run(evolution_id: str, *, clock: Clock) -> None:
    """Do a run that nobody has in hand; whatever fails ends it as `failed` and changes nothing."""
    evolution = evolution_states.take(evolution_id, now=clock())
    if evolution is None:
        return
    try:
        if evolution_forecasts.is_awaited(evolution, now=clock()):
            evolution_states.wait(evolution)
            return
        _work(evolution, clock=clock)
    except (OperationalError, InterfaceError):
        raise  # the database is away: the sweep takes the run up again
    except Exception as error:
        log.exception("workplace.evolution_failed", evolution=evolution_id)
        evolution_states.finish(
            evolution,
            EvolutionStatus.FAILED,
            now=clock(),
            error_code="internal_error",
            error_message=type(error).__name__,
        )


def _work(evolution: Evolution, *, clock: Clock) -> None:
    for _ in range(TRIES):
        try:
            _plan_and_publish(evolution, clock=clock)
        except DayChanged:
            log.info("workplace.evolution_day_changed", evolution=str(evolution.pk))
        else:
            return
    evolution_states.finish(
        evolution,
        EvolutionStatus.FAILED,
        now=clock(),
        error_code="day_keeps_changing",
        error_message="The day was changed while it was planned, several times",
    )


def _plan_and_publish(evolution: Evolution, *, clock: Clock) -> None:
    gathered = evolution_days.gather(
        evolution.site,
        evolution.day,
        organization_id=evolution.organization_id,
        asked_at=evolution.created_at,
    )
    facts = gathered.facts
    evolution_states.tell(evolution, progress=20, now=clock())
    layout = evolution_problems.lay_out(facts, disruption=evolution.disruption)
    plan, seats = _solved(evolution, facts, layout)
    evolution_states.tell(evolution, progress=80, now=clock())
    evolution.result = _result(facts, layout, plan, seats) | {
        "elapsed_ms": _elapsed_ms(evolution, clock())
    }
    if facts.is_idle:
        _leave(evolution, clock=clock)
        return
    rows = evolution_proposals.rows(facts, layout, seats, by_zone=evolution.run_by_zone)
    evolution.proposal = {
        "digest": facts.digest(),
        "rows": evolution_rows.as_json(rows),
        "moves": evolution_proposals.moves(layout, seats),
        "seats": _seats_by_id(layout, seats),
    }
    if evolution.waits_for_acceptance:
        found = evolution_rows.difference(gathered.standing, rows)
        _propose(evolution, found, kept_rows=facts.kept_rows, clock=clock)
    else:
        _publish(evolution, rows, digest=facts.digest(), clock=clock)


def _solved(evolution: Evolution, facts: DayFacts, layout: Layout) -> tuple[Plan, Whole]:
    """Seat the teams; a plan that stands is kept while nothing it depends on is other, or little better."""
    standing = layout.seats(facts.standing)
    rounds = 0 if facts.is_idle or _is_published(evolution, facts) else plans.ROUNDS
    start = standing if facts.standing else None
    plan = plans.solve(layout.problem, rounds=rounds, standing=start)
    if not facts.standing:
        return plan, plan.seats
    is_kept = not rounds or not plans.is_worth_it(layout.problem, plan, standing)
    return plan, standing if is_kept and plans.is_valid(layout.problem, standing) else plan.seats


def _is_published(evolution: Evolution, facts: DayFacts) -> bool:
    """Say whether the last published plan was made from the same facts."""
    last = (
        Evolution.objects.filter(
            organization=evolution.organization_id,
            site=evolution.site_id,
            day=evolution.day,
            published_at__isnull=False,
            rolled_back_at=None,
            disruption=evolution.disruption,
        )
        .order_by("-published_at")
        .values_list("proposal__digest", flat=True)
        .first()
    )
    return bool(facts.standing) and last == facts.digest()


def _result(facts: DayFacts, layout: Layout, plan: Plan, seats: Whole) -> dict[str, Any]:
    cost = plans.cost_of(layout.problem, seats)
    bound = plan.lower_bound
    return {
        "allocations": {"created": 0, "updated": 0, "deleted": 0, "kept_locked": facts.kept_rows},
        **evolution_proposals.figures(facts, layout, seats),
        "objective": round(cost, 3),
        "lower_bound": bound,
        "gap": None if bound is None else round((cost - bound) / cost, 4) if cost else 0.0,
        "solver": plan.solver,
        "unseated_teams": evolution_proposals.unseated(layout, seats),
    }


def _elapsed_ms(evolution: Evolution, now: dt.datetime) -> int:
    assert evolution.started_at is not None
    return int((now - evolution.started_at) / dt.timedelta(milliseconds=1))


def _seats_by_id(layout: Layout, seats: Whole) -> list[dict[str, Any]]:
    """Give the seats of each team by spot, for whoever looks at the plan."""
    return [
        {
            "team_id": layout.teams[team].id,
            "spot_id": layout.spots[spot].id,
            "people": int(seats[team, spot]),
        }
        for team, spot in zip(*seats.nonzero(), strict=True)
    ]


def _leave(evolution: Evolution, *, clock: Clock) -> None:
    evolution_states.finish(
        evolution, EvolutionStatus.NO_EXECUTION, now=clock(), result=evolution.result
    )


def _propose(
    evolution: Evolution, found: evolution_rows.Difference, *, kept_rows: int, clock: Clock
) -> None:
    counts = {**found.counts(), "kept_locked": kept_rows}
    evolution.result = {**(evolution.result or {}), "allocations": counts}
    status = EvolutionStatus.NO_EXECUTION if found.is_none else EvolutionStatus.SUCCESSFUL
    evolution_states.finish(
        evolution,
        status,
        now=clock(),
        result=evolution.result,
        proposal=None if found.is_none else evolution.proposal,
    )


@transaction.atomic
def _publish(
    evolution: Evolution, rows: Sequence[PlannedRow], *, digest: str, clock: Clock
) -> None:
    """Let the plan stand, if the run is still ours; one that changes nothing is no execution.

    :raises DayChanged:
    """
    if not evolution_states.held_by(evolution).select_for_update().exists():
        return
    done = evolution_publishing.publish(evolution, rows, digest=digest, now=clock())
    evolutions.record_publication(evolution, done, now=clock())
    if done.difference.is_none:
        _leave(evolution, clock=clock)
        return
    evolution_states.finish(
        evolution,
        EvolutionStatus.SUCCESSFUL,
        now=clock(),
        result=evolution.result,
        proposal=evolution.proposal,
        before=evolution.before,
        published_at=evolution.published_at,
    )
