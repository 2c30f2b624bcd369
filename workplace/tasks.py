"""Background work about the workplace; the schedule stands in the settings."""

import datetime as dt

import structlog
from celery import shared_task

from config import clock
from workplace.domain import (
    auto_evolutions,
    departures,
    evolution_states,
    evolutions,
    forecast_jobs,
    forecast_nights,
    forecast_updates,
    intention_seating,
    local_days,
    meeting_following,
    occupancy_deletion,
    personal_reads,
    scheduled_intentions,
)

log = structlog.get_logger(__name__)


@shared_task(name="workplace.settle_intention")
def settle_intention(site_id: str, days: list[str], person_id: str | None) -> None:
    """Do what follows from a plan for these days that was made, changed or removed."""
    for day in map(dt.date.fromisoformat, days):
        forecast_updates.plan_changed(site_id, day, person_id)
        if person_id is not None:
            intention_seating.seat_day(site_id, day, person_id, now=clock.now())


@shared_task(name="workplace.sweep_intentions")
def sweep_intentions() -> None:
    """Seat whom a dead broker missed, and count their plans."""
    now = clock.now()
    forecast_updates.sweep(now=now)
    intention_seating.sweep(now=now)


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


@shared_task(name="workplace.follow_departure")
def follow_departure(departure_id: str) -> None:
    """Take who left an organization out of its teams and plans."""
    departures.follow(departure_id, now=clock.now())


@shared_task(name="workplace.sweep_departures")
def sweep_departures() -> None:
    """Follow the departures that a dead broker missed."""
    departures.sweep(now=clock.now())


@shared_task(name="workplace.follow_clocks")
def follow_clocks() -> None:
    """Work out anew the local days of locations whose clock has changed."""
    local_days.follow_clocks()


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


@shared_task(name="workplace.evolve_by_itself")
def evolve_by_itself() -> None:
    """Start the evolutions that are due, where that is switched on."""
    auto_evolutions.start_due(now=clock.now())


@shared_task(name="workplace.run_forecast")
def run_forecast(job_id: str) -> None:
    """Forecast a location; then the plans that wait for it are worked out."""
    from workplace.domain import forecast_runs  # it loads numpy, which web processes never need

    forecast_runs.run(job_id, clock=clock.now)
    evolutions.go_on_after(job_id)


@shared_task(name="workplace.sweep_forecasts")
def sweep_forecasts() -> None:
    """Take up the forecasts that a dead broker or worker left."""
    forecast_jobs.sweep(now=clock.now())


@shared_task(name="workplace.forecast_all")
def forecast_all() -> None:
    """Forecast every location that is in use anew, learning from all that was seen since."""
    forecast_nights.ask_for_all(now=clock.now())
