"""The states of a run: taken in hand, on its way, finished; each change is one statement.

A worker that dies leaves its run `processing` without a sign of life; another one takes it up.
Source: workplace-api, section 6; forecasting, "job ≤ 15 s".
"""

import datetime as dt
from typing import Any

from django.db.models import F, Q

from workplace.models import ACTIVE_STATES, Evolution, EvolutionStatus

DEAD_AFTER = dt.timedelta(minutes=3)
FORGOTTEN_AFTER = dt.timedelta(seconds=30)
MOST_ATTEMPTS = 3


def due(*, now: dt.datetime) -> list[str]:
    """List the active runs that nobody has in hand: never sent, waiting, or left by a dead worker."""
    forgotten = Q(status=EvolutionStatus.CREATED, created_at__lte=now - FORGOTTEN_AFTER)
    found = Evolution.objects.filter(forgotten | _left(now=now)).exclude(
        forecast_job__state__in=ACTIVE_STATES
    )
    return [str(id_) for id_ in found.order_by("created_at", "pk").values_list("pk", flat=True)]


def waiting_for(job_id: str) -> list[str]:
    """List the runs that wait for a forecast that is over, however it ended."""
    found = Evolution.objects.filter(status=EvolutionStatus.CREATED, forecast_job=job_id).exclude(
        forecast_job__state__in=ACTIVE_STATES
    )
    return [str(id_) for id_ in found.values_list("pk", flat=True)]


def take(evolution_id: str, *, now: dt.datetime) -> Evolution | None:
    """Take a run in hand; None when somebody else has it, it is finished, or it failed too often."""
    mine = Evolution.objects.filter(
        Q(status=EvolutionStatus.CREATED) | _left(now=now), pk=evolution_id
    )
    if mine.filter(attempts__gte=MOST_ATTEMPTS).update(
        status=EvolutionStatus.FAILED,
        error_code="gave_up",
        error_message="The run was interrupted too often",
        finished_at=now,
    ):
        return None
    taken = mine.update(
        status=EvolutionStatus.PROCESSING,
        heartbeat_at=now,
        attempts=F("attempts") + 1,
        progress=5,
    )
    if not taken:
        return None
    evolution = Evolution.objects.select_related("site").get(pk=evolution_id)
    if evolution.started_at is None:
        evolution.started_at = now
        evolution.save(update_fields=["started_at"])
    return evolution


def wait(evolution: Evolution) -> None:
    """Put a run back until the forecast that it needs is there; that is no attempt."""
    held_by(evolution).update(
        status=EvolutionStatus.CREATED,
        attempts=F("attempts") - 1,
        forecast_job=evolution.forecast_job_id,
        heartbeat_at=None,
    )


def tell(evolution: Evolution, *, progress: int, now: dt.datetime) -> None:
    """Show how far a run is, and that it lives."""
    held_by(evolution).update(progress=progress, heartbeat_at=now)


def finish(
    evolution: Evolution, status: EvolutionStatus, *, now: dt.datetime, **fields: Any
) -> bool:
    """End a run, unless another worker has taken it up meanwhile; say whether it was still ours."""
    done = held_by(evolution).update(status=status, progress=100, finished_at=now, **fields)
    return bool(done)


def held_by(evolution: Evolution) -> Any:
    """Return the row while it is still in the hand that took this attempt."""
    return Evolution.objects.filter(
        pk=evolution.pk, status=EvolutionStatus.PROCESSING, attempts=evolution.attempts
    )


def _left(*, now: dt.datetime) -> Q:
    return Q(status=EvolutionStatus.PROCESSING) & (
        Q(heartbeat_at__lte=now - DEAD_AFTER) | Q(heartbeat_at=None)
    )
