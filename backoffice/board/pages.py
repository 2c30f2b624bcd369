"""The planning board's page: a site and a day are chosen in its address, so that it can be kept and sent."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backoffice.board import days, weeks
from backoffice.board.days import Board, Cell
from backoffice.board.weeks import RoomDay
from backoffice.workplace import pages
from booking.models import Meeting, MeetingStatus, Reservation
from config import clock
from config.templatetags import writing
from sites_app.domain import local_days
from sites_app.models import Room, Site

ONE_DAY, ONE_WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Whose rooms to show around which day; both addresses of the board keep them."""

    site: Site
    day: dt.date
    today: dt.date
    now: dt.datetime

    def context(self, heading: str, steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
        return {
            "title": gettext("Planning board"),
            "heading": f"{self.site.name}, {heading}",
            "site": self.site,
            "form": BoardForm(initial={"site": self.site.pk, "day": self.day}),
            "steps": steps,
            "day_address": self.address("board", self.day),
            "week_address": self.address("board-week", self.day),
        }

    def address(self, name: str, day: dt.date) -> str:
        return f"{reverse(f'admin:{name}')}?{urlencode({'site': self.site.pk, 'day': day})}"


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show what takes the rooms of a site on a day; free hours lead whoever may book to a booking.

    :raises PermissionDenied: for staff who may not see meetings.
    """
    asked = _asked(request)
    if asked is None:
        return _no_site(request)
    may_book = admin.site.get_model_admin(Meeting).has_add_permission(request)
    found = days.of_site(asked.site, asked.day, now=asked.now)
    near = (
        (gettext("Day before"), asked.day - ONE_DAY),
        (gettext("Today"), asked.today),
        (gettext("Day after"), asked.day + ONE_DAY),
    )
    steps = [(name, asked.address("board", day)) for name, day in near]
    context = asked.context(writing.day_written(asked.day, "l j F Y"), steps) | {
        "hours": found.hours,
        "columns_of_hour": days.HOUR,
        "rows": _rows(found, may_book_from=asked.now if may_book else None),
        "may_book": may_book,
    }
    return pages.shown(request, "board", context)


@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """Show what takes the rooms of a site in the week of a day; each date leads to its own board.

    :raises PermissionDenied: for staff who may not see meetings.
    """
    asked = _asked(request)
    if asked is None:
        return _no_site(request)
    monday = asked.day - dt.timedelta(days=asked.day.weekday())
    near = (
        (gettext("Previous week"), asked.day - ONE_WEEK),
        (gettext("This week"), asked.today),
        (gettext("Next week"), asked.day + ONE_WEEK),
    )
    steps = [(name, asked.address("board-week", day)) for name, day in near]
    heading = gettext("week of %(day)s") % {"day": writing.day_written(monday, "j F Y")}
    rows = [
        (row.room, [_day_shown(day, row.room) for day in row.days])
        for row in weeks.of_site(asked.site, monday, now=asked.now)
    ]
    dates = [monday + number * ONE_DAY for number in range(weeks.DAYS)]
    context = asked.context(heading, steps) | {
        "rows": rows,
        "dates": [(day, asked.address("board", day), day == asked.today) for day in dates],
        "is_week": True,
    }
    return pages.shown(request, "board_week", context)


def _asked(request: HttpRequest) -> _Asked | None:
    """Read whose rooms and which day are wanted; None while there is no site."""
    if not admin.site.get_model_admin(Meeting).has_view_permission(request):
        raise PermissionDenied
    form, now = BoardForm(request.GET), clock.now()
    form.is_valid()
    site = form.cleaned_data.get("site") or Site.objects.order_by("name", "id").first()
    if site is None:
        return None
    today = local_days.today_at(site, now=now)
    return _Asked(site=site, day=form.cleaned_data.get("day") or today, today=today, now=now)


def _no_site(request: HttpRequest) -> HttpResponse:
    return pages.shown(request, "board", {"title": gettext("Planning board"), "site": None})


def _day_shown(day: RoomDay, room: Room) -> dict[str, Any]:
    taken = [_taken(one, room) for one in day.taken]
    return {"is_closed": not day.is_open, "taken": taken}


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
