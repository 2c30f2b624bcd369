"""What a registration came to, for every edge that asks for one."""

from dataclasses import dataclass, replace
from enum import StrEnum

from booking.domain.registration_requests import Application
from organizations.domain.identity_checks import IdentityVerification
from organizations.models import Organization, Role, User
from sites_app.models import Room


class RegistrationOutcomeStatus(StrEnum):
    """Source: Public API, POST /api/register, "Response Scenarios"."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    USER_EXISTS = "USER_EXISTS"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationOutcome:
    """A person and the company they now belong to, or wait for.

    Ids of what a dry run would have made are None. `waits_for_approval` says that the person has not
    joined yet; `role` then is the one they will have.
    """

    status: RegistrationOutcomeStatus
    person_id: str | None
    email: str
    role: str
    is_new_person: bool = False
    organization_id: str | None
    organization_name: str
    is_new_organization: bool = False
    waits_for_approval: bool = False
    meetings_updated: int = 0
    room: Room | None = None
    verification: IdentityVerification | None = None


def user_exists(person: User, organization: Organization) -> RegistrationOutcome:
    """Tell that the person has a company."""
    return RegistrationOutcome(
        status=RegistrationOutcomeStatus.USER_EXISTS,
        person_id=person.pk,
        email=person.email,
        role=person.role,
        organization_id=organization.pk,
        organization_name=organization.name,
    )


def admitted(
    application: Application,
    person: User,
    organization: Organization,
    *,
    is_new_person: bool,
    is_new_organization: bool,
    meetings_updated: int,
) -> RegistrationOutcome:
    """Tell that the person leads the company: a new one, or one that staff prepared."""
    status = RegistrationOutcomeStatus
    return RegistrationOutcome(
        status=status.CREATED if is_new_organization else status.UPDATED,
        person_id=person.pk,
        email=person.email,
        role=person.role,
        is_new_person=is_new_person,
        organization_id=organization.pk,
        organization_name=organization.name,
        is_new_organization=is_new_organization,
        meetings_updated=meetings_updated,
        room=application.room,
        verification=application.verification,
    )


def waiting(
    application: Application,
    person: User,
    organization: Organization,
    *,
    is_new_person: bool,
    meetings_updated: int,
) -> RegistrationOutcome:
    """Tell that the person waits for the company's administrator."""
    return RegistrationOutcome(
        status=RegistrationOutcomeStatus.UPDATED,
        person_id=person.pk,
        email=person.email,
        role=Role.USER,
        is_new_person=is_new_person,
        organization_id=organization.pk,
        organization_name=organization.name,
        waits_for_approval=True,
        meetings_updated=meetings_updated,
        room=application.room,
        verification=application.verification,
    )


def without_new_ids(outcome: RegistrationOutcome) -> RegistrationOutcome:
    """Leave out the ids of what will not stay: a dry run's."""
    return replace(
        outcome,
        person_id=None if outcome.is_new_person else outcome.person_id,
        organization_id=None if outcome.is_new_organization else outcome.organization_id,
    )
