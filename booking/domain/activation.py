"""Activation: what follows once somebody has proven their address.

The link is used up, the company activated and its cards opened in one transaction; then each held
meeting is confirmed in a transaction of its own, because rooms are locked before people. What a
crash leaves undone in between, a sweep does. Source: public-api, section 2, POST /api/register,
"The verification link"; section 7, "An access card".
"""

import datetime as dt
from dataclasses import dataclass

import structlog
from django.db import transaction

from apitokens.domain import events
from booking.domain import confirmations
from booking.domain.confirmations import Confirmations
from organizations.domain import access_cards, verifications
from organizations.models import (
    EmailVerification,
    JoinRequest,
    JoinStatus,
    Organization,
    OrganizationStatus,
    User,
)

SWEEP_AFTER = dt.timedelta(minutes=2)
BATCH = 50

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """The person who proved the address, and what became of their meetings."""

    person: User
    meetings: Confirmations
    waits_for_approval: bool


def activate(verification_id: str, *, password: str, now: dt.datetime) -> Activation:
    """Use a mailed link: the address is verified, the company active, what was held is booked.

    :raises DeadLink: :raises PasswordRequired: :raises WeakPassword:
    """
    with transaction.atomic():
        verification = prove(verification_id, password=password, now=now)
    return settle(verification, now=now)


def prove(verification_id: str, *, password: str, now: dt.datetime) -> EmailVerification:
    """Use a link up: the address is verified, the company active; in the caller's transaction.

    :raises DeadLink: :raises PasswordRequired: :raises WeakPassword:
    """
    verification = verifications.use(verification_id, password=password, now=now)
    _record(verification.user, "user.verified", "user", verification.user.pk, now=now)
    welcome(verification.user, now=now)
    return verification


def settle(verification: EmailVerification, *, now: dt.datetime) -> Activation:
    """Book what was held for a person whose address is proven; call it outside transactions."""
    person = verification.user
    done = _confirm_meetings(person, now=now)
    verification.settled_at = now
    verification.save(update_fields=["settled_at"])
    waits = JoinRequest.objects.filter(person=person, status=JoinStatus.WAITING).exists()
    return Activation(person=person, meetings=done, waits_for_approval=waits)


def welcome(person: User, *, now: dt.datetime) -> None:
    """Activate the company that a verified person leads, and the cards that wait for either.

    In the caller's transaction, with the person locked.
    """
    if person.organization_id is None:
        return
    organization = Organization.objects.select_for_update(no_key=True).get(
        pk=person.organization_id
    )
    if person.is_principal_admin and organization.status == OrganizationStatus.PENDING:
        organization.status = OrganizationStatus.ACTIVE
        organization.save(update_fields=["status", "updated_at"])
        _record(person, "organization.activated", "organization", organization.pk, now=now)
    for card in access_cards.activate(organization.pk):
        _record(person, "access_card.activated", "access_card", card.pk, now=now)


def settle_what_was_left(*, now: dt.datetime) -> int:
    """Confirm the meetings of people whose link was used when something broke off; return how many.

    What goes wrong with one person is logged and holds up no other; the next run tries again.
    """
    return sum(
        _is_settled(verification, now=now)
        for verification in verifications.unsettled(before=now - SWEEP_AFTER, limit=BATCH)
    )


def _is_settled(verification: EmailVerification, *, now: dt.datetime) -> bool:
    try:
        _confirm_meetings(verification.user, now=now)
    except Exception:
        log.exception("activation.failed", verification=verification.pk)
        return False
    verification.settled_at = now
    verification.save(update_fields=["settled_at"])
    return True


def _confirm_meetings(person: User, *, now: dt.datetime) -> Confirmations:
    if not person.is_existing:
        return Confirmations()
    return confirmations.confirm_requests_of(person.pk, now=now)


def _record(person: User, type: str, kind: str, object_id: str, *, now: dt.datetime) -> None:  # noqa: A002 - the event's own word
    events.record(
        type=type,
        kind=kind,
        object_id=object_id,
        organization_id=person.organization_id,
        now=now,
    )
