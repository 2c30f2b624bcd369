"""The reader's side of invitations: the link is opened, and accepted once."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from config.errors import DomainError
from organizations.domain import accounts, joining, passwords
from organizations.domain.invitations import asking
from organizations.domain.verifications import PasswordRequired
from organizations.models import Invitation, InvitationStatus, JoinRequest, JoinStatus, User


class DeadInvitation(DomainError):
    """The invitation was answered, withdrawn, is too old, or its company is closed."""

    code = "INVITATION_OVER"
    status = 404
    message = "This invitation no longer works"


class OtherCompany(DomainError):
    """The reader's account belongs to another company, which they would have to leave."""

    code = "OTHER_COMPANY"
    status = 409
    message = "This account belongs to another company"


class AccountClosed(DomainError):
    """The reader's account is archived."""

    code = "ACCOUNT_ARCHIVED"
    status = 403
    message = "This account is closed. Please contact us."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody tells who accepts; the password counts for who has none yet."""

    first_name: str = ""
    last_name: str = ""
    password: str = ""


def opened(invitation_id: str, *, now: dt.datetime) -> Invitation:
    """Return what a link stands for; looking changes nothing.

    :raises DeadInvitation:
    """
    return _alive(Invitation.objects.filter(id=invitation_id), now=now)


def reader_of(invitation: Invitation) -> User | None:
    """Return who has the invited address."""
    found = User.objects.select_related("organization").filter(email=invitation.email)
    return found.first()


def accept(invitation_id: str, answer: Answer, *, now: dt.datetime) -> JoinRequest:
    """Make the link's reader one of the company, once, in the caller's transaction.

    Reading the mail proves the address. What comes of it is kept as a wish to join that is approved.

    :raises DeadInvitation: :raises OtherCompany: :raises AccountClosed: :raises PasswordRequired:
    :raises WeakPassword:
    """
    offered = opened(invitation_id, now=now)
    visitor = accounts.Visitor(email=offered.email, name="", language=offered.language)
    person = accounts.locked_visitor(visitor)  # the person before the invitation
    locked = Invitation.objects.select_for_update(of=("self",))
    invitation = _alive(locked.filter(id=invitation_id), now=now)
    check_free(person, invitation)
    _complete(person, answer, now=now)
    joining.withdraw(person, now=now)
    person.organization = invitation.organization
    person.role = invitation.role
    person.save()
    person.verifications.filter(used_at=None).update(used_at=now, settled_at=now)
    asking.decide(invitation, InvitationStatus.ACCEPTED, now=now)
    return JoinRequest.objects.create(
        person=person,
        organization=invitation.organization,
        status=JoinStatus.APPROVED,
        created_at=invitation.created_at,
        decided_at=now,
        decided_by=invitation.invited_by,
    )


def check_free(person: User, invitation: Invitation) -> None:
    """Refuse to take in who belongs to a company or is shut out.

    :raises OtherCompany: :raises AccountClosed: :raises DeadInvitation:
    """
    if person.organization_id not in (None, invitation.organization_id):
        raise OtherCompany
    if person.counts_as_archived:
        raise AccountClosed
    if person.organization_id is not None:
        raise DeadInvitation


def _alive(chosen: QuerySet[Invitation], *, now: dt.datetime) -> Invitation:
    """Return the invitation while it waits and whoever sent it still decides who belongs there.

    :raises DeadInvitation:
    """
    found = chosen.select_related("organization", "invited_by__organization")
    invitation = found.filter(status=InvitationStatus.WAITING, expires_at__gt=now).first()
    if invitation is None or invitation.organization.is_archived:
        raise DeadInvitation
    by = invitation.invited_by
    if by is None or by.organization_id != invitation.organization_id or not by.is_principal_admin:
        raise DeadInvitation
    return invitation


def _complete(person: User, answer: Answer, *, now: dt.datetime) -> None:
    """Write, in memory, what was told of somebody of whom it was missing."""
    person.first_name = person.first_name or answer.first_name
    person.last_name = person.last_name or answer.last_name
    person.email_verified_at = person.email_verified_at or now
    if not person.has_usable_password():
        if not answer.password:
            raise PasswordRequired
        passwords.choose(person, answer.password)
