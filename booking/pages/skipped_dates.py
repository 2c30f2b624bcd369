"""Why a date of a series could not be had, in the reader's language: a few words beside the date."""

from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from booking.domain.rules import Code
from booking.domain.series_scopes import Skipped
from booking.pages import words

_WORDS: dict[str, Any] = {
    Code.CLOSED_DAY: gettext_lazy("Closed"),
    Code.CLOSED_TIME: gettext_lazy("Closed"),
    Code.IN_THE_PAST: pgettext_lazy("time", "Past"),
    Code.NOTICE_TOO_SHORT: gettext_lazy("Too soon"),
    Code.SLOT_TAKEN: gettext_lazy("Booked"),
    Code.TODAY_OR_PAST: gettext_lazy("Too soon"),
}


def why(entry: Skipped) -> str:
    """Say why the date is left out."""
    said = _WORDS.get(entry.code) or words.REFUSALS.get(entry.code, entry.message)
    return str(said)
