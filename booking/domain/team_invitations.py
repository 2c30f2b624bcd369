"""Inviting colleagues, within the limits that keep the mail from being abused, and what accepting brings.

Source: experience, "A company"; safety, S-20, S-22 and S-27.
"""

import datetime as dt
from dataclasses import dataclass

import structlog
from django.db import transaction

from apitokens.domain import abuse_limits
from booking.domain import approvals, onboarding_mails
from booking.domain.confirmations import Confirmations
from organizations.domain import invitations
from organizations.domain.invitations import Answer
from organizations.models import Invitation, User

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Who has become one of a company, and what became of their meetings."""

    person: User
    meetings: Confirmations


@transaction.atomic
def invite(email: str, *, role: str, language: str, by: User, now: dt.datetime) -> Invitation:
    """Ask the reader of an address to join an administrator's company, by mail.

    :raises InvalidEmail: :raises NotAdministrator: :raises UnknownRole: :raises AlreadyColleague:
    :raises AlreadyAsking: :raises InvitedLately: :raises TooManyInvitations: :raises TooManyCalls:
    """
    invitation = invitations.invite(email, role=role, language=language, by=by, now=now)
    _mail(invitation, now=now)
    return invitation


@transaction.atomic
def send_again(invitation_id: str, *, by: User, now: dt.datetime) -> Invitation:
    """Write once more to an address that was invited; both links work until one is used.

    :raises NotAdministrator: :raises InvitationNotFound: :raises InvitedLately: :raises TooManyCalls:
    """
    invitation = invitations.renew(invitation_id, by=by, now=now)
    _mail(invitation, now=now)
    return invitation


def accept(invitation_id: str, answer: Answer, *, now: dt.datetime) -> Joined:
    """Make the link's reader one of the company; their cards open, and what they held is booked.

    Who invited them is told by mail.

    :raises DeadInvitation: :raises OtherCompany: :raises AccountClosed: :raises PasswordRequired:
    :raises WeakPassword:
    """
    with transaction.atomic():
        wish = invitations.accept(invitation_id, answer, now=now)
        approvals.admit(wish, now=now)
        onboarding_mails.invitation_accepted(wish, now=now)
    return Joined(person=wish.person, meetings=approvals.settle(wish, now=now))


def _mail(invitation: Invitation, *, now: dt.datetime) -> None:
    """Write to the address unless it has been written to enough; the company is told the same either way.

    :raises TooManyCalls: when the company has invited enough for a day.
    """
    abuse_limits.take(abuse_limits.INVITATIONS, who=invitation.organization_id, now=now)
    try:
        abuse_limits.take(abuse_limits.INVITED, who=invitation.email, now=now)
    except abuse_limits.TooManyCalls:
        log.warning("invitation.not_mailed", invitation=invitation.pk)
        return
    invitations.mail(invitation, now=now)
