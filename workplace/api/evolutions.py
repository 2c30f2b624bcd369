"""/evolve/start and /evolve/status: runs that work out who sits where on a day.

Source: Workplace API, /evolve; workplace-api, section 6.
"""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from config import clock, health
from workplace.api import inputs
from workplace.api.fields import Fields
from workplace.api.views import WorkplaceView
from workplace.domain import evolutions
from workplace.domain.evolutions import Wish
from workplace.domain.refusals import QueueUnavailable
from workplace.domain.times import written, written_or_none
from workplace.models import Disruption, Evolution

_COUNTS = ("created", "updated", "deleted", "kept_locked")
_UNSEATED = ("team_id", "people_id", "unseated")
_RESULT = (
    "allocations",
    "seated",
    "unseated",
    "teams_split",
    "layers_split",
    "people_moved",
    "objective",
    "lower_bound",
    "gap",
    "solver",
    "elapsed_ms",
    "unseated_teams",
)


class EvolveStartView(WorkplaceView):
    resource = "evolution"
    identifiers = {"POST": "start_evolution"}
    keeps_answers = False  # a run that is under way is answered again

    def post(self, request: Request) -> Response:
        """Start a run for a location and day, or return the one under way."""
        body = inputs.body(request)
        body.only("location_id", "date", "settings")
        body.require("location_id", "date")
        site_id, day, wish = body.id("location_id"), body.day("date"), _wish(body)
        body.problems.refuse()
        assert site_id is not None
        assert day is not None
        if not health.broker_answers():
            raise QueueUnavailable
        started = evolutions.start(site_id, day, wish, tenant=self.tenant, now=clock.now())
        return self.ok(
            {
                "evolution_id": str(started.evolution.pk),
                "status": started.evolution.status,
                "reused": started.is_reused,
            }
        )


class EvolveStatusView(WorkplaceView):
    resource = "evolution_status"

    def get(self, request: Request) -> Response:
        """Show how far a run is, and what came of it."""
        params = inputs.query(request)
        params.require("evolution_id")
        evolution_id = _uuid(params, "evolution_id")
        params.problems.refuse()
        assert evolution_id is not None
        return self.ok(shown(evolutions.by_id(evolution_id, tenant=self.tenant)))


def shown(evolution: Evolution) -> dict[str, Any]:
    """Show a run."""
    return {
        "evolution_id": str(evolution.pk),
        "status": evolution.status,
        "progress": evolution.progress,
        "location_id": evolution.site_id,
        "date": evolution.day.isoformat(),
        "settings": {
            "disruption": evolution.disruption,
            "run_by_zone": evolution.run_by_zone,
        },
        "result": _result(evolution.result),
        "error": _error(evolution),
        "created_at": written(evolution.created_at),
        "started_at": written_or_none(evolution.started_at),
        "finished_at": written_or_none(evolution.finished_at),
    }


def _result(stored: dict[str, Any] | None) -> dict[str, Any] | None:
    """Show the figures in the documents' order, which the database does not keep."""
    if stored is None:
        return None
    shown_first = {name: stored[name] for name in _RESULT}
    shown_first["allocations"] = {name: stored["allocations"][name] for name in _COUNTS}
    shown_first["unseated_teams"] = [
        {name: each[name] for name in _UNSEATED} for each in stored["unseated_teams"]
    ]
    return shown_first


def _error(evolution: Evolution) -> dict[str, str] | None:
    if not evolution.error_code:
        return None
    return {"code": evolution.error_code, "message": evolution.error_message}


def _wish(body: Fields) -> Wish:
    settings = body.raw("settings")
    if settings is None:
        return Wish()
    if not isinstance(settings, dict):
        body.note("settings", "must be an object")
        return Wish()
    inner = Fields(values=settings, problems=body.problems, at="settings")
    inner.only("disruption", "run_by_zone")
    return Wish(
        disruption=inner.choice("disruption", among=Disruption.values) or Disruption.MIN,
        run_by_zone=inner.boolean("run_by_zone") or False,
    )


def _uuid(params: Fields, name: str) -> UUID | None:
    value = params.text(name)
    if value is None:
        return None
    try:
        return UUID(value)
    except ValueError:
        params.note(name, "must be a UUID")
        return None
