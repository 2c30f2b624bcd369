"""What a meeting in a room costs, by the room's row: its prices put before the pure engine."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from booking.domain import pricing
from sites_app.domain import opening_hours
from sites_app.models import Room, Site

ZERO = Decimal(0)


def quote(
    room: Room,
    *,
    starts_at: dt.datetime,
    duration_minutes: int,
    attendees: int,
    is_member: bool = False,
) -> pricing.Quote | None:
    """Price a meeting in `room`, fetched with its site; None when it is not sold by hour or day."""
    discount = room.member_discount_percent if is_member else ZERO
    return pricing.quote_meeting(
        prices=prices(room),
        duration_minutes=duration_minutes,
        step_minutes=room.step_duration,
        sale=sale(room.site, starts_at=starts_at),
        customer=pricing.Customer(
            persons=attendees,
            included_persons=room.min_person,
            supplement_per_person=room.supplement_per_person or ZERO,
            discount_percent=Decimal(discount),
        ),
    )


def prices(room: Room) -> pricing.RoomPrices:
    """Return the room's net prices, 0 where it has none."""
    return pricing.RoomPrices(
        hour=room.price_per_hour or ZERO,
        half_day=room.price_per_half_day or ZERO,
        day=room.price_per_day or ZERO,
        week=room.price_per_week or ZERO,
        month=room.price_per_month or ZERO,
    )


def sale(site: Site, *, starts_at: dt.datetime) -> pricing.Sale:
    """Return where and on which local date a price is due."""
    local_date = opening_hours.local_day(starts_at, tz=ZoneInfo(site.time_zone))
    return pricing.Sale(country=site.country, on=local_date, currency=site.currency)
