"""Membership: who is what in a company, decided by its principal administrators.

A company that has a principal administrator keeps one: whoever takes the role from somebody holds the
rows of all who have it, in the order of their ids, so that two at once see each other.
"""

import datetime as dt

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q

from config.errors import DomainError
from organizations.domain import access_cards, joining
from organizations.models import ApiRole, Departure, Role, User

ROLES = (Role.USER, Role.ADMIN, Role.PRINCIPAL_ADMIN)
"""What an administrator may make of a colleague."""


class NotAdministrator(DomainError):
    """Only a company's principal administrator decides who belongs to it."""

    code = "NOT_ADMINISTRATOR"
    status = 403
    message = "Only a principal administrator of the company may do this"


class ColleagueNotFound(DomainError):
    """Nobody of the administrator's company has that id."""

    code = "COLLEAGUE_NOT_FOUND"
    status = 404
    message = "Person not found"


class UnknownRole(DomainError):
    """The role is none that one gives to colleagues."""

    code = "UNKNOWN_ROLE"
    message = "Unknown role"


class LastAdministrator(DomainError):
    """The company would be left without anybody who decides who belongs to it."""

    code = "LAST_ADMINISTRATOR"
    status = 409
    message = "Make somebody else principal administrator first"


class OperatorsStaff(DomainError):
    """The person runs the portal; only other staff change that."""

    code = "OPERATORS_STAFF"
    status = 409
    message = "This person works for the operator; please contact us"


def check_administrator(person: User) -> None:
    """Refuse who does not decide about a company's people.

    :raises NotAdministrator:
    """
    if not person.is_principal_admin:
        raise NotAdministrator


def check_role(role: str) -> None:
    """Refuse what is no role that one gives to colleagues.

    :raises UnknownRole:
    """
    if role not in ROLES:
        raise UnknownRole


def colleague(person_id: str, *, by: User) -> User:
    """Return one of the people about whom somebody decides; archived ones are staff's.

    :raises NotAdministrator: :raises ColleagueNotFound:
    """
    check_administrator(by)
    own = User.objects.select_related("organization").filter(
        organization=by.organization_id, is_archived=False
    )
    person = own.filter(pk=person_id).first()
    if person is None:
        raise ColleagueNotFound
    return person


@transaction.atomic
def change_role(person_id: str, *, role: str, by: User) -> User:
    """Give a colleague, or oneself, another role in the company.

    :raises NotAdministrator: :raises UnknownRole: :raises ColleagueNotFound:
    :raises LastAdministrator:
    """
    check_role(role)
    people = locked(person_id, by.pk, organization_id=by.organization_id)
    check_administrator(people.get(by.pk, User()))
    person = people.get(person_id)
    if person is None:
        raise ColleagueNotFound
    if role != Role.PRINCIPAL_ADMIN:
        check_not_the_last(person, among=people)
    person.role = role
    person.save(update_fields=["role", "updated_at"])
    return person


def locked(*person_ids: str, organization_id: str | None) -> dict[str, User]:
    """Lock these living people of a company and all who lead it, by id; return them as they are then."""
    if organization_id is None:
        return {}
    meant = Q(role=Role.PRINCIPAL_ADMIN) | Q(pk__in=person_ids)
    people = User.objects.select_for_update(no_key=True, of=("self",))
    chosen = people.select_related("organization").filter(
        meant, organization=organization_id, is_archived=False
    )
    return {person.pk: person for person in chosen.order_by("id")}


def check_not_the_last(person: User, *, among: dict[str, User]) -> None:
    """Refuse to take the company's last principal administrator, all of them being locked.

    :raises LastAdministrator:
    """
    others = [one for one in among.values() if one.is_principal_admin and one.pk != person.pk]
    if person.is_principal_admin and not others:
        raise LastAdministrator


def take_out(person: User, *, by: User, now: dt.datetime) -> Departure:
    """Leave a locked person without company and without what came with it, in the caller's transaction.

    API access goes too: without a company it would see everybody's data. Cards stay blocked until staff
    give them back.

    :raises OperatorsStaff:
    """
    if person.api_role == ApiRole.APP_ADMIN:
        raise OperatorsStaff
    company = person.organization
    assert company is not None  # only who belongs to one leaves it
    departure = Departure.objects.create(person=person, organization=company, decided_by=by, at=now)
    person.organization = None
    person.role = Role.TEMP
    person.api_role = ApiRole.NONE
    person.external_id = ""
    person.save()
    joining.withdraw(person, now=now)
    access_cards.block_all_of(person.pk)
    return departure


def end_sessions(person: User) -> None:
    """Log a person out everywhere."""
    for session in UserSession.objects.filter(user=person):
        session.end()
