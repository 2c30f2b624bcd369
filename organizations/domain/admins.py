"""Application administrators: people who run the portal, always behind a second factor."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from organizations.domain import accounts, passwords, second_factors
from organizations.models import ApiRole, Role, User


@dataclass(frozen=True, slots=True)
class Admin:
    """The person, and the line that sets up an authenticator app: empty when one is set up already."""

    person: User
    is_new: bool
    second_factor: str


@transaction.atomic
def make_admin(
    *,
    email: str,
    password: str,
    first_name: str = "",
    last_name: str = "",
    now: dt.datetime,
) -> Admin:
    """Make or promote an application administrator; a second factor that exists is kept.

    :raises InvalidEmail: when the address is none.
    :raises WeakPassword: when the password breaks a rule; it says all of them.
    """
    address = accounts.normalise_email(email)
    known = User.objects.select_for_update(no_key=True).filter(email=address).first()
    person = known or User(email=address)
    person.first_name = first_name or person.first_name
    person.last_name = last_name or person.last_name
    passwords.choose(person, password)
    person.api_role = ApiRole.APP_ADMIN
    person.is_archived = False
    person.email_verified_at = person.email_verified_at or now
    if person.role == Role.TEMP:
        person.role = Role.USER
    person.save()
    return Admin(person=person, is_new=known is None, second_factor=_second_factor(person))


def _second_factor(person: User) -> str:
    if second_factors.secret_of(person) is not None:
        return ""
    return second_factors.setup_line(person, secret=second_factors.ensure(person))
