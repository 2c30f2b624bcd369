"""Forecasts as the Workplace API writes them. Source: workplace-api, section 5."""

import datetime as dt
from typing import Any

from workplace.domain.times import written
from workplace.models import LocationForecast, PersonForecast, TeamForecast

SURE, LIKELY = 0.80, 0.50
_HOUR = dt.timedelta(hours=1)


def location(row: LocationForecast, *, tenant: str | None) -> dict[str, Any]:
    """Write a location's day."""
    forecast = float(row.forecast)
    return {
        **_place(row, tenant),
        **_time(row),
        "capacity": row.capacity,
        "head_count": row.head_count,
        "forecast": forecast,
        "forecast_inc": row.forecast_inc,
        **_intervals(row),
        "intentions": row.intentions,
        "utilisation": _part(forecast, row.capacity),
        "utilisation_inc": _part(row.forecast_inc, row.capacity),
        "over_capacity_probability": row.over_capacity_probability,
        "is_holiday": row.is_holiday,
        "quality": row.quality,
        "model": {"name": row.model_name, "version": row.model_version},
        "created_at": written(row.created_at),
    }


def hour(
    row: LocationForecast,
    number: int,
    starts_at: dt.datetime,
    forecast: float,
    *,
    tenant: str | None,
) -> dict[str, Any]:
    """Write an hour of a location's day: how many arrive in it, and with wishes."""
    day = float(row.forecast)
    return {
        **_place(row, tenant),
        "date": row.day.isoformat(),
        "hour": number,
        "starts_at": written(starts_at),
        "ends_at": written(starts_at + _HOUR),
        "forecast": forecast,
        "forecast_inc": round(forecast / day * row.forecast_inc, 2) if day else 0.0,
        "quality": row.quality,
        "created_at": written(row.created_at),
    }


def team(row: TeamForecast, *, tenant: str | None) -> dict[str, Any]:
    """Write a team's day."""
    return {
        **_place(row, tenant),
        **_time(row),
        "team_id": row.team_id,
        "team_name": row.team.name,
        "organization_id": row.team.organization_id,
        "head_count": row.head_count,
        "min_capacity": row.min_capacity,
        "target": row.target,
        "contingency": row.contingency,
        "co_attendance": row.co_attendance,
        "forecast": float(row.forecast),
        "forecast_inc": row.forecast_inc,
        **_intervals(row),
        "intentions": row.intentions,
        "is_holiday": row.is_holiday,
        "quality": row.quality,
        "created_at": written(row.created_at),
    }


def person(row: PersonForecast, *, tenant: str | None) -> dict[str, Any]:
    """Write a person's day."""
    return {
        "_id": row.pk,
        "job_id": _job(row, tenant),
        "people_id": row.person_id,
        "external_id": row.person.external_id or None,
        "team_id": row.team_id,
        "location_id": row.site_id,
        **_time(row),
        "probability": row.probability,
        "probability_inc": row.probability_inc,
        "class": class_of(row.probability_inc),
        "has_intention": row.intention_id is not None,
        "intention_id": row.intention_id,
        "created_at": written(row.created_at),
    }


def class_of(probability: float) -> str:
    """Say how sure a person's coming is. Source: workplace-api, section 2, "person forecast class"."""
    if probability >= SURE:
        return "AUTO"
    return "LIKELY" if probability >= LIKELY else "UNLIKELY"


def _place(row: Any, tenant: str | None) -> dict[str, Any]:
    return {
        "_id": row.pk,
        "job_id": _job(row, tenant),
        "location_id": row.site_id,
        "location_name": row.site.name,
        "timezone": row.site.time_zone,
    }


def _time(row: Any) -> dict[str, Any]:
    return {
        "date": row.day.isoformat(),
        "starts_at": written(row.starts_at),
        "ends_at": written(row.ends_at),
    }


def _job(row: Any, tenant: str | None) -> str | None:
    """Name the job to its own tenant and to the operator alone."""
    if row.job is None or tenant not in (None, row.job.organization_id):
        return None
    job_id: str = row.job_id
    return job_id


def _intervals(row: LocationForecast | TeamForecast) -> dict[str, Any]:
    return {
        "interval_80": {"low": row.low_80, "high": row.high_80},
        "interval_95": {"low": row.low_95, "high": row.high_95},
    }


def _part(number: float, capacity: int | None) -> float | None:
    return round(number / capacity, 3) if capacity else None
