"""Booking a series on the website: what the form offers, written as the rule that the domain reads."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from booking.domain.recurrence import MAX_OCCURRENCES
from booking.domain.series_requests import SeriesWish
from booking.domain.series_scopes import OnConflict

REPEATS = (
    ("", gettext_lazy("Only once")),
    ("DAILY", gettext_lazy("Every day")),
    ("WEEKLY", gettext_lazy("Every week")),
    ("FORTNIGHTLY", gettext_lazy("Every two weeks")),
    ("MONTHLY", gettext_lazy("Every month, on the same weekday")),
)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class RepeatingFields(forms.Form):
    """How a meeting repeats, for those whose bookings are confirmed at once."""

    repeats = forms.ChoiceField(label=gettext_lazy("Repeat"), choices=REPEATS, required=False)
    times = forms.IntegerField(
        label=gettext_lazy("Number of dates"),
        min_value=2,
        max_value=MAX_OCCURRENCES,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def clean_times(self) -> int | None:
        """Ask for the number where something repeats; else it means nothing."""
        times: int | None = self.cleaned_data["times"]
        if not self.cleaned_data.get("repeats"):
            return None
        if times is None:
            raise ValidationError(gettext("Say on how many dates the meeting takes place."))
        return times

    def series(self, first: dt.datetime) -> SeriesWish | None:
        """Return how the meeting repeats from its first time on the wall, or None for a single one.

        Dates that cannot be had are left out: the page that follows names them.
        """
        repeats = self.cleaned_data.get("repeats")
        if not repeats:
            return None
        rule = f"{_rule(repeats, first)};COUNT={self.cleaned_data['times']}"
        return SeriesWish(rule=rule, on_conflict=OnConflict.SKIP)


def _rule(repeats: str, first: dt.datetime) -> str:
    if repeats == "FORTNIGHTLY":
        return "FREQ=WEEKLY;INTERVAL=2"
    if repeats == "MONTHLY":
        return f"FREQ=MONTHLY;BYDAY={_week_of_month(first)}{_WEEKDAYS[first.weekday()]}"
    return f"FREQ={repeats}"


def _week_of_month(day: dt.datetime) -> int:
    """Return 1 to 4 for the first to fourth such weekday of the month, -1 for a fifth: the last."""
    week = (day.day - 1) // 7 + 1
    return -1 if week > 4 else week
