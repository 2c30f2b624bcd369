"""Mails about several meetings of a series: one for all, with every date and a file for each event.

Each event has its own UID, by which it is moved or cancelled later, and an iTIP message is about one
UID: a calendar that gets several takes the first, or none.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from booking.domain import ics, mails
from booking.domain.series_scopes import Skipped
from booking.models import Meeting
from config.links import Purpose
from organizations.domain import outbox


def confirmed(meetings: Sequence[Meeting], skipped: Sequence[Skipped], *, now: dt.datetime) -> None:
    """Confirm a series: the invitations, and which dates could not be had."""
    _send(
        "series_confirmed",
        meetings,
        method="REQUEST",
        skipped=_dates(skipped),
        has_one_price=_has_one_price(meetings),
        **_total(meetings),
        now=now,
    )


def requested(meetings: Sequence[Meeting], *, now: dt.datetime) -> None:
    """Ask a newcomer to complete the registration while the slots are held."""
    _send(
        "series_requested",
        meetings,
        link=Purpose.COMPLETE_REGISTRATION,
        has_one_price=_has_one_price(meetings),
        **_total(meetings),
        now=now,
    )


def changed(meetings: Sequence[Meeting], *, now: dt.datetime) -> None:
    """Tell the new times or place; the invitations replace the earlier ones."""
    _send("series_changed", meetings, method="REQUEST", now=now)


def cancelled(
    meetings: Sequence[Meeting], *, confirmed_ones: Sequence[Meeting], now: dt.datetime
) -> None:
    """Tell that meetings are cancelled; those that were confirmed leave the calendar."""
    fees = sum((meeting.cancellation_fee or Decimal(0) for meeting in meetings), Decimal(0))
    _send(
        "series_cancelled",
        meetings,
        method="CANCEL",
        invited=confirmed_ones,
        link=None,
        fee=str(fees) if fees else "",
        now=now,
    )


def _send(
    template: str,
    meetings: Sequence[Meeting],
    *,
    now: dt.datetime,
    method: ics.Method | None = None,
    invited: Sequence[Meeting] | None = None,
    link: Purpose | None = Purpose.MANAGE_BOOKING,
    **more: Any,
) -> None:
    first = meetings[0]
    context = mails.facts(first) | {"dates": [_times(meeting) for meeting in meetings]} | more
    if link:
        context["link"] = mails.link_to(first, link)
    in_calendar = [one for one in meetings if one.is_confirmed] if invited is None else invited
    calendar = mails.invitation(*in_calendar, method=method) if method and in_calendar else None
    outbox.enqueue(
        template=template,
        to=first.contact_email,
        language=first.language,
        context=context,
        calendar=calendar,
        now=now,
    )


def _has_one_price(meetings: Sequence[Meeting]) -> bool:
    """Tell whether every date costs the same, so that one line says it; else each date's page does."""
    return len({(meeting.price, meeting.price_gross) for meeting in meetings}) == 1


def _total(meetings: Sequence[Meeting]) -> dict[str, Any]:
    """Add up what the dates are charged, as text; nothing where a price is given on request."""
    amounts = [(one.price, one.price_gross) for one in meetings]
    net = [price for price, _gross in amounts if price is not None]
    gross = [price for _net, price in amounts if price is not None]
    if len(net) < len(amounts) or len(gross) < len(amounts):
        return {}
    return {"total": str(sum(net)), "total_gross": str(sum(gross))}


def _times(meeting: Meeting) -> dict[str, str]:
    tz = ZoneInfo(meeting.room.site.time_zone)
    return {
        "starts_at": meeting.starts_at.astimezone(tz).isoformat(),
        "ends_at": meeting.ends_at.astimezone(tz).isoformat(),
    }


def _dates(skipped: Sequence[Skipped]) -> list[dict[str, str]]:
    return [{"on_at": f"{entry.on.isoformat()}T00:00:00", "why": entry.code} for entry in skipped]
