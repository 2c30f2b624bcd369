"""What the OpenAPI document says about forecasts."""

from config.api.openapi import (
    BOOLEAN,
    INSTANT,
    INTEGER,
    OBJECT_ID,
    STRING,
    Schema,
    array,
    in_query,
    nullable,
    record,
)
from workplace.api import forecast_jobs
from workplace.api.describe import (
    DATE,
    PAGINATION,
    listed,
    one_id,
    operation,
    paged,
    ranged,
    several_ids,
)
from workplace.api.forecasts import GRANULARITIES, LOCATION_SORTS, PEOPLE_SORTS, TEAM_SORTS
from workplace.api.paging import MOST
from workplace.models import JobState, Quality

TAG = "Forecasts"
_NUMBER: Schema = {"type": "number", "minimum": 0}
_CHANCE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
_STATE: Schema = {"enum": JobState.values}
_QUALITY: Schema = {"enum": Quality.values}
_BAND = record({"low": INTEGER, "high": INTEGER})
_PLACE: dict[str, Schema] = {
    "_id": OBJECT_ID,
    "job_id": nullable(OBJECT_ID),
    "location_id": OBJECT_ID,
    "location_name": STRING,
    "timezone": STRING,
}
_TIME: dict[str, Schema] = {"date": DATE, "starts_at": INSTANT, "ends_at": INSTANT}
_EXPECTED: dict[str, Schema] = {
    "forecast": _NUMBER,
    "forecast_inc": INTEGER,
    "interval_80": _BAND,
    "interval_95": _BAND,
    "intentions": INTEGER,
}
_MADE: dict[str, Schema] = {"quality": _QUALITY, "created_at": INSTANT}
_LOCATION = record(
    {
        **_PLACE,
        **_TIME,
        "capacity": nullable(INTEGER),
        "head_count": INTEGER,
        **_EXPECTED,
        "utilisation": nullable(_NUMBER),
        "utilisation_inc": nullable(_NUMBER),
        "over_capacity_probability": nullable(_CHANCE),
        "is_holiday": BOOLEAN,
        "quality": _QUALITY,
        "model": record({"name": STRING, "version": STRING}),
        "created_at": INSTANT,
    }
)
_HOUR = record(
    {
        **_PLACE,
        "date": DATE,
        "hour": {"type": "integer", "minimum": 0, "maximum": 23},
        "starts_at": INSTANT,
        "ends_at": INSTANT,
        "forecast": _NUMBER,
        "forecast_inc": _NUMBER,
        **_MADE,
    }
)
_TEAM = record(
    {
        **_PLACE,
        **_TIME,
        "team_id": OBJECT_ID,
        "team_name": STRING,
        "organization_id": OBJECT_ID,
        "head_count": INTEGER,
        "min_capacity": INTEGER,
        "target": nullable(INTEGER),
        "contingency": INTEGER,
        "co_attendance": nullable(_NUMBER),
        **_EXPECTED,
        "is_holiday": BOOLEAN,
        **_MADE,
    }
)
_PERSON = record(
    {
        "_id": OBJECT_ID,
        "job_id": nullable(OBJECT_ID),
        "people_id": OBJECT_ID,
        "external_id": nullable(STRING),
        "team_id": nullable(OBJECT_ID),
        "location_id": OBJECT_ID,
        **_TIME,
        "probability": _CHANCE,
        "probability_inc": _CHANCE,
        "class": {"enum": ["AUTO", "LIKELY", "UNLIKELY"]},
        "has_intention": BOOLEAN,
        "intention_id": nullable(OBJECT_ID),
        "created_at": INSTANT,
    }
)
_STARTED = record(
    {
        "job_id": OBJECT_ID,
        "location_id": OBJECT_ID,
        "state": _STATE,
        "reused": BOOLEAN,
        "starts_at": DATE,
        "ends_at": DATE,
        "created_at": INSTANT,
    }
)
_MEASURE = nullable({"type": "number"})
_JOB = record(
    {
        "job_id": OBJECT_ID,
        "location_id": OBJECT_ID,
        "state": _STATE,
        "progress": {"type": "integer", "minimum": 0, "maximum": 100},
        "starts_at": DATE,
        "ends_at": DATE,
        "force_rebuild": BOOLEAN,
        "reused_count": INTEGER,
        "rows": record({"locations": INTEGER, "teams": INTEGER, "people": INTEGER}),
        "quality": nullable(_QUALITY),
        "metrics": record(
            {
                "wape_28d": _MEASURE,
                "mase_28d": _MEASURE,
                "coverage80_28d": _MEASURE,
                "brier_28d": _MEASURE,
            }
        ),
        "error": nullable(record({"code": STRING, "message": STRING})),
        "created_at": INSTANT,
        "started_at": nullable(INSTANT),
        "finished_at": nullable(INSTANT),
    }
)


