"""What a repeated booking would come to, beside the form that books it."""

import datetime as dt
from typing import Any

from django.http import QueryDict

from booking.domain import series_quotes
from booking.domain.booking_plans import MeetingRequest, RulesBroken
from booking.pages import skipped_dates, words
from booking.pages.repeating import RepeatingFields
from config.errors import DomainError


def context(typed: QueryDict, *, request: MeetingRequest, now: dt.datetime) -> dict[str, Any]:
    """Return the total and the dates left out, or why no date can be had; nothing for a single meeting."""
    fields = RepeatingFields(typed)
    wish = fields.series(request.starts_at) if fields.is_valid() else None
    if wish is None:
        return {}
    try:
        found = series_quotes.quote(request, wish, now=now)
    except DomainError as refusal:
        return {"series_refusal": _said(refusal)}
    if found is None:
        return {}
    skipped = [(entry.on, skipped_dates.why(entry)) for entry in found.skipped]
    return {"series": found, "skipped": skipped}


def _said(refusal: DomainError) -> str:
    if isinstance(refusal, RulesBroken):
        return words.violation(refusal.violations[0])
    return words.refusal(refusal)
