"""What booking says against a room, in the words of this API.

Source: workplace-api, section 7, "409 sub-codes"; section 13, "Intentions" and "Errors".
"""

from collections.abc import Callable

from booking.domain.booking_plans import InvalidStart, RulesBroken
from booking.domain.reservations import SlotTaken
from config.errors import DomainError
from workplace.domain.refusals import Conflict, Detail, Invalid

ROOM_TAKEN = "room_conflict"
NO_SUCH_START = "must be a whole minute that the clocks of the location show"


class RoomConflict(Conflict):
    """Somebody else has the room then, or the person or company has booked as much as it may."""

    code = ROOM_TAKEN


def _named(name: str) -> str:
    return name


def told(refusal: DomainError, *, path: Callable[[str], str] = _named) -> DomainError:
    """Return what refuses a booking as this API does; `path` says where in the call a field stands.

    What speaks against no booking in particular, such as too many callers at once, stays as it is.
    """
    if isinstance(refusal, Conflict | Invalid):
        return refusal
    code = ROOM_TAKEN if isinstance(refusal, SlotTaken) else refusal.code.lower()
    if refusal.status == 409:
        return RoomConflict([Detail(path=path("room_id"), message=refusal.message, code=code)])
    if isinstance(refusal, RulesBroken):
        return Invalid(
            [
                Detail(path=path("starts_at"), message=broken.message, code=broken.code.lower())
                for broken in refusal.violations
            ]
        )
    if isinstance(refusal, InvalidStart):
        return Invalid([Detail(path=path("starts_at"), message=NO_SUCH_START, code=code)])
    if refusal.status in (400, 404):
        return Invalid([Detail(path=path("room_id"), message=refusal.message, code=code)])
    return refusal
