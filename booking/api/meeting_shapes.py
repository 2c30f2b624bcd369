"""Meetings as the API writes them. Instants are in UTC; `bookedDate`, `bookedTime` the site's.

Source: public-api, section 7, `meeting`, `meeting-change`, `meeting-cancel`.
"""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from booking.domain import meetings
from booking.domain.series_scopes import Skipped
from booking.models import Meeting
from config import instants
from config.money import json_number


def meeting(found: Meeting, *, now: dt.datetime) -> dict[str, Any]:
    """Write a meeting whose room and site are loaded."""
    room, cost = found.room, meetings.cancellation_fee(found, now=now)
    fee = cost.fee if found.starts_at > now and (found.is_confirmed or found.is_pending) else None
    return {
        "_id": found.id,
        "status": found.status,
        "roomId": room.id,
        "roomName": room.display_name,
        "siteId": room.site_id,
        "siteName": room.site.name,
        **times(found),
        "bookedUser": found.attendees,
        "name": found.name,
        "description": found.description,
        "isPrivate": found.is_private,
        "contactEmail": found.contact_email,
        "contactName": found.contact_name,
        "organizationId": found.organization_id,
        "price": json_number(found.price),
        "priceGross": json_number(found.price_gross),
        "currency": found.currency,
        "cancellation": {
            "freeUntil": instants.written(cost.free_until),
            "feeNow": json_number(fee),
        },
        "sequence": found.sequence,
        "seriesId": found.series_id,
        "createdAt": instants.written(found.created_at),
        "updatedAt": instants.written(found.revised_at),
    }


def times(found: Meeting) -> dict[str, Any]:
    """Write when a meeting is."""
    tz = ZoneInfo(found.room.site.time_zone)
    start, end = found.starts_at.astimezone(tz), found.ends_at.astimezone(tz)
    return {
        "bookedAt": instants.written(found.starts_at),
        "endsAt": instants.written(found.ends_at),
        "bookedDate": f"{start:%Y-%m-%d}",
        "bookedTime": f"{start:%H:%M}-{end:%H:%M}",
        "duration": found.duration_minutes,
    }


def occurrence(found: Meeting) -> dict[str, Any]:
    """Write one meeting of several."""
    return {
        "meetingId": found.id,
        "status": found.status,
        **times(found),
        "price": json_number(found.price),
        "priceGross": json_number(found.price_gross),
    }


def skipped(entry: Skipped) -> dict[str, Any]:
    """Write a date that could not be had; `meetingId` names the meeting that stayed as it was."""
    stayed = {"meetingId": entry.meeting_id} if entry.meeting_id else {}
    return {"date": entry.on.isoformat(), "code": entry.code, "message": entry.message, **stayed}
