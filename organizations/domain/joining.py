"""Joining: somebody gave the number of a company that is here already, and its administrator decides.

A stranger who knows a company's number gains nothing: until the approval the person stays without
company, and nothing of the company changes. Source: public-api, section 6, Joining by company number.
"""

import datetime as dt
from collections.abc import Sequence

from config.errors import DomainError
from organizations.models import JoinRequest, JoinStatus, Organization, Role, User


class JoinRequestNotFound(DomainError):
    """No such wish waits, or this is not the one who decides about it."""

    code = "JOIN_REQUEST_NOT_FOUND"
    status = 404
    message = "Join request not found"


class AlreadyDecided(DomainError):
    """Somebody has decided, or the person belongs to a company meanwhile."""

    code = "ALREADY_DECIDED"
    status = 409
    message = "This request has already been decided"


def ask(person: User, organization: Organization, *, now: dt.datetime) -> JoinRequest:
    """Let a person, whose row is locked, wait for a company; asking twice makes one wish.

    A wish to join another company is withdrawn.
    """
    known = JoinRequest.objects.filter(person=person, status=JoinStatus.WAITING).first()
    if known is not None and known.organization_id == organization.pk:
        return known
    withdraw(person, now=now)
    return JoinRequest.objects.create(person=person, organization=organization, created_at=now)


def withdraw(person: User, *, now: dt.datetime) -> None:
    """End the wish of a person who registers otherwise."""
    JoinRequest.objects.filter(person=person, status=JoinStatus.WAITING).update(
        status=JoinStatus.WITHDRAWN, decided_at=now
    )


def approve(request_id: str, *, by: User, now: dt.datetime) -> JoinRequest:
    """Make the person one of the company, in the caller's transaction.

    :raises JoinRequestNotFound: :raises AlreadyDecided:
    """
    wish = _decidable(request_id, by=by)
    person = User.objects.select_for_update(no_key=True).get(pk=wish.person_id)
    if person.organization_id is not None or wish.organization.is_archived:
        raise AlreadyDecided
    person.organization = wish.organization
    person.role = Role.USER
    person.save(update_fields=["organization", "role", "updated_at"])
    wish.person = person
    _decide(wish, JoinStatus.APPROVED, by=by, now=now)
    return wish


def refuse(request_id: str, *, by: User, now: dt.datetime) -> JoinRequest:
    """Leave the person without company, in the caller's transaction.

    :raises JoinRequestNotFound: :raises AlreadyDecided:
    """
    wish = _decidable(request_id, by=by)
    _decide(wish, JoinStatus.REFUSED, by=by, now=now)
    return wish


def waiting_for(person: User) -> Sequence[JoinRequest]:
    """List the wishes that this person decides about, the oldest first; at most a hundred."""
    if not person.is_principal_admin:
        return []
    found = JoinRequest.objects.select_related("person").filter(
        organization=person.organization_id, status=JoinStatus.WAITING
    )
    return list(found.order_by("created_at", "id")[:100])


def shown_to(person: User, *, request_id: str) -> JoinRequest:
    """Return a wish to who decides about it, whether or not it still waits.

    :raises JoinRequestNotFound:
    """
    wish = (
        JoinRequest.objects.select_related("person", "organization").filter(pk=request_id).first()
    )
    if wish is None or not _may_decide(person, wish):
        raise JoinRequestNotFound
    return wish


def deciders(organization: Organization) -> list[User]:
    """List the people who decide who belongs to a company: its verified principal administrators."""
    people = User.objects.select_related("organization").filter(
        organization=organization, role=Role.PRINCIPAL_ADMIN
    )
    return [person for person in people.order_by("created_at", "id") if person.is_principal_admin]


def _decidable(request_id: str, *, by: User) -> JoinRequest:
    # The person is locked before the wish, as registration does it.
    holder = JoinRequest.objects.filter(pk=request_id).values_list("person_id", flat=True).first()
    User.objects.select_for_update(no_key=True).filter(pk=holder).first()
    locked = JoinRequest.objects.select_related("organization", "person")
    wish = locked.select_for_update(of=("self",)).filter(pk=request_id).first()
    if wish is None or not _may_decide(by, wish):
        raise JoinRequestNotFound
    if wish.status != JoinStatus.WAITING:
        raise AlreadyDecided
    return wish


def _may_decide(person: User, wish: JoinRequest) -> bool:
    is_ours = person.is_principal_admin and person.organization_id == wish.organization_id
    return person.is_staff or is_ours


def _decide(wish: JoinRequest, status: JoinStatus, *, by: User, now: dt.datetime) -> None:
    wish.status = status
    wish.decided_at = now
    wish.decided_by = by
    wish.save(update_fields=["status", "decided_at", "decided_by"])
