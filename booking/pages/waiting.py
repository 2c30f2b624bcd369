"""The waiting list on the website: joining it, and leaving by the mailed link."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking import selectors_pages
from booking.domain import waitlist
from booking.domain.waitlist import WaitWish
from booking.models import WaitlistEntry
from booking.pages import refusals, words
from booking.pages.catalogue import visible_room
from booking.pages.forms import LENGTHS, MOST_PEOPLE, USUAL_MINUTES
from booking.pages.visitors import member
from config import clock, ids, links
from config.errors import DomainError
from config.links import Purpose
from config.pages.sent_once import sent_once
from config.typed_fields import LineField
from sites_app.models import Room, Site

OPENS, CLOSES = dt.time(8), dt.time(20)
FURTHEST = dt.timedelta(days=3 * 366)


class WaitForm(forms.Form):
    """On which day, between which times, how long, for how many."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    start = forms.TimeField(
        label=gettext_lazy("Not before"),
        widget=forms.TimeInput(attrs={"type": "time", "step": "900"}, format="%H:%M"),
    )
    end = forms.TimeField(
        label=gettext_lazy("Not after"),
        widget=forms.TimeInput(attrs={"type": "time", "step": "900"}, format="%H:%M"),
    )
    duration = forms.TypedChoiceField(label=gettext_lazy("How long"), coerce=int)
    people = forms.IntegerField(
        label=gettext_lazy("People"), min_value=1, max_value=MOST_PEOPLE, initial=2
    )
    contact_name = LineField(label=gettext_lazy("Your name"), max_length=200, required=False)
    contact_email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)

    def __init__(self, data: Any = None, *, room: Room | None, knows_person: bool, **more: Any):
        super().__init__(data, **more)
        lengths = words.durations(room) if room else LENGTHS
        field = self.fields["duration"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(minutes, words.duration(minutes)) for minutes in lengths]
        if room and room.max_person:
            self.fields["people"].widget.attrs["max"] = room.max_person
        if knows_person:
            del self.fields["contact_email"]

    def clean(self) -> dict[str, Any]:
        """Refuse a time that ends before it begins, and the ends of the calendar."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "start" in cleaned and "end" in cleaned and cleaned["end"] <= cleaned["start"]:
            self.add_error("end", gettext("This must be after the beginning."))
        day = cleaned.get("day")
        if day and abs(day - clock.now().date()) > FURTHEST:
            self.add_error("day", gettext("No booking is that far away."))
        return cleaned


def address(*, site_id: str, day: dt.date | None, duration: int, people: int) -> str:
    """Return the address of the form for any room of a site, filled in as far as is known."""
    query: dict[str, Any] = {"site": site_id, "duration": duration, "people": people}
    if day:
        query["day"] = f"{day:%Y-%m-%d}"
    return f"{reverse('join-waitlist')}?{urlencode(query)}"


@never_cache
@sent_once
def join(request: HttpRequest) -> HttpResponse:
    """Show the form for the room or site in the address; a POST takes a place, for every address alike."""
    room, site = _place(request)
    person = member(request)
    form = WaitForm(
        request.POST if request.method == "POST" else None,
        room=room,
        knows_person=person is not None,
        initial=_initial(request),
    )
    status = 200
    if request.method == "POST":
        if form.is_valid() and _joined(form, request, room=room, site=site):
            return redirect("waitlist-joined")
        status = 422
    context = {"form": form, "room": room, "site": site, "member": person}
    return render(request, "booking/waitlist_join.html", context, status=status)


@require_safe
def joined(request: HttpRequest) -> HttpResponse:
    """Say what happens next, in the same words for every address."""
    return render(request, "booking/waitlist_joined.html")


@never_cache
@sent_once
def leave(request: HttpRequest, key: str) -> HttpResponse:
    """Show the place; only the button gives it up, so that no mail scanner can."""
    try:
        entry = waitlist.by_id(links.read(Purpose.LEAVE_WAITLIST, key))
    except DomainError as error:
        raise Http404 from error
    if request.method == "POST":
        waitlist.leave_by_link(entry.id)
        return redirect("leave-waitlist", key)
    return render(request, "booking/waitlist_leave.html", _facts(entry))


def _place(request: HttpRequest) -> tuple[Room | None, Site]:
    room_id = request.GET.get("room", "")
    if room_id:
        room = visible_room(request, room_id)
        return room, room.site
    site_id = ids.normalise(request.GET.get("site", ""))
    site = selectors_pages.site(site_id) if site_id else None
    if site is None:
        raise Http404
    return None, site


def _initial(request: HttpRequest) -> dict[str, Any]:
    given = request.GET
    return {
        "day": given.get("day", ""),
        "start": given.get("start") or OPENS,
        "end": given.get("end") or CLOSES,
        "duration": given.get("duration") or USUAL_MINUTES,
        "people": given.get("people") or 2,
    }


def _joined(form: WaitForm, request: HttpRequest, *, room: Room | None, site: Site) -> bool:
    """Take the place; a refusal stands at the form."""
    typed, person = form.cleaned_data, member(request)
    wish = WaitWish(
        room_id=room.id if room else None,
        site_id=site.id,
        start=dt.datetime.combine(typed["day"], typed["start"]),
        end=dt.datetime.combine(typed["day"], typed["end"]),
        duration_minutes=typed["duration"],
        people=typed["people"],
        contact_email=person.email if person else typed["contact_email"],
        contact_name=typed["contact_name"],
        language=get_language() or "",
    )
    try:
        waitlist.join(wish, now=clock.now())
    except DomainError as refusal:
        refusals.add_to(form, refusal)
    return form.is_valid()


def _facts(entry: WaitlistEntry) -> dict[str, Any]:
    return {
        "entry": entry,
        "site": entry.site,
        "room": entry.room,
        "starts": words.wall(entry.starts_at, entry.site),
        "ends": words.wall(entry.ends_at, entry.site),
        "duration_words": words.duration(entry.duration_minutes),
    }
