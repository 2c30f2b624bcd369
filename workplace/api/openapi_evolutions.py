"""What the OpenAPI document says about evolutions."""

from config.api.openapi import (
    BOOLEAN,
    INSTANT,
    INTEGER,
    NUMBER,
    OBJECT_ID,
    STRING,
    Schema,
    array,
    in_query,
    nullable,
    record,
)
from workplace.api.describe import DATE, operation
from workplace.models import Disruption, EvolutionStatus

TAG = "Evolution"
_UUID: Schema = {"type": "string", "format": "uuid"}
_STATUS: Schema = {"enum": EvolutionStatus.values}
_DISRUPTION: Schema = {"enum": Disruption.values}
_RESULT = record(
    {
        "allocations": record(
            {"created": INTEGER, "updated": INTEGER, "deleted": INTEGER, "kept_locked": INTEGER}
        ),
        "seated": INTEGER,
        "unseated": INTEGER,
        "teams_split": INTEGER,
        "layers_split": INTEGER,
        "people_moved": INTEGER,
        "objective": NUMBER,
        "lower_bound": nullable(NUMBER),
        "gap": nullable(NUMBER),
        "solver": {"enum": ["lns", "exact"]},
        "elapsed_ms": INTEGER,
        "unseated_teams": array(
            record(
                {
                    "team_id": nullable(OBJECT_ID),
                    "people_id": nullable(OBJECT_ID),
                    "unseated": INTEGER,
                }
            )
        ),
    }
)


def paths() -> Schema:
    """Describe `/evolve/start` and `/evolve/status`."""
    return {
        "/workplace/v1/evolve/start": {"post": _start()},
        "/workplace/v1/evolve/status": {"get": _status()},
    }


def _start() -> Schema:
    settings = record({}, {"disruption": nullable(_DISRUPTION), "run_by_zone": nullable(BOOLEAN)})
    return operation(
        identifier="start_evolution",
        summary="Start an evolution",
        description=(
            "Works out in the background who sits where on a day, from today to 90 days ahead, and "
            "publishes it. Allocations by hand, by the API and locked ones stay. A run under way for "
            "the same location and day is answered again, `reused`. `disruption` `MAX` moves people "
            "for a better plan; with `run_by_zone` nobody gets a desk of their own. After the location's "
            "cut-off for the day those who have accepted to come are seated, before it those whom the "
            "forecast expects."
        ),
        tag=TAG,
        scope="workplace:write",
        body=record({"location_id": OBJECT_ID, "date": DATE}, {"settings": nullable(settings)}),
        example={"location_id": "68824ca5369c856b7c670510", "date": "2025-08-08"},
        data=record({"evolution_id": _UUID, "status": _STATUS, "reused": BOOLEAN}),
        more_refusals={503: "queue_unavailable"},
    )


def _status() -> Schema:
    return operation(
        identifier="get_evolution_status",
        summary="An evolution's status",
        description=(
            "`created` and `processing` with `progress` in per cent; then `successful`, "
            "`no_execution` when nothing was to change, or `failed`, which changed nothing. "
            "`objective` is what the plan costs, `lower_bound` what no plan costs less than, where "
            "that is known. Who found no seat is listed."
        ),
        tag=TAG,
        scope="workplace:read",
        parameters=[in_query("evolution_id", _UUID, "Which run.", required=True)],
        data=record(
            {
                "evolution_id": _UUID,
                "status": _STATUS,
                "progress": INTEGER,
                "location_id": OBJECT_ID,
                "date": DATE,
                "settings": record({"disruption": _DISRUPTION, "run_by_zone": BOOLEAN}),
                "result": nullable(_RESULT),
                "error": nullable(record({"code": STRING, "message": STRING})),
                "created_at": INSTANT,
                "started_at": nullable(INSTANT),
                "finished_at": nullable(INSTANT),
            }
        ),
    )
