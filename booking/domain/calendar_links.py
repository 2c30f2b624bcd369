"""Calendar links: the secret address of a person's or a company's own calendar.

A person has one; a company has one, which its administrators make. Made anew, the address that was
before is dead; nothing but its SHA-256 is kept. Source: safety, S-32; experience, "A company".
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.db import transaction

from booking import selectors_calendar_links as selectors
from booking.models import CalendarLink
from config.errors import DomainError
from organizations.models import Organization, Role, User

SECRET_BYTES = 32
NOTED_EVERY = dt.timedelta(hours=1)
"""A reading is written down at most that often: programs come back every few minutes."""


class NoSuchCalendar(DomainError):
    """No living link has that secret, or its owner is archived."""

    code = "NO_SUCH_CALENDAR"
    status = 404
    message = "This calendar does not exist"


class NotAllowed(DomainError):
    """Only a company's administrators decide who reads its calendar."""

    code = "NOT_ALLOWED"
    status = 403
    message = "Only an administrator of the company may do this"


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """A link and its secret, which is known at this moment only."""

    link: CalendarLink
    secret: str


def may_manage_company(person: User) -> bool:
    """Say whether the person decides about their company's link."""
    is_administrator = person.role in (Role.PRINCIPAL_ADMIN, Role.ADMIN)
    return person.organization_id is not None and is_administrator and person.is_existing


def renew_own(person: User, *, now: dt.datetime) -> IssuedLink:
    """Make the person's link; one they had is dead at once."""
    return _renew(person=person, organization=None, by=person, now=now)


def renew_of_company(person: User, *, now: dt.datetime) -> IssuedLink:
    """Make the link of the person's company; one it had is dead at once.

    :raises NotAllowed:
    """
    return _renew(person=None, organization=_company_of(person), by=person, now=now)


def revoke_own(person: User) -> None:
    """Kill the person's link, if there is one."""
    CalendarLink.objects.filter(person=person).delete()


def revoke_of_company(person: User) -> None:
    """Kill the link of the person's company, if there is one.

    :raises NotAllowed:
    """
    CalendarLink.objects.filter(organization=_company_of(person)).delete()


def read(secret: str, *, now: dt.datetime) -> CalendarLink:
    """Return the link with that secret, and note that it is in use.

    :raises NoSuchCalendar: also when its owner is archived.
    """
    link = selectors.by_hash(_digest(secret))
    if link is None or _is_shut(link):
        raise NoSuchCalendar
    if link.last_read_at is None or now - link.last_read_at >= NOTED_EVERY:
        CalendarLink.objects.filter(pk=link.pk).update(last_read_at=now)
    return link


def _is_shut(link: CalendarLink) -> bool:
    if link.person is not None:
        return link.person.counts_as_archived
    return link.organization is None or link.organization.is_archived


def _company_of(person: User) -> Organization:
    if person.organization is None or not may_manage_company(person):
        raise NotAllowed
    return person.organization


@transaction.atomic
def _renew(
    *, person: User | None, organization: Organization | None, by: User, now: dt.datetime
) -> IssuedLink:
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # who clicks twice gets one link
    if organization is not None:
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    CalendarLink.objects.filter(person=person, organization=organization).delete()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = CalendarLink.objects.create(
        person=person,
        organization=organization,
        secret_hash=_digest(secret),
        made_by=by,
        created_at=now,
    )
    return IssuedLink(link, secret)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
