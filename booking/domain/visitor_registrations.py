"""Visitor registrations: forms that anybody may send with anybody's address.

Whoever sends one gets the same page for every address, after the same work: the form is kept, and
the background does the rest. Only the mailbox is told what is the matter.
Source: safety, S-20 and S-21; public-api, section 7, "the page tells nobody who is a customer".
"""

import datetime as dt

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from booking.domain import onboarding, onboarding_mails
from booking.domain.registration_requests import (
    Application,
    RegistrationRequest,
    as_facts,
    from_facts,
)
from booking.models import LinkRequest, Registration, RegistrationStatus
from config import background
from config.errors import DomainError
from organizations.domain import accounts, outbox, verifications
from organizations.domain.identity_checks import IdentityVerification
from organizations.models import JoinStatus, User

TASK = "booking.work_on_registration"
RESEND_TASK = "booking.send_verification_again"
SWEEP_AFTER = dt.timedelta(seconds=30)
BATCH = 50
MAX_ATTEMPTS = 5

log = structlog.get_logger(__name__)


def receive(request: RegistrationRequest, *, now: dt.datetime) -> IdentityVerification | None:
    """Keep a visitor's registration for the background; tell what is known of the company's number.

    :raises DomainError: whatever `Application.make` refuses; nothing of it depends on the address.
    """
    application = onboarding.look_up(request, now=now)
    with transaction.atomic():
        registration = onboarding.record(application, now=now)
        registration.told = as_facts(request)
        registration.save(update_fields=["told"])
        background.after_commit(TASK, registration.pk)
    return application.verification


def work_on(registration_id: str, *, now: dt.datetime) -> None:
    """Do what a visitor's registration asks for, once; whose address is proven is asked to log in."""
    waiting = Registration.objects.filter(pk=registration_id, status=RegistrationStatus.WAITING)
    registration = waiting.first()
    if registration is None:
        return
    try:
        application = _application(registration, now=now)
        with transaction.atomic():
            if waiting.select_for_update(of=("self",)).first() is None:
                return
            _settle(application, registration, now=now)
    except DomainError as refusal:
        # The company is archived, or what was checked when the form came has changed since.
        log.warning("registration.refused", registration=registration.pk, code=refusal.code)
        with transaction.atomic():
            language = registration.told.get("language") or "en"
            if waiting.update(status=RegistrationStatus.REFUSED, told={}):
                onboarding_mails.registration_refused(
                    registration.email, language=language, now=now
                )


def sweep(*, now: dt.datetime) -> int:
    """Work on what a dead broker missed; return how many there were.

    What goes wrong with one is counted and holds up no other. It is tried five times in all, ever
    more rarely, and then left to staff.
    """
    found = Registration.objects.filter(
        Q(next_attempt_at=None) | Q(next_attempt_at__lte=now),
        status=RegistrationStatus.WAITING,
        created_at__lte=now - SWEEP_AFTER,
    )
    left = list(found.order_by("created_at", "id").values_list("pk", flat=True)[:BATCH])
    for registration_id in left:
        try:
            work_on(registration_id, now=now)
        except Exception:
            log.exception("registration.failed", registration=registration_id)
            _note_failure(registration_id, now=now)
    return len(left) + _sweep_links(now=now)


def _sweep_links(*, now: dt.datetime) -> int:
    """Write to those who asked for a link; what goes wrong with one is logged and holds up no other."""
    found = LinkRequest.objects.filter(created_at__lte=now - SWEEP_AFTER)
    left = list(found.order_by("-created_at", "id").values_list("pk", flat=True)[:BATCH])
    for request_id in left:
        try:
            send_link(request_id, now=now)
        except Exception:
            log.exception("link_request.failed", request=request_id)
    return len(left)


@transaction.atomic
def _note_failure(registration_id: str, *, now: dt.datetime) -> None:
    waiting = Registration.objects.filter(pk=registration_id, status=RegistrationStatus.WAITING)
    registration = waiting.select_for_update(of=("self",)).first()
    if registration is None:
        return
    registration.attempts += 1
    registration.next_attempt_at = now + outbox.wait_before(registration.attempts)
    if registration.attempts >= MAX_ATTEMPTS:
        registration.status = RegistrationStatus.FAILED
    registration.save(update_fields=["attempts", "next_attempt_at", "status"])


@transaction.atomic
def try_again(chosen: QuerySet[Registration]) -> int:
    """Put registrations that were given up back in the queue, with all their attempts; return how many."""
    failed = chosen.filter(status=RegistrationStatus.FAILED).select_for_update(of=("self",))
    ids = list(failed.values_list("pk", flat=True))
    Registration.objects.filter(pk__in=ids).update(
        status=RegistrationStatus.WAITING, attempts=0, next_attempt_at=None
    )
    for registration_id in ids:
        background.after_commit(TASK, registration_id)
    return len(ids)


@transaction.atomic
def ask_for_link(email: str, *, language: str, now: dt.datetime) -> None:
    """Let the background write to an address whose owner says that no link came.

    :raises InvalidEmail:
    """
    wish = LinkRequest.objects.create(
        email=accounts.normalise_email(email), language=language, created_at=now
    )
    background.after_commit(RESEND_TASK, wish.pk)


@transaction.atomic
def send_link(request_id: str, *, now: dt.datetime) -> None:
    """Write, once, to the address that a visitor asked for."""
    wish = LinkRequest.objects.select_for_update(skip_locked=True).filter(pk=request_id).first()
    if wish is None:
        return
    _write_to(wish.email, language=wish.language, now=now)
    wish.delete()


def _write_to(email: str, *, language: str, now: dt.datetime) -> None:
    """Write to an address, whatever is known of it: a fresh link, or what to do instead."""
    person = User.objects.select_related("organization").filter(email=email).first()
    if person is None or person.counts_as_archived:
        onboarding_mails.not_registered(email, language=language, now=now)
    elif person.email_verified_at is not None:
        onboarding_mails.already_registered(person, now=now)
    elif company := _company_of(person):
        verifications.send_again(person, company=company, now=now)
    else:
        onboarding_mails.not_registered(email, language=language, now=now)


def _application(registration: Registration, *, now: dt.datetime) -> Application:
    told = from_facts(registration.told, terms_accepted_at=registration.terms_accepted_at)
    return onboarding.look_up(told, now=now)


def _settle(application: Application, registration: Registration, *, now: dt.datetime) -> None:
    person = User.objects.select_related("organization").filter(email=application.email).first()
    if person is None or (person.email_verified_at is None and not person.counts_as_archived):
        onboarding.settle(application, registration, now=now)
        return
    if person.counts_as_archived:
        onboarding_mails.registration_refused(person.email, language=person.language, now=now)
    else:
        onboarding_mails.already_registered(person, now=now)
    registration.status = RegistrationStatus.USER_EXISTS
    registration.person = person
    registration.told = {}
    registration.save(update_fields=["status", "person", "told"])


def _company_of(person: User) -> str:
    if person.organization is not None:
        return person.organization.name
    wish = (
        person.join_requests.select_related("organization")
        .filter(status=JoinStatus.WAITING)
        .first()
    )
    return wish.organization.name if wish else ""
