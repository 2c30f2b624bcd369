"""The website's words for what is in the way of a plan, in the reader's language."""

from django.utils.translation import gettext, gettext_lazy

from config.errors import DomainError
from workplace.domain.refusals import Refused

REASONS = {
    "intention_conflict": gettext_lazy("something else is planned then"),
    "capacity_exceeded": gettext_lazy("every seat is taken"),
    "room_conflict": gettext_lazy("the room is taken"),
    "location_closed": gettext_lazy("the location is closed"),
    "contract_expired": gettext_lazy("your company has no access to this location"),
    "invalid_state": gettext_lazy("this has been answered already, or is over"),
    "room_in_use": gettext_lazy("the meeting has begun"),
    "NO_LOCATION": gettext_lazy("there is no location at which you could work"),
}


def why(refusal: DomainError) -> str:
    """Say in the middle of a sentence why something was refused."""
    codes = [refusal.code]
    if isinstance(refusal, Refused):
        codes = [detail.code or refusal.code for detail in refusal.details] or codes
    said = [str(REASONS[code]) for code in dict.fromkeys(codes) if code in REASONS]
    return ", ".join(said) or gettext("this is not possible")
