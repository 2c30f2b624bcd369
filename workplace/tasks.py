"""Background work about the workplace; the schedule stands in the settings."""

import datetime as dt

from celery import shared_task

from config import clock
from workplace.domain import intention_seating


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
