"""What a location's page says, as plain values: plotted days, measured accuracy, what comes next."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from backoffice.workplace import words
from backoffice.workplace.attendance_plot import PlottedDay
from workplace.domain import accuracy
from workplace.domain.accuracy import Accuracy, PastDay
from workplace.models import Evolution, EvolutionStatus, ForecastJob, LocationForecast
from workplace.selectors_attendance import LocationDay

WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAhead:
    """A day to come and how far its plan is."""

    day: dt.date
    forecast: LocationForecast | None
    intentions: int
    plan: str | Promise
    is_closed: bool

    @property
    def utilisation(self) -> int | None:
        """How many of a hundred seats will be taken, wishes included."""
        row = self.forecast
        return round(100 * row.forecast_inc / row.capacity) if row and row.capacity else None


def plotted(days: Sequence[LocationDay]) -> list[PlottedDay]:
    """Turn days into what the plot draws."""
    return [_plotted(day) for day in days]


def _plotted(day: LocationDay) -> PlottedDay:
    row = None if _is_closed(day.forecast) else day.forecast
    return PlottedDay(
        day=day.day,
        seen=day.seen,
        expected=float(row.forecast) if row else None,
        low=row.low_80 if row else None,
        high=row.high_80 if row else None,
        intentions=day.intentions,
        is_closed=_is_closed(day.forecast),
    )


def _is_closed(row: LocationForecast | None) -> bool:
    return row is not None and row.is_closed


def past_accuracy(days: Sequence[LocationDay], *, today: dt.date) -> Accuracy | None:
    """Measure the open days before today whose forecast stood before anybody came."""
    by_day = {day.day: day for day in days}
    return accuracy.measured([_past(day, by_day) for day in days if _can_be_judged(day, today)])


def _can_be_judged(day: LocationDay, today: dt.date) -> bool:
    row = day.forecast
    if row is None or day.seen is None or day.day >= today or _is_closed(row):
        return False
    return accuracy.stood_in_time(made_at=row.created_at, day_starts_at=row.starts_at)


def _past(day: LocationDay, by_day: Mapping[dt.date, LocationDay]) -> PastDay:
    row, before = day.forecast, by_day.get(day.day - WEEK)
    assert row is not None
    assert day.seen is not None
    return PastDay(
        came=day.seen,
        expected=float(row.forecast),
        low=row.low_80,
        high=row.high_80,
        week_before=before.seen if before else None,
    )


def ahead(
    days: Sequence[LocationDay], runs: Sequence[Evolution], *, today: dt.date, number: int
) -> list[DayAhead]:
    """List the next days, today first, with the state of the newest run of each."""
    newest: dict[dt.date, Evolution] = {}
    for run in runs:
        newest.setdefault(run.day, run)
    coming = [day for day in days if day.day >= today][:number]
    return [
        DayAhead(
            day=day.day,
            forecast=day.forecast,
            intentions=day.intentions,
            plan=state_of(newest[day.day]) if day.day in newest else "",
            is_closed=_is_closed(day.forecast),
        )
        for day in coming
    ]


def replay(job: ForecastJob | None) -> list[tuple[str | Promise, float, bool]]:
    """List what the job measured by forecasting the past: name, value, and whether that is a share."""
    measured = job.metrics if job else {}
    return [
        (name, measured[key], is_share)
        for key, name, is_share in words.MEASURES
        if measured.get(key) is not None
    ]


def state_of(run: Evolution) -> str | Promise:
    """Say how far a run is, in words."""
    if run.status != EvolutionStatus.SUCCESSFUL:
        return run.get_status_display()
    if run.rolled_back_at is not None:
        return words.ROLLED_BACK
    return words.PUBLISHED if run.published_at is not None else words.PROPOSED
