"""Changing a booking by its mailed link: what it would become and cost first, then the click.

Nobody need be logged in: the link stands for the person who booked.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from booking import selectors, selectors_meetings
from booking.domain import cancellations, changes, meetings, series_retries
from booking.domain.booking_plans import Source
from booking.domain.change_plans import MeetingChange
from booking.domain.changes import Changes
from booking.domain.meetings import PriceChanged
from booking.domain.reservations import SlotTaken
from booking.domain.series_scopes import OnConflict, Scope, Skipped
from booking.models import Meeting
from booking.pages import refusals, skipped_dates, words
from booking.pages.change_forms import ChangeForm, scope_choices
from booking.pages.visitors import member
from config import clock, links, rehearsal
from config.errors import DomainError
from config.links import Purpose
from config.pages.sent_once import sent_once


@never_cache
@sent_once
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Show the form; its first button shows what would come of it, the second one does it."""
    return _Page(request, key).answer()


@never_cache
@require_POST
def retry(request: HttpRequest, key: str) -> HttpResponse:
    """Try the skipped dates of the booking's series again."""
    meeting = by_key(key)
    if meeting.series_id is None:
        raise Http404
    booked, refusal = 0, ""
    try:
        outcome = series_retries.retry(
            meeting.series_id, dates=None, source=Source.WEB, api_token=None, now=clock.now()
        )
        booked = len(outcome.meetings)
    except DomainError as error:
        refusal = words.refusal(error)
    context = series_context(meeting) | {"booked": booked, "refusal": refusal, "key": key}
    return render(request, "booking/series_retried.html", context)


def by_key(key: str, *, purpose: Purpose = Purpose.MANAGE_BOOKING) -> Meeting:
    """Return the meeting that a mailed link is about, if the link is not that of who had it before."""
    try:
        meeting = meetings.by_id(links.read(purpose, key))
        if meeting.handed_over_at is not None:  # keys tell their second
            since = meeting.handed_over_at.replace(microsecond=0)
            links.read(purpose, key, max_age=clock.now() - since)
    except DomainError as error:
        raise Http404 from error
    return meeting


def series_context(meeting: Meeting) -> dict[str, Any]:
    """List the dates of the meeting's series, each with its own link, and those still to be had."""
    site = meeting.room.site
    dates = selectors_meetings.to_come_with(meeting)
    rows = [
        {
            "starts": words.wall(one.starts_at, one.room.site),
            "ends": words.wall(one.ends_at, one.room.site),
            "meeting": one,
            "is_this": one.id == meeting.id,
            "key": links.key(Purpose.MANAGE_BOOKING, one.id),
        }
        for one in dates
    ]
    stored = meeting.series.skipped if meeting.series else []
    return {
        "series": rows,
        "skipped": _with_reasons([Skipped.read(entry) for entry in stored]),
        "may_retry": any(one.is_confirmed or one.is_pending for one in dates),
        "site": site,
        "meeting": meeting,
    }


class _Page:
    """One request for the page on which a booking is changed."""

    def __init__(self, request: HttpRequest, key: str) -> None:
        self.request, self.key, self.now = request, key, clock.now()
        self.meeting = by_key(key)
        self.form = ChangeForm(
            request.POST if request.method == "POST" else None,
            meeting=self.meeting,
            rooms=selectors.rooms_by_the_hour(
                room_id=None, site_id=self.meeting.room.site_id, with_hidden=False
            ),
            scopes=scope_choices(self.meeting, now=self.now),
        )

    def answer(self) -> HttpResponse:
        if self.request.method != "POST":
            return self._show()
        if not self.form.is_valid():
            return self._show(status=422)
        try:
            if self.form.is_agreed and self._is_changed():
                messages.success(self.request, gettext("Your booking is changed."))
                return redirect("manage-booking", self.key)
            with rehearsal.transaction_unless(dry_run=True):
                outcome = self._change()
        except DomainError as refusal:
            status = refusals.add_to(self.form, refusal)
            offered = refusal.alternatives if isinstance(refusal, SlotTaken) else ()
            return self._show(status=status, offered=offered)
        return self._show(preview=self._preview(outcome))

    def _is_changed(self) -> bool:
        """Do what the preview showed, unless it costs something else by now."""
        try:
            self._change(agreed_price=self.form.cleaned_data["price"])
        except PriceChanged:
            return False
        return True

    def _change(self, *, agreed_price: Decimal | None = None) -> Changes:
        form = self.form
        wanted = MeetingChange(
            starts_at=form.wall_start,
            duration_minutes=form.other("duration"),
            room_id=form.other("room"),
            attendees=form.other("people"),
            name=form.other("name"),
            is_private=form.other("is_private"),
            scope=Scope(form.cleaned_data.get("scope") or Scope.THIS),
            on_conflict=OnConflict.SKIP,
            source=Source.WEB,
            agreed_price=agreed_price,
        )
        return changes.change(self.meeting.id, wanted, by=member(self.request), now=self.now)

    def _preview(self, outcome: Changes) -> dict[str, Any]:
        rows = [
            {
                "room": one.meeting.room,
                "people": one.meeting.attendees,
                "starts": words.wall(one.meeting.starts_at, one.meeting.room.site),
                "ends": words.wall(one.meeting.ends_at, one.meeting.room.site),
            }
            for one in outcome.changed
        ]
        says_more = {self.form.other("name"), self.form.other("is_private")} != {None}
        price = str(outcome.price)
        return {
            "has_other_price": self.form.is_agreed,
            "agreed_price": price,
            "agreement": self.form.agreement(price),
            "rows": rows,
            "subject": outcome.meeting if says_more else None,
            "difference": outcome.price_difference,
            "saving": -outcome.price_difference,
            "price": outcome.meeting.price,
            "skipped": _with_reasons(outcome.skipped),
        }

    def _show(
        self, *, preview: dict[str, Any] | None = None, offered: Any = (), status: int = 200
    ) -> HttpResponse:
        # A preview has put the change into its own copy; what is shown as stored is read again.
        meeting = by_key(self.key)
        site, cost = meeting.room.site, cancellations.preview(meeting, now=self.now)
        context = {
            "key": self.key,
            "form": self.form,
            "meeting": meeting,
            "room": meeting.room,
            "site": site,
            "address": words.address(site),
            "starts": words.wall(meeting.starts_at, site),
            "ends": words.wall(meeting.ends_at, site),
            "is_free": self.now <= cost.free_until,
            "free_until": words.wall(cost.free_until, site),
            "is_open": (meeting.is_confirmed or meeting.is_pending)
            and meeting.starts_at > self.now,
            "preview": preview,
            "offered": [
                (words.wall(found.starts_at, found.room.site), found.room) for found in offered
            ],
        }
        return render(self.request, "booking/change.html", context, status=status)


def _with_reasons(skipped: Sequence[Skipped]) -> list[tuple[dt.date, str]]:
    return [(entry.on, skipped_dates.why(entry)) for entry in skipped]
