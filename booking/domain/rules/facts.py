"""What the booking rules look at, and what they say."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from config.intervals import Interval

MIN_DURATION_MINUTES = 30

Span = Interval[datetime]


class Code(StrEnum):
    TODAY_OR_PAST = "TODAY_OR_PAST"
    NOTICE_TOO_SHORT = "NOTICE_TOO_SHORT"
    IN_THE_PAST = "IN_THE_PAST"
    DURATION_TOO_SHORT = "DURATION_TOO_SHORT"
    DURATION_OUT_OF_RANGE = "DURATION_OUT_OF_RANGE"
    DURATION_STEP = "DURATION_STEP"
    TOO_MANY_PEOPLE = "TOO_MANY_PEOPLE"
    CLOSED_TIME = "CLOSED_TIME"
    CLOSED_DAY = "CLOSED_DAY"
    SLOT_TAKEN = "SLOT_TAKEN"  # no rule of the room: told beside the rules
    LIMIT_REACHED = "LIMIT_REACHED"  # nor this one: it depends on what else somebody booked


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPeriod:
    """A closure of the site or the room, with its reason in both languages."""

    span: Span
    reason: str = ""
    reason_fr: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One broken rule.

    `since` and `until` bound, half-open, the starts that the rule forbids around the wanted one,
    where it forbids a stretch of time; None is no bound. `earliest_ok` is the first start on the
    grid, not before the wanted one, that keeps the date and opening rules, as far as the known
    openings reach; other bookings are not looked at. `reason` is why staff closed the room.
    """

    code: Code
    message: str
    message_fr: str
    since: datetime | None = None
    until: datetime | None = None
    earliest_ok: datetime | None = None
    reason: str = ""
    reason_fr: str = ""

    @property
    def is_overridable(self) -> bool:
        """Staff may override every rule but the capacity of the room (booking rule R9)."""
        return self.code != Code.TOO_MANY_PEOPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingContext:
    """Everything the rules look at. Instants are aware; room limits of 0 mean no limit.

    `open_spans` come from `opening_hours.open_intervals`, closures already cut out: at least all
    of the wanted local day, and as many days after today and after it as `earliest_ok` may reach.
    """

    now: datetime
    tz: tzinfo
    is_new_person: bool
    starts_at: datetime
    duration_minutes: int
    attendees: int
    open_spans: tuple[Span, ...]
    closures: tuple[ClosedPeriod, ...] = ()
    min_duration_minutes: int = 0
    max_duration_minutes: int = 0
    step_minutes: int = 0
    max_persons: int = 0
    new_person_min_days: int = 2
    grace_minutes: int = 0
