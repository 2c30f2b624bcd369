"""What the OpenAPI document says about the catalogue, calendars and bookings."""

from pathlib import Path

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
from config.api.openapi_examples import with_examples

_EXAMPLES = Path(__file__).parent / "examples"


def paths() -> Schema:
    """Describe every endpoint of this app."""
    every = {
        **openapi_catalogue.paths(),
        **openapi_bookings.paths(),
        **openapi_meetings.paths(),
        **openapi_prices.paths(),
        **openapi_onboarding.paths(),
        **openapi_find.paths(),
        **openapi_waitlist.paths(),
    }
    return with_examples(every, folder=_EXAMPLES)
