"""What the OpenAPI document says about the catalogue, calendars and bookings."""

from booking.api import (
    openapi_bookings,
    openapi_catalogue,
    openapi_find,
    openapi_meetings,
    openapi_onboarding,
    openapi_prices,
    openapi_waitlist,
)
from config.api.openapi import Schema


def paths() -> Schema:
    """Describe every endpoint of this app."""
    return {
        **openapi_catalogue.paths(),
        **openapi_bookings.paths(),
        **openapi_meetings.paths(),
        **openapi_prices.paths(),
        **openapi_onboarding.paths(),
        **openapi_find.paths(),
        **openapi_waitlist.paths(),
    }
