"""Approvals: who waits to join a company is let in or not, and what follows.

Source: public-api, section 6, Joining by company number: "held meetings are confirmed on approval
if still free".
"""

import datetime as dt

import structlog
from django.db import transaction

from apitokens.domain import events
from booking.domain import activation, confirmations, onboarding_mails
from booking.domain.confirmations import Confirmations
from organizations.domain import joining
from organizations.models import JoinRequest, JoinStatus, User

log = structlog.get_logger(__name__)


def approve(request_id: str, *, by: User, now: dt.datetime) -> Confirmations:
    """Let the person join: their cards open, and what they held is booked if it is still free.

    :raises JoinRequestNotFound: :raises AlreadyDecided:
    """
    with transaction.atomic():
        wish = joining.approve(request_id, by=by, now=now)
        admit(wish, now=now)
        onboarding_mails.approved(wish, now=now)
    return settle(wish, now=now)


def admit(wish: JoinRequest, *, now: dt.datetime) -> None:
    """Tell that somebody has become one of a company and open their cards, in the caller's transaction."""
    _record_joined(wish, now=now)
    activation.welcome(wish.person, now=now)


def settle(wish: JoinRequest, *, now: dt.datetime) -> Confirmations:
    """Confirm what somebody held who has become one of a company; call it outside transactions."""
    done = Confirmations()
    if wish.person.is_existing:
        done = confirmations.confirm_requests_of(wish.person_id, now=now)
    wish.settled_at = now
    wish.save(update_fields=["settled_at"])
    return done


def refuse(request_id: str, *, by: User, now: dt.datetime) -> None:
    """Turn the person away; what they held is released when its time is over.

    :raises JoinRequestNotFound: :raises AlreadyDecided:
    """
    with transaction.atomic():
        wish = joining.refuse(request_id, by=by, now=now)
        onboarding_mails.refused(wish, now=now)


def settle_what_was_left(*, now: dt.datetime) -> int:
    """Confirm the meetings of people whose approval broke off; return how many.

    What goes wrong with one person is logged and holds up no other; the next run tries again.
    """
    found = JoinRequest.objects.select_related("person__organization").filter(
        status=JoinStatus.APPROVED,
        settled_at=None,
        decided_at__lte=now - activation.SWEEP_AFTER,
    )
    left = list(found.order_by("decided_at", "id")[: activation.BATCH])
    return sum(_is_settled(wish, now=now) for wish in left)


def _is_settled(wish: JoinRequest, *, now: dt.datetime) -> bool:
    try:
        settle(wish, now=now)
    except Exception:
        log.exception("approval.failed", wish=wish.pk)
        return False
    return True


def _record_joined(wish: JoinRequest, *, now: dt.datetime) -> None:
    events.record(
        type="user.joined",
        kind="user",
        object_id=wish.person_id,
        organization_id=wish.organization_id,
        now=now,
    )
