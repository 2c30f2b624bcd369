"""Intention states: which verb leads from which state to which, as one table.

Source: workplace API, section 2, "Intention state machine", and section 13, "Intentions".
"""

from enum import StrEnum

from workplace.domain.refusals import Conflict


class Verb(StrEnum):
    """What can be done to an intention besides deleting it."""

    ACCEPT = "accept"
    DECLINE = "decline"
    CANCEL = "cancel"


_NEXT = {
    ("PENDING", Verb.ACCEPT): "ACCEPTED",
    ("PENDING", Verb.DECLINE): "DECLINED",
    ("PENDING", Verb.CANCEL): "CANCELLED",
    ("ACCEPTED", Verb.ACCEPT): "ACCEPTED",
    ("ACCEPTED", Verb.DECLINE): "DECLINED",
    ("ACCEPTED", Verb.CANCEL): "CANCELLED",
    ("DECLINED", Verb.ACCEPT): "ACCEPTED",
    ("DECLINED", Verb.DECLINE): "DECLINED",
    ("CANCELLED", Verb.ACCEPT): "ACCEPTED",
    ("CANCELLED", Verb.CANCEL): "CANCELLED",
}
_REJOINED_FROM = ("DECLINED", "CANCELLED")


class InvalidState(Conflict):
    """The verb leads nowhere from the state that the intention is in."""

    code = "invalid_state"


class NotAnInvitation(Conflict):
    """Only who was invited can decline."""

    code = "not_an_invitation"
    message = "Only an invitation can be declined"


def next_status(status: str, verb: Verb, *, is_invitation: bool, is_over: bool) -> str:
    """Return the state that a verb leads to; where it is the present one there is nothing to do.

    A declined or cancelled intention can be joined again until it `is_over`.

    :raises NotAnInvitation: :raises InvalidState:
    """
    if verb == Verb.DECLINE and not is_invitation:
        raise NotAnInvitation
    found = _NEXT.get((status, verb))
    if found is None:
        raise InvalidState(message=f"An intention that is {status} cannot be asked to {verb}")
    if verb == Verb.ACCEPT and status in _REJOINED_FROM and is_over:
        raise InvalidState(message="This intention is over and cannot be joined again")
    return found
