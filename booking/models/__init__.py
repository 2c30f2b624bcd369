"""When: what holds a room, the meetings behind it, and who would like one."""

from booking.models.demand import (
    BookingLimit,
    LimitPeriod,
    LimitScope,
    RefusalKind,
    RefusedDemand,
    WaitlistEntry,
    WaitlistStatus,
)
from booking.models.meetings import (
    CalendarEntry,
    CatalogueChange,
    Meeting,
    MeetingStatus,
    Reservation,
    ReservationKind,
)

__all__ = [
    "BookingLimit",
    "CalendarEntry",
    "CatalogueChange",
    "LimitPeriod",
    "LimitScope",
    "Meeting",
    "MeetingStatus",
    "RefusalKind",
    "RefusedDemand",
    "Reservation",
    "ReservationKind",
    "WaitlistEntry",
    "WaitlistStatus",
]
