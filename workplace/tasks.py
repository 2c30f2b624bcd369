"""Background work about the workplace; the schedule stands in the settings."""

import datetime as dt

import structlog
from celery import shared_task

from config import clock
from workplace.domain import (
    evolution_states,
    intention_seating,
    meeting_following,
    occupancy_deletion,
    personal_reads,
    scheduled_intentions,
)

log = structlog.get_logger(__name__)


@shared_task(name="workplace.settle_intention")
def settle_intention(site_id: str, day: str, person_id: str | None) -> None:
    """Do what follows from a plan that was made, changed or removed."""
    if person_id is not None:
        on = dt.date.fromisoformat(day)
        intention_seating.seat_day(site_id, on, person_id, now=clock.now())


@shared_task(name="workplace.sweep_intentions")
def sweep_intentions() -> None:
    """Seat whom a dead broker missed."""
    intention_seating.sweep(now=clock.now())


@shared_task(name="workplace.evolve")
def evolve(evolution_id: str) -> None:
    """Work out and publish who sits where."""
    from workplace.domain import evolution_runs  # heavy, and for the worker alone

    evolution_runs.run(evolution_id, clock=clock.now)


@shared_task(name="workplace.sweep_evolutions")
def sweep_evolutions() -> None:
    """Take up the runs that a dead broker or a dead worker left."""
    for evolution_id in evolution_states.due(now=clock.now()):
        try:
            evolve(evolution_id)
        except Exception:
            log.exception("workplace.sweep_evolution_failed", evolution=evolution_id)


@shared_task(name="workplace.follow_meetings")
def follow_meetings(meeting_ids: list[str]) -> None:
    """Bring what is planned up to date with meetings that something happened to."""
    meeting_following.follow(meeting_ids, now=clock.now())


@shared_task(name="workplace.sweep_meetings")
def sweep_meetings() -> None:
    """Follow the meetings that a dead broker missed."""
    meeting_following.sweep(now=clock.now())


@shared_task(name="workplace.purge_occupancy")
def purge_occupancy() -> None:
    """Forget presence that was deleted long enough ago."""
    occupancy_deletion.purge(now=clock.now())


@shared_task(name="workplace.age_occupancy")
def age_occupancy() -> None:
    """Keep of old presence the numbers alone."""
    occupancy_deletion.age(now=clock.now())


@shared_task(name="workplace.prune_personal_reads")
def prune_personal_reads() -> None:
    """Forget who looked at what long enough ago."""
    personal_reads.prune(now=clock.now())


@shared_task(name="workplace.plan_ahead")
def plan_ahead() -> None:
    """Put people down for their sure, likely and usual days, where that is switched on."""
    scheduled_intentions.plan_ahead(now=clock.now())
