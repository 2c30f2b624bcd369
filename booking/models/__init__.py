"""When: what holds a room, the meetings behind it, and who would like one."""

from booking.models.calendar_links import CalendarLink
from booking.models.catalogue import CatalogueChange
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
    Meeting,
    MeetingSeries,
    MeetingStatus,
    Reservation,
    ReservationKind,
)
from booking.models.registrations import LinkRequest, Registration, RegistrationStatus

__all__ = [
    "BookingLimit",
    "CalendarEntry",
    "CalendarLink",
    "CatalogueChange",
    "LimitPeriod",
    "LimitScope",
    "LinkRequest",
    "Meeting",
    "MeetingSeries",
    "MeetingStatus",
    "RefusalKind",
    "RefusedDemand",
    "Registration",
    "RegistrationStatus",
    "Reservation",
    "ReservationKind",
    "WaitlistEntry",
    "WaitlistStatus",
]
