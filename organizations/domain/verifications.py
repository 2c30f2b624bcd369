"""Verifications: proving that somebody reads the mail of the address they gave.

The mailed link is signed and names a row here; the row makes it single-use, ends it after three
days and ties it to the address it was sent to. Source: public-api, section 2, POST /api/register,
"The verification link"; safety, S-27.
"""

import datetime as dt

from django.db.models import QuerySet

from config.errors import DomainError
from config.links import Purpose
from organizations.domain import outbox, passwords, typed_texts
from organizations.models import EmailVerification, User

LIFETIME = dt.timedelta(hours=72)
PAUSE = dt.timedelta(minutes=10)
"""How long a person who was written to is not written to again."""


class DeadLink(DomainError):
    """The link was used, is too old, or was sent to an address that the person no longer has."""

    code = "INVALID_LINK"
    status = 404
    message = "This link is invalid or has expired"


class PasswordRequired(DomainError):
    """The person has no password yet and must choose one."""

    code = "PASSWORD_REQUIRED"
    message = "Choose a password"


def begin(person: User, *, now: dt.datetime) -> EmailVerification:
    """Note that the person's address is to be proven, in the caller's transaction."""
    return EmailVerification.objects.create(
        user=person, email=person.email, created_at=now, expires_at=now + LIFETIME
    )


def send(person: User, *, company: str, now: dt.datetime) -> None:
    """Mail a fresh link, in the caller's transaction; `company` is what the mail calls the company."""
    verification = begin(person, now=now)
    outbox.enqueue(
        template="verify_email",
        to=person.email,
        language=person.language,
        context={
            "first_name": typed_texts.harmless(person.first_name),
            "company": typed_texts.harmless(company),
            "link": {"purpose": Purpose.VERIFY_EMAIL, "subject": verification.id},
        },
        now=now,
    )


def send_again(person: User, *, company: str, now: dt.datetime) -> bool:
    """Mail a fresh link unless one went out less than ten minutes ago; tell whether one does."""
    if person.verifications.filter(created_at__gt=now - PAUSE).exists():
        return False
    send(person, company=company, now=now)
    return True


def opened(verification_id: str, *, now: dt.datetime) -> EmailVerification:
    """Return what a link stands for, with its person and company; looking changes nothing.

    :raises DeadLink: when it can no longer be used.
    """
    return _alive(EmailVerification.objects.filter(id=verification_id), now=now)


def use(verification_id: str, *, password: str, now: dt.datetime) -> EmailVerification:
    """Prove the address, once, in the caller's transaction; set the password of who has none.

    Every other link that was sent to this person is used up with it.

    :raises DeadLink: :raises PasswordRequired: :raises WeakPassword:
    """
    links = EmailVerification.objects.filter(id=verification_id)
    # The person is locked before the link, as who accepts an invitation does it.
    User.objects.select_for_update().filter(pk__in=links.values("user")).first()
    verification = _alive(links.select_for_update(of=("self",)), now=now)
    person = verification.user
    if not person.has_usable_password():
        if not password:
            raise PasswordRequired
        passwords.choose(person, password)
    person.email_verified_at = person.email_verified_at or now
    person.save(update_fields=["password", "email_verified_at", "updated_at"])
    verification.used_at = now
    verification.save(update_fields=["used_at"])
    person.verifications.filter(used_at=None).update(used_at=now, settled_at=now)
    return verification


def unsettled(*, before: dt.datetime, limit: int) -> list[EmailVerification]:
    """List the used links whose consequences were not all drawn by then, the oldest first."""
    found = EmailVerification.objects.filter(used_at__lte=before, settled_at=None)
    return list(found.order_by("used_at", "id")[:limit])


def _alive(chosen: QuerySet[EmailVerification], *, now: dt.datetime) -> EmailVerification:
    verification = (
        chosen.select_related("user__organization").filter(expires_at__gt=now, used_at=None).first()
    )
    if verification is None:
        raise DeadLink
    person = verification.user
    if person.email != verification.email or person.counts_as_archived:
        raise DeadLink
    return verification