def paths() -> Schema:
    """Describe everything under `/forecast`."""
    return {
        "/workplace/v1/forecast/start": {"post": _start()},
        "/workplace/v1/forecast/status": {"get": _status()},
        "/workplace/v1/forecast/locations": {"get": _locations()},
        "/workplace/v1/forecast/teams": {"get": _teams()},
        "/workplace/v1/forecast/people": {"get": _people()},
    }


def _start() -> Schema:
    return operation(
        identifier="start_forecast",
        summary="Forecast a location",
        description=(
            "Queues the forecast of a location: today and the 27 days after it, or other days, at most "
            "92 that begin yesterday at the earliest and 92 days ahead at the latest. An active job, or one "
            "completed in the last six hours after which neither presence nor plans changed, is answered "
            "again with `reused`. `force_rebuild` has a running job run once more, and otherwise makes a "
            "new one."
        ),
        tag=TAG,
        scope="workplace:write",
        body=record(
            {"location_id": OBJECT_ID},
            {
                "starts_at": nullable(DATE),
                "ends_at": nullable(DATE),
                "force_rebuild": nullable(BOOLEAN),
            },
        ),
        example={
            "location_id": "68824ca5369c856b7c670510",
            "starts_at": "2025-06-20",
            "ends_at": "2025-07-31",
        },
        data=_STARTED,
        more_refusals={503: "queue_unavailable"},
    )


def _status() -> Schema:
    return operation(
        identifier="get_forecast_status",
        summary="Forecast jobs",
        description=(
            "Lists forecast jobs with what they measured on the last four weeks. With `job_id`, `state` "
            "stands beside the list."
        ),
        tag=TAG,
        scope="workplace:read",
        parameters=[
            one_id("job_id", "Only this job."),
            one_id("location_id", "Only of this location."),
            in_query("date_from", DATE, "Only jobs created on this day (UTC) or after."),
            in_query("date_to", DATE, "Only jobs created on this day (UTC) or before."),
            *paged(tuple(forecast_jobs.SORTS), default=forecast_jobs.DEFAULT_SORT),
        ],
        data=record(
            {
                "jobs": array(_JOB, maxItems=MOST),
                "pagination": PAGINATION,
                "state": nullable(_STATE),
            },
            may_lack=("state",),
        ),
    )


def _locations() -> Schema:
    hours = "`hour` lists the arrivals of each open hour, which sum to the day."
    return operation(
        identifier="get_location_forecasts",
        summary="Forecasts of locations",
        description=(
            "Lists how many people each location may expect on a local day: `forecast` from what was seen, "
            "`forecast_inc` with minimum targets, intentions and contingencies. An organization's key "
            "counts its own people."
        ),
        tag=TAG,
        scope="workplace:read",
        parameters=[
            several_ids("location_id", "Only these locations."),
            *ranged(),
            in_query("granularity", {"enum": list(GRANULARITIES), "default": "day"}, hours),
            *paged(tuple(LOCATION_SORTS), default="starts_at"),
        ],
        data=listed("forecasts", {"anyOf": [_LOCATION, _HOUR]}),
    )


def _teams() -> Schema:
    return operation(
        identifier="get_team_forecasts",
        summary="Forecasts of teams",
        description="Lists how many of each team a location may expect on a local day.",
        tag=TAG,
        scope="workplace:read",
        parameters=[
            several_ids("location_id", "Only at these locations."),
            several_ids("team_id", "Only of these teams."),
            *ranged(),
            *paged(tuple(TEAM_SORTS), default="starts_at"),
        ],
        data=listed("forecasts", _TEAM),
    )


def _people() -> Schema:
    return operation(
        identifier="get_people_forecasts",
        summary="Forecasts of people",
        description=(
            "Lists how likely each person is at a location on a local day; `class` is by "
            "`probability_inc`. People who hide their schedule, and those of organizations that have these "
            "forecasts off, are left out; 403 for the key of such an organization. Each reading is "
            "logged. Needs the scope `people:forecast` too."
        ),
        tag=TAG,
        scope="workplace:read",
        parameters=[
            several_ids("location_id", "Only at these locations."),
            several_ids("people_id", "Only of these people."),
            several_ids("team_id", "Only of these teams."),
            *ranged(),
            *paged(tuple(PEOPLE_SORTS), default="starts_at"),
        ],
        data=listed("forecasts", _PERSON),
    )
