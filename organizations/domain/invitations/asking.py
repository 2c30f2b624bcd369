"""The company's side of invitations: they are sent, sent once more, and withdrawn."""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from config.errors import DomainError
from config.links import Purpose
from organizations.domain import accounts, membership, outbox, typed_texts
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
    return _new(address, role=role, language=language, by=by, now=now)


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
    decide(invitation, InvitationStatus.WITHDRAWN, now=now)
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


def decide(invitation: Invitation, status: InvitationStatus, *, now: dt.datetime) -> None:
    """Keep how an invitation ended."""
    invitation.status = status
    invitation.decided_at = now
    invitation.save(update_fields=["status", "decided_at"])


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


def _new(address: str, *, role: str, language: str, by: User, now: dt.datetime) -> Invitation:
    assert by.organization is not None  # an administrator has one
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


def _renewed(invitation: Invitation, *, by: User, now: dt.datetime) -> Invitation:
    if invitation.sent_at > now - PAUSE:
        raise InvitedLately
    invitation.sent_at, invitation.expires_at = now, now + LIFETIME
    invitation.invited_by = by
    invitation.save()
    return invitation
