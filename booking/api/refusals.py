"""Refused bookings in the API's terms: all broken rules, or what can be booked instead.

Source: public-api, section 2, POST /api/meeting-request; section 7, `data.alternatives`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from booking.api import meeting_shapes
from booking.domain.alternatives import Alternative
from booking.domain.booking_plans import RulesBroken
from booking.domain.reservations import SlotTaken
from booking.domain.rules import Violation
from config import instants
from config.money import json_number


@contextmanager
def in_api_terms() -> Iterator[None]:
    """Give the refusals raised inside the `data` that callers of the API are promised."""
    try:
        yield
    except RulesBroken as refusal:
        named = {} if refusal.status == 400 else {"code": refusal.code}
        refusal.data = named | {"violations": [violation(one) for one in refusal.violations]}
        raise
    except SlotTaken as refusal:
        offered = [alternative(found) for found in refusal.alternatives]
        refusal.data = {"code": refusal.code, "alternatives": offered}
        if refusal.conflicts:
            refusal.data["conflicts"] = [meeting_shapes.skipped(one) for one in refusal.conflicts]
        raise


def violation(broken: Violation) -> dict[str, Any]:
    """Write a broken rule; instants in UTC, null where there is none."""
    return {
        "code": broken.code,
        "message": broken.message,
        "since": broken.since and instants.written(broken.since),
        "until": broken.until and instants.written(broken.until),
        "earliestOk": broken.earliest_ok and instants.written(broken.earliest_ok),
    }


def alternative(offered: Alternative) -> dict[str, Any]:
    """Write an alternative; `bookedAt` is the site's local time with its offset."""
    site = offered.room.site
    return {
        "roomId": offered.room.id,
        "roomName": offered.room.display_name,
        "siteId": site.id,
        "siteName": site.name,
        "bookedAt": offered.starts_at.astimezone(ZoneInfo(site.time_zone)).isoformat(),
        "duration": offered.duration_minutes,
        "price": json_number(offered.quote.net),
        "priceGross": json_number(offered.quote.gross),
        "currency": offered.quote.currency,
    }
