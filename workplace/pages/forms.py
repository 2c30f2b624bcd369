"""Forms of a person's own week."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from config.typed_fields import LineField
from organizations.models import ScheduleVisibility
from workplace.domain.own_week import Choice, Week

CHOICES = [
    (Choice.OFFICE.value, gettext_lazy("At the office")),
    (Choice.REMOTE.value, gettext_lazy("Remote")),
    (Choice.ABSENT.value, gettext_lazy("Away")),
    (Choice.UNSAID.value, gettext_lazy("Not said")),
]


class WeekForm(forms.Form):
    """One choice for each day of a week that is not over."""

    def __init__(self, week: Week, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in week.days:
            if not day.is_past:
                self.fields[field_name(day.day)] = forms.ChoiceField(
                    choices=CHOICES,
                    initial=day.choice.value,
                    widget=forms.RadioSelect,
                    required=False,
                )

    def choices(self) -> dict[dt.date, Choice]:
        """Return what is said of which day; a day that was not sent stays as it is."""
        return {
            dt.date.fromisoformat(name.removeprefix("day-")): Choice(value)
            for name, value in self.cleaned_data.items()
            if value
        }


class AnswerForm(forms.Form):
    """Why somebody does not come."""

    reason = LineField(max_length=500, required=False, label=gettext_lazy("Reason"))


class VisibilityForm(forms.Form):
    """What colleagues see of one's plans."""

    visibility = forms.ChoiceField(
        label=gettext_lazy("How open my schedule is"),
        choices=[
            (
                ScheduleVisibility.OPEN.value,
                gettext_lazy("Everybody in my company may invite me"),
            ),
            (
                ScheduleVisibility.RESTRICTED.value,
                gettext_lazy("Only the people of my teams may invite me"),
            ),
            (
                ScheduleVisibility.HIDDEN.value,
                gettext_lazy("Nobody may invite me, and no forecast names me"),
            ),
        ],
        widget=forms.RadioSelect,
    )


def field_name(day: dt.date) -> str:
    """Return how a day's choice is called in the form."""
    return f"day-{day.isoformat()}"
