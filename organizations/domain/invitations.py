"""Invitations: a company asks the reader of an address to belong to it.

Whoever invites learns nothing of the address: each one is answered alike and mailed alike, and what is
known of it is looked up when the link is opened. The link is signed and names a row here; the row makes
it single-use and ends it after two weeks. Source: safety, S-20 and S-27; experience, "A company".
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from config.errors import DomainError
from config.links import Purpose
from organizations.domain import accounts, joining, membership, outbox, passwords, typed_texts
from organizations.domain.verifications import PasswordRequired
from organizations.models import (
    Invitation,
    InvitationStatus,
    JoinRequest,
    JoinStatus,
    Language,
    User,
)

LIFETIME = dt.timedelta(days=14)
PAUSE = dt.timedelta(minutes=10)
"""How long an address that was invited is not written to again."""
MOST_WAITING = 100
TEMPLATE = "team_invited"


class InvitationNotFound(DomainError):
    """The company has no such invitation that waits."""

    code = "INVITATION_NOT_FOUND"
    status = 404
    message = "Invitation not found"


class DeadInvitation(DomainError):
    """The invitation was answered, withdrawn, is too old, or its company is closed."""

    code = "INVITATION_OVER"
    status = 404
    message = "This invitation no longer works"


class AlreadyColleague(DomainError):
    """Somebody of the company has the address."""

    code = "ALREADY_COLLEAGUE"
    status = 409
    message = "This person belongs to your company already"


class AlreadyAsking(DomainError):
    """Somebody with the address waits for the company's approval."""

    code = "ALREADY_ASKING"
    status = 409
    message = "This person waits for your approval"


class InvitedLately(DomainError):
    """The address was written to a moment ago."""

    code = "INVITED_LATELY"
    status = 409
    message = "This address was invited less than ten minutes ago"


class TooManyInvitations(DomainError):
    """As many invitations wait for an answer as may."""

    code = "TOO_MANY_INVITATIONS"
    status = 409
    message = f"{MOST_WAITING} invitations wait for an answer; withdraw some first"


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


def waiting_of(by: User) -> Sequence[Invitation]:
    """List the invitations of an administrator's company that wait, the newest first."""
    if not by.is_principal_admin:
        return []
    found = Invitation.objects.filter(
        organization=by.organization_id, status=InvitationStatus.WAITING
    )
    return list(found.order_by("-sent_at", "-id")[:MOST_WAITING])


def invite(email: str, *, role: str, language: str, by: User, now: dt.datetime) -> Invitation:
    """Keep the invitation of an address, in the caller's transaction; who is invited already is anew.

    :raises InvalidEmail: :raises NotAdministrator: :raises UnknownRole: :raises AlreadyColleague:
    :raises AlreadyAsking: :raises InvitedLately: :raises TooManyInvitations:
    """
    address = accounts.normalise_email(email)
    membership.check_administrator(by)
    membership.check_role(role)
    assert by.organization is not None  # an administrator has one
    _check_own(address, by=by)
    waiting = Invitation.objects.filter(
        organization=by.organization_id, status=InvitationStatus.WAITING
    )
    known = waiting.select_for_update(of=("self",)).filter(email=address).first()
    if known is not None:
        known.role, known.language = role, language
        return _renewed(known, by=by, now=now)
    if waiting.count() >= MOST_WAITING:
        raise TooManyInvitations
    try:
        with transaction.atomic():
            return Invitation.objects.create(
                organization=by.organization,
                email=address,
                role=role,
                language=language if language in Language.values else Language.ENGLISH,
                invited_by=by,
                created_at=now,
                sent_at=now,
                expires_at=now + LIFETIME,
            )
    except IntegrityError as error:  # the same address at the same moment
        raise InvitedLately from error


def renew(invitation_id: str, *, by: User, now: dt.datetime) -> Invitation:
    """Let an invitation live for two more weeks, in the caller's transaction.

    :raises NotAdministrator: :raises InvitationNotFound: :raises InvitedLately:
    """
    return _renewed(_own(invitation_id, by=by), by=by, now=now)


@transaction.atomic
def withdraw(invitation_id: str, *, by: User, now: dt.datetime) -> Invitation:
    """Kill the link of an invitation.

    :raises NotAdministrator: :raises InvitationNotFound:
    """
    invitation = _own(invitation_id, by=by)
    _decide(invitation, InvitationStatus.WITHDRAWN, now=now)
    return invitation


def withdraw_those_of(person: User, *, now: dt.datetime) -> None:
    """Kill the links of what somebody sent who no longer decides who belongs to the company."""
    Invitation.objects.filter(invited_by=person, status=InvitationStatus.WAITING).update(
        status=InvitationStatus.WITHDRAWN, decided_at=now
    )


def mail(invitation: Invitation, *, now: dt.datetime) -> None:
    """Write to the invited address, in the caller's transaction."""
    by = invitation.invited_by
    outbox.enqueue(
        template=TEMPLATE,
        to=invitation.email,
        language=invitation.language,
        context={
            "company": typed_texts.harmless(invitation.organization.name),
            "inviter": typed_texts.harmless(by.full_name or by.email) if by else "",
            "until_at": invitation.expires_at.isoformat(),
            "link": {"purpose": Purpose.ACCEPT_INVITATION, "subject": invitation.id},
        },
        now=now,
    )


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
    _decide(invitation, InvitationStatus.ACCEPTED, now=now)
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


def _check_own(address: str, *, by: User) -> None:
    """Look at the company's own people alone: who belongs elsewhere is nobody's to know."""
    own = User.objects.filter(email=address, organization=by.organization_id, is_archived=False)
    if own.exists():
        raise AlreadyColleague
    asking = JoinRequest.objects.filter(
        organization=by.organization_id, person__email=address, status=JoinStatus.WAITING
    )
    if asking.exists():
        raise AlreadyAsking


def _own(invitation_id: str, *, by: User) -> Invitation:
    membership.check_administrator(by)
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("organization")
    invitation = locked.filter(
        pk=invitation_id, organization=by.organization_id, status=InvitationStatus.WAITING
    ).first()
    if invitation is None:
        raise InvitationNotFound
    return invitation


def _renewed(invitation: Invitation, *, by: User, now: dt.datetime) -> Invitation:
    if invitation.sent_at > now - PAUSE:
        raise InvitedLately
    invitation.sent_at, invitation.expires_at = now, now + LIFETIME
    invitation.invited_by = by
    invitation.save()
    return invitation


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


def _decide(invitation: Invitation, status: InvitationStatus, *, now: dt.datetime) -> None:
    invitation.status = status
    invitation.decided_at = now
    invitation.save(update_fields=["status", "decided_at"])
