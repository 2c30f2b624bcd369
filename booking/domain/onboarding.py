"""Onboarding: a company registers, once, and its first person is asked to prove the address.

First everything is looked up and the company register is asked, outside any transaction; then, in
one transaction, under the locks of the company's numbers and of the person, it is decided what the
registration comes to, and all of it is written. Source: Public API, POST /api/register;
public-api, section 2 and section 6, People.
"""

import datetime as dt

from booking.domain import onboarding_mails, onboarding_writes, registration_outcomes
from booking.domain.registration_outcomes import RegistrationOutcome
from booking.domain.registration_requests import Application, RegistrationRequest
from booking.models import Registration, RegistrationStatus
from config import rehearsal
from config.errors import DomainError
from organizations.domain import accounts, company_matching, joining, verifications
from organizations.domain.company_matching import Match
from organizations.models import JoinStatus, Organization, User


class AccountArchived(DomainError):
    """The person or the company is shut out. Source: public-api, section 2, POST /api/register."""

    code = "ACCOUNT_ARCHIVED"
    status = 403
    message = "Your account is no longer valid. Please contact an administrator to restore it."


def look_up(request: RegistrationRequest, *, now: dt.datetime) -> Application:
    """Find all that a registration names and ask the company register; call it outside transactions.

    :raises: whatever `Application.make` refuses.
    """
    return Application.make(request).checked(now=now)


def register(application: Application, *, now: dt.datetime) -> RegistrationOutcome:
    """Register a company, complete one that staff prepared, or let the person wait to join one.

    Who has not proven the address is written to. A person who has a company gets no other, and is
    written to again as long as that is so.

    :raises AccountArchived:
    """
    is_rehearsal = application.request.dry_run
    with rehearsal.transaction_unless(dry_run=is_rehearsal):
        registration = record(application, now=now)
        outcome = settle(application, registration, now=now)
    return registration_outcomes.without_new_ids(outcome) if is_rehearsal else outcome


def record(application: Application, *, now: dt.datetime) -> Registration:
    """Keep what was told, before it is known what it comes to."""
    request = application.request
    return Registration.objects.create(
        status=RegistrationStatus.WAITING,
        email=application.email,
        comments=request.comments,
        room_of_interest=application.room,
        api_token_id=request.api_token_id,
        terms_accepted_at=request.terms_accepted_at,
        created_at=now,
    )


def settle(
    application: Application, registration: Registration, *, now: dt.datetime
) -> RegistrationOutcome:
    """Decide what a registration comes to and write it, in the caller's transaction.

    :raises AccountArchived:
    """
    numbers = {
        "country": application.country,
        "company_number": application.request.company_number,
        "vat_number": application.request.vat_number,
    }
    company_matching.lock(**numbers)
    person, is_new = _locked_person(application)
    if person.counts_as_archived:
        raise AccountArchived
    if person.organization is not None:
        outcome = _already_there(person, person.organization, now=now)
    else:
        prepared = company_matching.prepared_for(application.email)
        match = Match() if prepared else company_matching.find(**numbers)
        outcome = _admit(application, person, prepared, match, is_new=is_new, now=now)
    _close(registration, person, outcome)
    return outcome


def _locked_person(application: Application) -> tuple[User, bool]:
    request = application.request
    is_known = User.objects.filter(email=application.email).exists()
    person = accounts.locked_visitor(
        accounts.Visitor(
            email=application.email,
            name=f"{request.first_name} {request.last_name}",
            language=application.language,
        )
    )
    return person, not is_known


def _already_there(
    person: User, organization: Organization, *, now: dt.datetime
) -> RegistrationOutcome:
    if person.email_verified_at is None:
        verifications.send_again(person, company=organization.name, now=now)
    return registration_outcomes.user_exists(person, organization)


def _admit(
    application: Application,
    person: User,
    prepared: Organization | None,
    match: Match,
    *,
    is_new: bool,
    now: dt.datetime,
) -> RegistrationOutcome:
    organization = prepared or match.organization
    if organization is not None and organization.is_archived:
        raise AccountArchived
    onboarding_writes.complete_person(application, person)
    if match.organization is not None:
        return _let_wait(application, person, match.organization, is_new=is_new, now=now)
    if match.is_contradictory:
        onboarding_mails.contradiction(application, now=now)
    joining.withdraw(person, now=now)
    if prepared is None:
        organization = onboarding_writes.new_organization(application, now=now)
    else:
        organization = onboarding_writes.complete_organization(application, prepared, now=now)
    onboarding_writes.lead(person, organization)
    linked = onboarding_writes.link_meetings(application, person, organization)
    if not application.request.is_address_proven:
        verifications.send(person, company=organization.name, now=now)
    return registration_outcomes.admitted(
        application,
        person,
        organization,
        is_new_person=is_new,
        is_new_organization=prepared is None,
        meetings_updated=linked,
    )


def _let_wait(
    application: Application,
    person: User,
    organization: Organization,
    *,
    is_new: bool,
    now: dt.datetime,
) -> RegistrationOutcome:
    """Leave the company as it is; its administrator, or staff, decide about the person."""
    is_waiting = person.join_requests.filter(
        status=JoinStatus.WAITING, organization=organization
    ).exists()
    wish = joining.ask(person, organization, now=now)
    linked = onboarding_writes.link_meetings(application, person, None)
    is_proven = application.request.is_address_proven
    if is_waiting and not is_proven:
        verifications.send_again(person, company=organization.name, now=now)
    elif not is_proven:
        verifications.send(person, company=organization.name, now=now)
    if not is_waiting:
        onboarding_mails.ask_deciders(wish, application, now=now)
    return registration_outcomes.waiting(
        application, person, organization, is_new_person=is_new, meetings_updated=linked
    )


def _close(registration: Registration, person: User, outcome: RegistrationOutcome) -> None:
    registration.status = RegistrationStatus(outcome.status)
    registration.person = person
    registration.organization_id = outcome.organization_id
    registration.told = {}
    registration.save(update_fields=["status", "person", "organization", "told"])
