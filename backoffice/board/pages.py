"""The planning board's page: a site and a day are chosen in its address, so that it can be kept and sent."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backoffice.board import days
from backoffice.board.days import Board, Cell
from backoffice.workplace import pages
from booking.models import Meeting, MeetingStatus, Reservation
from config import clock
from sites_app.domain import local_days
from sites_app.models import Room, Site

ONE_DAY = dt.timedelta(days=1)
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2099, 12, 31)


class BoardForm(forms.Form):
    """Whose rooms, on which day; what is empty or wrong is the first site and today."""

    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.order_by("name", "id"), empty_label=None
    )
    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show what takes the rooms of a site on a day; free hours lead whoever may book to a booking.

    :raises PermissionDenied: for staff who may not see meetings.
    """
    meetings = admin.site.get_model_admin(Meeting)
    if not meetings.has_view_permission(request):
        raise PermissionDenied
    now, may_book = clock.now(), meetings.has_add_permission(request)
    asked = BoardForm(request.GET)
    asked.is_valid()
    site = asked.cleaned_data.get("site") or Site.objects.order_by("name", "id").first()
    if site is None:
        return pages.shown(request, "board", {"title": gettext("Planning board"), "site": None})
    today = local_days.today_at(site, now=now)
    day = asked.cleaned_data.get("day") or today
    found = days.of_site(site, day, now=now)
    context = {
        "title": gettext("Planning board"),
        "heading": f"{site.name}, {date_format(day, 'l j F Y')}",
        "site": site,
        "form": BoardForm(initial={"site": site.pk, "day": day}),
        "hours": found.hours,
        "columns_of_hour": days.HOUR,
        "rows": _rows(found, may_book_from=now if may_book else None),
        "may_book": may_book,
        "steps": _steps(site, day, today),
    }
    return pages.shown(request, "board", context)


def _steps(site: Site, day: dt.date, today: dt.date) -> list[tuple[str, str]]:
    """List the days beside this one, with their addresses."""
    near = ((gettext("Day before"), day - ONE_DAY), (gettext("Today"), today))
    steps = (*near, (gettext("Day after"), day + ONE_DAY))
    address = reverse("admin:board")
    return [(name, f"{address}?{urlencode({'site': site.pk, 'day': on})}") for name, on in steps]


def _rows(
    found: Board, *, may_book_from: dt.datetime | None
) -> list[tuple[Room, list[dict[str, Any]]]]:
    return [
        (row.room, [_shown(row.room, cell, may_book_from=may_book_from) for cell in row.cells])
        for row in found.rows
    ]


def _shown(room: Room, cell: Cell, *, may_book_from: dt.datetime | None) -> dict[str, Any]:
    """Put a cell into words; what is free after that moment, if any, leads to the form, filled in."""
    shown: dict[str, Any] = {"columns": cell.columns, "state": "closed"}
    if cell.reservation is not None:
        return shown | _taken(cell.reservation, room)
    if not cell.is_free:
        return shown
    if may_book_from is None or cell.ends_at <= may_book_from:
        return shown | {"state": "free"}
    at = f"{cell.starts_at:%H:%M}"
    asked = {"room": room.pk, "on": f"{cell.starts_at:%Y-%m-%d}", "at": at}
    return shown | {
        "state": "free",
        "address": f"{reverse('admin:booking_meeting_add')}?{urlencode(asked)}",
        "label": gettext("Book %(room)s at %(time)s") % {"room": room.display_name, "time": at},
    }


def _taken(reservation: Reservation, room: Room) -> dict[str, Any]:
    """Name what takes a room, with its own times: setup and cleaning are taken besides."""
    meeting = reservation.meeting
    if meeting is None:
        kind, record = "reservation", reservation.pk
        name = reservation.reason or reservation.get_kind_display()
        span, state = (reservation.blocked.lower, reservation.blocked.upper), "blocked"
    else:
        kind, record = "meeting", meeting.pk
        name = meeting.name or str(meeting.organization or meeting.contact_email)
        span = (meeting.starts_at, meeting.ends_at)
        state = "held" if meeting.status == MeetingStatus.PENDING else "booked"
    start, end = (moment.astimezone(_zone(room)) for moment in span)
    label = f"{name}, {start:%H:%M}–{end:%H:%M}, {room.display_name}"
    if state == "held":
        label = gettext("%(meeting)s (on hold)") % {"meeting": label}
    return {
        "state": state,
        "name": name,
        "starts": f"{start:%H:%M}",
        "ends": f"–{end:%H:%M}",
        "label": label,
        "address": reverse(f"admin:booking_{kind}_change", args=[record]),
    }


def _zone(room: Room) -> dt.tzinfo:
    return local_days.zone_of(room.site)
