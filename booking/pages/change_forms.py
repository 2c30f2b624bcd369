"""The form on which a booking is changed, and the choice among the dates of a series.

The page sends along what it showed. So what somebody typed is told from what has become different
in another tab, by staff or over the API since the page was opened: that stays as it is by now.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext

from booking.domain import cancellations
from booking.domain.series_scopes import Scope
from booking.models import Meeting
from booking.pages import words
from booking.pages.forms import FIRST_YEAR, LAST_YEAR, MOST_PEOPLE
from config.errors import DomainError
from config.templatetags.writing import money
from config.typed_fields import LineField
from sites_app.models import Room

Choices = list[tuple[str, str]]
SHOWN = ("day", "time", "duration", "room", "people", "name", "is_private")


class ChangeForm(forms.Form):
    """When, where, for how many and about what a booking shall be; filled with how it is now."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    time = forms.TimeField(
        label=gettext_lazy("From"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    duration = forms.TypedChoiceField(label=gettext_lazy("How long"), coerce=int)
    room = forms.ChoiceField(label=gettext_lazy("Room"))
    people = forms.IntegerField(label=gettext_lazy("People"), min_value=1, max_value=MOST_PEOPLE)
    name = LineField(label=gettext_lazy("Subject"), max_length=200, required=False)
    is_private = forms.BooleanField(
        label=gettext_lazy("Hide the subject in the room's public calendar"), required=False
    )
    scope = forms.ChoiceField(label=gettext_lazy("Which dates"), widget=forms.RadioSelect)
    price = forms.DecimalField(required=False)  # as the preview told it

    def __init__(
        self, data: Any = None, *, meeting: Meeting, rooms: Sequence[Room], scopes: Choices
    ) -> None:
        wall = words.wall(meeting.starts_at, meeting.room.site)
        initial = {
            "day": wall.date(),
            "time": wall.time(),
            "duration": meeting.duration_minutes,
            "room": meeting.room_id,
            "people": meeting.attendees,
            "name": meeting.name,
            "is_private": meeting.is_private,
            "scope": Scope.THIS.value,
        }
        super().__init__(data, initial=initial)
        lengths = sorted({*words.durations(meeting.room), meeting.duration_minutes})
        _choice(self, "duration").choices = [(each, words.duration(each)) for each in lengths]
        known = {room.id: room for room in (*rooms, meeting.room)}
        offered = sorted(known.values(), key=lambda room: room.display_name)
        _choice(self, "room").choices = [(room.id, room.display_name) for room in offered]
        if scopes:
            _choice(self, "scope").choices = scopes
        else:
            del self.fields["scope"]
        for name in SHOWN:
            self.fields[name].show_hidden_initial = data is None or f"initial-{name}" in data

    def clean_day(self) -> dt.date:
        """Refuse the ends of the calendar, where times cannot be reckoned with."""
        day: dt.date = self.cleaned_data["day"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(gettext("No booking is that far away."))
        return day

    @property
    def wall_start(self) -> dt.datetime | None:
        """Return the start on the site's wall; None where it stays, seconds and folds included."""
        typed = {name: self.other(name) for name in ("day", "time")}
        if set(typed.values()) == {None}:
            return None
        now = {name: self.initial[name] for name, value in typed.items() if value is None}
        start = typed | now
        return dt.datetime.combine(start["day"], start["time"])

    def other(self, name: str) -> Any:
        """Return what was typed into a field, None where it is as the page showed it.

        Dates of a series differ among themselves: what nobody changed stays on each of them.
        """
        return self.cleaned_data[name] if name in self.changed_data else None

    @property
    def is_agreed(self) -> bool:
        """Whether the click came from a preview of just this: what is typed after it is shown first."""
        return self.data.get("confirm") == digest(self.data)

    def agreement(self, price: str) -> str:
        """Return what the button of a preview sends that tells this price."""
        return digest({**dict(self.data.items()), "price": price})

    @property
    def as_shown(self) -> list[SafeString]:
        """Write what the page showed when it was opened, as hidden fields."""
        bound = (self[name] for name in SHOWN)
        return [one.as_hidden(only_initial=True) for one in bound if one.field.show_hidden_initial]


def digest(typed: Mapping[str, Any]) -> str:
    """Name what is typed into the form and the price told, so that a click agrees to what it was shown."""
    lines = (f"{name}={typed.get(name, '')}" for name in (*SHOWN, "scope", "price"))
    return hashlib.sha256("\n".join(lines).encode(errors="surrogatepass")).hexdigest()[:16]


def _choice(form: forms.Form, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field


def scope_choices(meeting: Meeting, *, now: dt.datetime) -> Choices:
    """Offer the scopes that differ, each with how many dates it means; none outside a series."""
    if meeting.series_id is None:
        return []
    counts = {scope: len(_meant(meeting, scope, now=now)) for scope in Scope}
    offered = [(Scope.THIS, gettext("This date"))]
    if 1 < counts[Scope.FOLLOWING] < counts[Scope.ALL]:
        offered.append((Scope.FOLLOWING, _dates(gettext("This and all later dates"), counts)))
    if counts[Scope.ALL] > 1:
        offered.append((Scope.ALL, _dates(gettext("All dates to come"), counts, Scope.ALL)))
    return [(scope.value, label) for scope, label in offered] if len(offered) > 1 else []


def cancel_choices(meeting: Meeting, *, now: dt.datetime) -> Choices:
    """Offer the same scopes, each with what cancelling them costs."""
    labels = []
    for scope, label in scope_choices(meeting, now=now):
        meant = _meant(meeting, Scope(scope), now=now)
        fees = [cancellations.preview(one, now=now).fee for one in meant]
        fee = sum(fees, Decimal(0))
        cost = money(fee, currency=meeting.currency) if fee else gettext("free of charge")
        labels.append((scope, f"{label}{gettext(':')} {cost}"))
    return labels


def _dates(label: str, counts: dict[Scope, int], scope: Scope = Scope.FOLLOWING) -> str:
    number = ngettext("%(count)d date", "%(count)d dates", counts[scope])
    return f"{label} ({number % {'count': counts[scope]}})"


def _meant(meeting: Meeting, scope: Scope, *, now: dt.datetime) -> Sequence[Meeting]:
    try:
        return cancellations.preview_of(meeting.id, scope, now=now)
    except DomainError:
        return ()
