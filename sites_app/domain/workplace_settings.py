"""How the workplace of a site is run: the stored object as facts, with the default of whatever it lacks.

Source: Workplace API, section 1, "Location workplace settings", and section 13, "Intentions".
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PERCENT = range(101)
DAYS_AHEAD = range(91)


class WrongSettings(ValueError):
    """Settings of which one cannot be read; the text names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Days that are planned by themselves: from `percentage` on, `future_days` ahead."""

    is_on: bool
    percentage: int
    future_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedSchedule:
    """Weekdays that somebody came on `days` times in a row, planned `future_days` ahead."""

    is_on: bool
    days: int
    future_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkplaceSettings:
    """All settings of a site; `evolution_stops_at` is a wall time, None while the day lasts."""

    auto_accept: bool
    auto_schedule: Schedule
    likely_schedule: Schedule
    fixed_schedule: FixedSchedule
    auto_evolve: bool
    evolution_stops_at: dt.time | None
    evolution_offset_days: int


def read(stored: object) -> WorkplaceSettings:
    """Read the stored object; unknown names are passed over, absent ones have their defaults.

    :raises WrongSettings: when a known name has a value of another kind.
    """
    whole = _Part("", stored)
    features, evolving = whole.part("features"), whole.part("evolution_settings")
    invites = features.part("INVITES") if features.has("INVITES") else whole.part("INVITES")
    return WorkplaceSettings(
        auto_accept=invites.flag("auto_accept", default=False),
        auto_schedule=_schedule(whole.part("auto_schedule"), percentage=80),
        likely_schedule=_schedule(whole.part("likely_schedule"), percentage=50),
        fixed_schedule=_fixed(whole.part("fixed_schedule")),
        auto_evolve=not evolving.flag("auto_evolve_disabled", default=True),
        evolution_stops_at=_stop(evolving.part("evolution_stops_at")),
        evolution_offset_days=evolving.number(
            "evolution_offset_days", within=DAYS_AHEAD, default=0
        ),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """An object of the settings, and the name by which it is told of."""

    name: str
    stored: object

    def __post_init__(self) -> None:
        if self.stored is not None and not isinstance(self.stored, Mapping):
            raise WrongSettings(f"{self.name or 'the settings'} must be an object")

    def get(self, name: str) -> Any:
        return self.stored.get(name) if isinstance(self.stored, Mapping) else None

    def has(self, name: str) -> bool:
        return self.get(name) is not None

    def part(self, name: str) -> "_Part":
        return _Part(self._path(name), self.get(name))

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.get(name)
        if value is not None and not isinstance(value, bool):
            raise WrongSettings(f"{self._path(name)} must be true or false")
        return default if value is None else value

    def number(self, name: str, *, within: range, default: int) -> int:
        value = self.get(name)
        if value is None:
            return default
        if type(value) is not int or value not in within:
            raise WrongSettings(
                f"{self._path(name)} must be a whole number from {within[0]} to {within[-1]}"
            )
        return value

    def _path(self, name: str) -> str:
        return f"{self.name}.{name}" if self.name else name


def _schedule(part: _Part, *, percentage: int) -> Schedule:
    return Schedule(
        is_on=part.flag("enabled", default=False),
        percentage=part.number("percentage", within=PERCENT, default=percentage),
        future_days=part.number("future_days", within=DAYS_AHEAD, default=10),
    )


def _fixed(part: _Part) -> FixedSchedule:
    return FixedSchedule(
        is_on=part.flag("enabled", default=False),
        days=part.number("days", within=range(1, 8), default=3),
        future_days=part.number("future_days", within=DAYS_AHEAD, default=10),
    )


def _stop(part: _Part) -> dt.time | None:
    if not part.has("hour"):
        return None
    return dt.time(
        part.number("hour", within=range(24), default=0),
        part.number("minute", within=range(60), default=0),
    )
