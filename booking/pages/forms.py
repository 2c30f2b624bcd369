"""The website's forms: shapes only; the rules are the domain's."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from booking import selectors_pages
from booking.domain.availability import SlotState
from booking.pages import words
from booking.pages.repeating import RepeatingFields
from config.typed_fields import LineField
from sites_app.domain import countries
from sites_app.models import Equipment, Room, Site

USUAL_MINUTES = 60
LENGTHS = (30, 60, 90, 120, 180, 240, 360, 480)
MOST_PEOPLE = 1000
FIRST_YEAR, LAST_YEAR = 2000, 2999
SORTS = (
    ("soonest", gettext_lazy("Soonest")),
    ("price", gettext_lazy("Lowest price")),
    ("size", gettext_lazy("Largest")),
)


class SearchForm(forms.Form):
    """Where, when, how long, how many; nothing need be filled in."""

    where = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    time = forms.TimeField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "step": "900"}, format="%H:%M"),
    )
    duration = forms.TypedChoiceField(
        label=gettext_lazy("How long"), required=False, coerce=int, empty_value=None
    )
    people = forms.IntegerField(
        label=gettext_lazy("People"),
        required=False,
        min_value=1,
        max_value=MOST_PEOPLE,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "placeholder": "1"}),
    )
    equipment = forms.MultipleChoiceField(
        label=gettext_lazy("Equipment"),
        required=False,
        choices=Equipment.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    sort = forms.ChoiceField(label=gettext_lazy("Sort by"), required=False, choices=SORTS)

    def __init__(
        self, data: Any = None, *, sites: list[selectors_pages.SiteSummary], language: str
    ) -> None:
        super().__init__(data, auto_id="search_%s")
        _choice(self, "where").choices = _places(sites, language)
        _choice(self, "duration").choices = [
            (minutes, words.duration(minutes)) for minutes in LENGTHS
        ]
        self.initial.setdefault("duration", USUAL_MINUTES)

    @property
    def wanted(self) -> dict[str, Any]:
        """Return what was asked for; a field that cannot be read counts as empty."""
        self.is_valid()
        return self.cleaned_data


def _choice(form: forms.Form, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field


def _places(sites: list[selectors_pages.SiteSummary], language: str) -> list[Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for summary in sites:
        groups.setdefault(summary.site.country, []).append((summary.site.id, _place(summary.site)))
    named = [(iso, countries.name(iso, language), places) for iso, places in groups.items()]
    anywhere = gettext("All of %(country)s")
    return [
        ("", gettext("Anywhere")),
        *(
            (name, [(iso, anywhere % {"country": name}), *places])
            for iso, name, places in sorted(named, key=lambda group: group[1])
        ),
    ]


def _place(site: Site) -> str:
    """Name a site with its city, by which visitors look for it."""
    return site.name if not site.city or site.city in site.name else f"{site.name}, {site.city}"


class SlotForm(forms.Form):
    """Which room, when, how long, for how many: what an address of the booking page says."""

    room = forms.RegexField(r"^[0-9a-f]{24}$", widget=forms.HiddenInput)
    start = forms.DateTimeField(
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "hidden"}, format="%Y-%m-%dT%H:%M"),
    )
    duration = forms.IntegerField(min_value=1, max_value=7 * 24 * 60)
    people = forms.IntegerField(min_value=1, max_value=MOST_PEOPLE, required=False)

    def clean_start(self) -> dt.datetime:
        """Refuse the ends of the calendar, where times cannot be reckoned with."""
        start: dt.datetime = self.cleaned_data["start"]
        if not FIRST_YEAR <= start.year <= LAST_YEAR:
            raise forms.ValidationError("No booking is that far away.")
        return start

    @property
    def wall_start(self) -> dt.datetime:
        """Return the chosen time as the site's wall shows it."""
        start: dt.datetime = self.cleaned_data["start"]
        return start.replace(tzinfo=None)


class BookingForm(RepeatingFields):
    """What a booking needs besides its slot."""

    duration = forms.TypedChoiceField(label=gettext_lazy("How long"), coerce=int)
    people = forms.IntegerField(
        label=gettext_lazy("People"), min_value=1, max_value=MOST_PEOPLE, initial=2
    )
    name = LineField(label=gettext_lazy("Subject"), max_length=200, required=False)
    is_private = forms.BooleanField(
        label=gettext_lazy("Hide the subject in the room's public calendar"),
        required=False,
        initial=True,
    )
    contact_name = LineField(label=gettext_lazy("Your name"), max_length=200)
    contact_email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    terms = forms.BooleanField(
        label=gettext_lazy("I accept the terms of booking and have read the privacy notice"),
        error_messages={"required": gettext_lazy("Please accept the terms to book.")},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        room: Room,
        lengths: Mapping[int, SlotState],
        knows_person: bool,
        may_repeat: bool,
        **values: Any,
    ) -> None:
        super().__init__(data, **values)
        self._offer(lengths)
        if not may_repeat:
            del self.fields["repeats"], self.fields["times"]
        if room.max_person:
            self.fields["people"].widget.attrs["max"] = room.max_person
        if knows_person:
            del self.fields["contact_email"]

    def _offer(self, lengths: Mapping[int, SlotState]) -> None:
        """Show the lengths that can be had, and the chosen one.

        The others are read too: what was free when the page was loaded gets the answer of the domain,
        with alternatives, rather than that of a field.
        """
        duration = _choice(self, "duration")
        known = [(minutes, words.duration(minutes)) for minutes in sorted(lengths)]
        duration.choices = known
        chosen, shown = str(self["duration"].value()), duration.widget
        assert isinstance(shown, forms.Select)
        shown.choices = [
            (minutes, word)
            for minutes, word in known
            if lengths[minutes] == SlotState.BOOKABLE or str(minutes) == chosen
        ]


class PriceForm(forms.Form):
    """The price that a page told and that its button agrees to; nobody types it."""

    price = forms.DecimalField(required=False)


class CancelForm(forms.Form):
    """Why a booking is given back, and, in a series, which dates."""

    scope = forms.ChoiceField(
        label=gettext_lazy("Which dates"), widget=forms.RadioSelect, initial="this"
    )
    reason = LineField(label=gettext_lazy("Reason"), max_length=500, required=False)

    def __init__(self, data: Any = None, *, scopes: list[tuple[str, str]]) -> None:
        super().__init__(data)
        if scopes:
            _choice(self, "scope").choices = scopes
        else:
            del self.fields["scope"]
