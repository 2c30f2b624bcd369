"""Second factors that are lost: staff take them away, so that new ones can be set up.

Whoever runs the portal is beyond the reach of colleagues: else one of them could change the address of
another, take the second factor away, and act in that name. That somebody once ran it counts as well, or
the role would be taken first and given back afterwards. For these the command line is left, which only
whoever runs the server has. Source: safety, S-26.
"""

import datetime as dt

import structlog
from allauth.mfa.models import Authenticator
from django.db import transaction

from config.errors import DomainError
from organizations import selectors
from organizations.domain import membership, outbox
from organizations.models import ApiRole, User

TEMPLATE = "second_factor_reset"
FORMER_ADDRESSES = dt.timedelta(days=30)
"""How long an address that was changed is told of a reset too."""

log = structlog.get_logger(__name__)


class PersonNotFound(DomainError):
    """There is no such person."""

    code = "PERSON_NOT_FOUND"
    status = 404
    message = "Person not found"


class NotStaff(DomainError):
    """Only staff take second factors away."""

    code = "NOT_STAFF"
    status = 403
    message = "Only staff reset second factors"


class OwnSecondFactor(DomainError):
    """One's own is changed in the account, which asks for it once more."""

    code = "OWN_SECOND_FACTOR"
    status = 403
    message = "Change your own second factor in your account"


class SecondFactorOfStaff(DomainError):
    """The person runs the portal, or once did."""

    code = "SECOND_FACTOR_OF_STAFF"
    status = 403
    message = "Second factors of people who run the portal, or once did, are reset on the command line only"


class NoSecondFactor(DomainError):
    """There is nothing to take away."""

    code = "NO_SECOND_FACTOR"
    status = 409
    message = "This person has no second factor"


def may_be_done(person: User, *, by: User) -> bool:
    """Say whether one person would be allowed to reset the second factor of another, who has one."""
    try:
        _check(person, by=by)
    except DomainError:
        return False
    return True


def reset(person_id: str, *, by: User, now: dt.datetime) -> User:
    """Take somebody's second factor away for a member of staff, log them out, and tell them.

    :raises PersonNotFound: :raises NotStaff: :raises OwnSecondFactor: :raises SecondFactorOfStaff:
    :raises NoSecondFactor:
    """
    with transaction.atomic():
        person = _locked(pk=person_id)
        _check(person, by=by)
        return _take_away(person, now=now)


def reset_on_server(email: str, *, now: dt.datetime) -> User:
    """Do so for whoever runs the server, whosever second factor it is.

    :raises PersonNotFound: :raises NoSecondFactor:
    """
    with transaction.atomic():
        person = _locked(email=email.strip().lower())
        _check_present(person)
        return _take_away(person, now=now)


def _locked(**which: str) -> User:
    person = User.objects.select_for_update(of=("self",)).filter(**which).first()
    if person is None:
        raise PersonNotFound
    return person


def _check(person: User, *, by: User) -> None:
    if not by.is_staff:
        raise NotStaff
    if person.pk == by.pk:
        raise OwnSecondFactor
    if person.api_role == ApiRole.APP_ADMIN or selectors.ran_the_portal(person.pk):
        raise SecondFactorOfStaff
    _check_present(person)


def _check_present(person: User) -> None:
    if not Authenticator.objects.filter(user=person).exists():
        raise NoSecondFactor


def _take_away(person: User, *, now: dt.datetime) -> User:
    addresses = {person.email, *selectors.addresses_since(person.pk, since=now - FORMER_ADDRESSES)}
    Authenticator.objects.filter(user=person).delete()
    membership.end_sessions(person)
    person.second_factor_reset_at = now
    person.save(update_fields=["second_factor_reset_at", "updated_at"])
    for address in sorted(addresses):
        outbox.enqueue(
            template=TEMPLATE,
            to=address,
            language=person.language,
            context={"new_password_for": address},
            now=now,
        )
    log.info("second_factor.reset", user=person.pk)
    return person
