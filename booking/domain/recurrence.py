"""Recurrence: the dates of a series from its RRULE, on the wall of the site.

Daily, weekly, monthly by date or by nth weekday, with COUNT or UNTIL, at most 52 occurrences within
five years. No clock, no zone but to read an UNTIL in UTC: a wall time stays the same all year.
Source: booking rule R16; public-api, section 5, `series`; RFC 5545, 3.3.10.
"""

import re
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import islice

from dateutil import rrule

MAX_OCCURRENCES = 52
MAX_DAYS = 5 * 366
MAX_INTERVAL = 366

_FREQUENCIES = {"DAILY": rrule.DAILY, "WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY}
_WEEKDAYS = {
    "MO": rrule.MO,
    "TU": rrule.TU,
    "WE": rrule.WE,
    "TH": rrule.TH,
    "FR": rrule.FR,
    "SA": rrule.SA,
    "SU": rrule.SU,
}
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "WKST"}
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
_NTH = re.compile(r"([+-]?[1-5])(MO|TU|WE|TH|FR|SA|SU)")


class BadRule(ValueError):
    """The rule is none, or not one that a series may have; the text says what is wrong."""


def occurrences(rule: str, *, first: datetime, tz: tzinfo) -> list[datetime]:
    """List the naive wall times of the series, the first of which must be `first`.

    :raises BadRule: for a rule that is not understood, not allowed, or that `first` does not meet.
    """
    parts = _parts(rule)
    found = list(islice(_rrule(parts, first, tz), MAX_OCCURRENCES + 1))
    if not found or found[0] != first:
        raise BadRule("bookedAt must be the first date of the rule")
    if len(found) > MAX_OCCURRENCES:
        raise BadRule(f"at most {MAX_OCCURRENCES} occurrences")
    if found[-1] - first > timedelta(days=MAX_DAYS):
        raise BadRule("the last occurrence must be within 5 years of the first")
    return found


def _parts(rule: str) -> dict[str, str]:
    text = rule.strip().upper().removeprefix("RRULE:").rstrip(";")
    parts: dict[str, str] = {}
    for piece in text.split(";"):
        name, _, value = piece.partition("=")
        if name not in _KNOWN or not value:
            raise BadRule(f"{piece[:40] or 'an empty rule'} is not understood")
        if name in parts:
            raise BadRule(f"{name} is given twice")
        parts[name] = value
    if parts.get("FREQ") not in _FREQUENCIES:
        raise BadRule("FREQ must be DAILY, WEEKLY or MONTHLY")
    if ("COUNT" in parts) == ("UNTIL" in parts):
        raise BadRule("either COUNT or UNTIL must be given")
    return parts


def _rrule(parts: dict[str, str], first: datetime, tz: tzinfo) -> rrule.rrule:
    frequency = parts["FREQ"]
    until = _until(parts["UNTIL"], tz) if "UNTIL" in parts else None
    last = first + timedelta(days=MAX_DAYS + 1)
    return rrule.rrule(
        _FREQUENCIES[frequency],
        dtstart=first,
        interval=_number(parts, "INTERVAL", most=MAX_INTERVAL, default=1),
        count=_number(parts, "COUNT", most=MAX_OCCURRENCES) if "COUNT" in parts else None,
        until=until if until is None else min(until, last),
        wkst=_WEEKDAYS[_weekday(parts.get("WKST", "MO"))],
        byweekday=_by_day(parts["BYDAY"], frequency) if "BYDAY" in parts else None,
        bymonthday=_by_month_day(parts) if "BYMONTHDAY" in parts else None,
    )


def _number(parts: dict[str, str], name: str, *, most: int, default: int = 0) -> int:
    text = parts.get(name, str(default))
    if not text.isascii() or not text.isdigit() or len(text) > 6 or int(text) < 1:
        raise BadRule(f"{name} must be a whole number from 1")
    if int(text) > most:
        if name == "COUNT":
            raise BadRule(f"at most {most} occurrences")
        raise BadRule(f"{name} must be at most {most}")
    return int(text)


def _until(text: str, tz: tzinfo) -> datetime:
    """Read UNTIL, itself included: a date is its whole day, a time in UTC is turned to the wall."""
    match = _UNTIL.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        on = datetime.strptime(match[1], "%Y%m%d").date()  # noqa: DTZ007 - a date on the wall
        return _moment(on, match[2], tz if match[3] else None)
    except (ValueError, OverflowError):
        raise BadRule(
            "UNTIL must be a date such as 20260131 or a time such as 20260131T170000Z"
        ) from None


def _moment(on: date, clock: str | None, tz: tzinfo | None) -> datetime:
    if clock is None:
        return datetime.combine(on, time.max)
    at = time(int(clock[:2]), int(clock[2:4]), int(clock[4:]))
    if tz is None:
        return datetime.combine(on, at)
    from_utc = datetime.fromisoformat(f"{on.isoformat()}T{at.isoformat()}+00:00")
    return from_utc.astimezone(tz).replace(tzinfo=None)


def _weekday(text: str) -> str:
    if text not in _WEEKDAYS:
        raise BadRule(f"{text[:10]} is no weekday")
    return text


def _by_day(text: str, frequency: str) -> list[rrule.weekday]:
    names = text.split(",")
    if frequency == "WEEKLY":
        return [_WEEKDAYS[_weekday(name)] for name in names]
    match = _NTH.fullmatch(text)
    if frequency == "MONTHLY" and match is not None:
        return [_WEEKDAYS[match[2]](int(match[1]))]
    if frequency == "MONTHLY":
        raise BadRule("BYDAY of a monthly rule must be one nth weekday such as 2TU or -1FR")
    raise BadRule("BYDAY goes with WEEKLY or MONTHLY")


def _by_month_day(parts: dict[str, str]) -> int:
    if parts["FREQ"] != "MONTHLY" or "BYDAY" in parts:
        raise BadRule("BYMONTHDAY goes with MONTHLY, without BYDAY")
    text = parts["BYMONTHDAY"]
    if not re.fullmatch(r"[+-]?[0-9]{1,2}", text) or not 1 <= abs(int(text)) <= 31:
        raise BadRule("BYMONTHDAY must be one day from 1 to 31, or from -1 to -31")
    return int(text)
