"""What a mailed link opens: the booking, or its confirmation."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from booking.domain import calendar_entries, cancellations, confirmations, ics
from booking.domain.reservations import SlotTaken
from booking.domain.series_scopes import Scope
from booking.models import Meeting
from booking.pages import words
from booking.pages.change_forms import cancel_choices
from booking.pages.changing import by_key, series_context
from booking.pages.forms import CancelForm, PriceForm
from booking.pages.visitors import member
from booking.pages.week_table import booking_url
from config import clock, links
from config.errors import DomainError
from config.links import Purpose
from config.pages.sent_once import sent_once


@never_cache
@require_safe
def manage(request: HttpRequest, key: str) -> HttpResponse:
    """Show the booking, what cancelling costs now, and the ways to one's calendar and to the place."""
    return _show(request, key, by_key(key))


@never_cache
@require_POST
@sent_once
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    """Cancel the booking."""
    meeting = by_key(key)
    now = clock.now()
    form = CancelForm(request.POST, scopes=cancel_choices(meeting, now=now))
    if not form.is_valid():
        return _show(request, key, meeting, form=form, status=422)
    try:
        cancellations.cancel_in_scope(
            meeting.id,
            scope=Scope(form.cleaned_data.get("scope") or Scope.THIS),
            reason=form.cleaned_data["reason"],
            by=member(request),
            now=now,
        )
    except DomainError as refusal:
        return _show(request, key, meeting, refusal=words.refusal(refusal), status=refusal.status)
    return redirect("manage-booking", key)


@never_cache
@require_safe
def calendar(_request: HttpRequest, key: str) -> HttpResponse:
    """Give the booking as a calendar file."""
    meeting = by_key(key)
    event = ics.detailed(calendar_entries.facts_for_guests(meeting))
    name = slugify(meeting.room.display_name) or "booking"
    return HttpResponse(
        ics.feed([event], name=meeting.room.display_name),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )


@never_cache
@sent_once
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Show the held request; only the button confirms it, so that no mail scanner can."""
    meeting = by_key(key, purpose=Purpose.CONFIRM_BOOKING)
    quote = confirmations.members_quote(meeting)
    context = _facts(meeting) | {
        "members_quote": quote,
        "shown_price": str(quote.net) if quote else "",
    }
    status = 200
    if request.method == "POST":
        try:
            confirmations.confirm_by_link(
                meeting.id, now=clock.now(), agreed_price=_agreed_price(request)
            )
        except SlotTaken as refusal:
            context |= {
                "refusal": words.refusal(refusal),
                "alternatives": _alternatives(refusal, meeting),
            }
            status = refusal.status
        except DomainError as refusal:
            context["refusal"], status = words.refusal(refusal), refusal.status
        else:
            return redirect("manage-booking", links.key(Purpose.MANAGE_BOOKING, meeting.id))
    return render(request, "booking/confirm.html", context, status=status)


def _agreed_price(request: HttpRequest) -> Decimal | None:
    """Return the price that the page told, where it told one beside the request's own."""
    form = PriceForm(request.POST)
    return form.cleaned_data["price"] if form.is_valid() else None


def _show(
    request: HttpRequest,
    key: str,
    meeting: Meeting,
    *,
    form: CancelForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    cost = cancellations.preview(meeting, now=now)
    in_series = series_context(meeting) if meeting.series_id else {}
    context = (
        in_series
        | _facts(meeting)
        | {
            "key": key,
            "form": form or CancelForm(scopes=cancel_choices(meeting, now=now)),
            "fee": cost.fee,
            "free_until": words.wall(cost.free_until, meeting.room.site),
            "is_free_now": now <= cost.free_until,
            "can_cancel": (meeting.is_confirmed or meeting.is_pending) and meeting.starts_at > now,
            "map_link": words.map_link(meeting.room.site),
            "refusal": refusal,
        }
    )
    return render(request, "booking/manage.html", context, status=status)


def _facts(meeting: Meeting) -> dict[str, Any]:
    site = meeting.room.site
    held: dt.datetime | None = meeting.hold_expires_at
    return {
        "meeting": meeting,
        "room": meeting.room,
        "site": site,
        "address": words.address(site),
        "starts": words.wall(meeting.starts_at, site),
        "ends": words.wall(meeting.ends_at, site),
        "held": words.wall(held, site) if held else None,
        "terms": words.cancellation_terms(meeting.cancellation_terms),
        "can_confirm": (meeting.is_pending or meeting.is_expired)
        and meeting.starts_at > clock.now(),
    }


def _alternatives(refusal: SlotTaken, meeting: Meeting) -> list[dict[str, Any]]:
    rows = []
    for found in refusal.alternatives:
        wall = words.wall(found.starts_at, found.room.site)
        url = booking_url(found.room, wall, found.duration_minutes, meeting.attendees)
        rows.append({"found": found, "wall": wall, "url": url})
    return rows
