"""Passwords: the portal's rules, said all at once."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from config.errors import DomainError
from organizations.models import User


class WeakPassword(DomainError):
    """The password does not pass the portal's rules."""

    code = "WEAK_PASSWORD"


def choose(person: User, password: str) -> None:
    """Give the person, in memory, that password.

    :raises WeakPassword: when it breaks a rule; it says all of them. Source: ASVS 5.0, 6.2.
    """
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages)) from error
    person.set_password(password)
