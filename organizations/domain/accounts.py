"""Accounts: how somebody whom we only know by a booking becomes a person."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from config.errors import DomainError
from organizations.models import Language, Role, User

MAX_NAME = 100
MAX_EMAIL = 254


class InvalidEmail(DomainError):
    """The text is not an e-mail address. Source: Public API, POST /api/check-email."""

    code = "INVALID_EMAIL"
    message = "Invalid email format"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """What a booking tells about somebody we do not know."""

    email: str
    name: str
    language: str


def normalise_email(text: str) -> str:
    """Return the address as it is stored: trimmed, in lower case.

    :raises InvalidEmail: when it is none.
    """
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidEmail from error
    if len(email) > MAX_EMAIL:
        raise InvalidEmail
    return email


def default_language(country: str) -> str:
    """Return the language to write to a stranger of a site: French in France, else English.

    Source: Public API, POST /api/meeting-request, `language`.
    """
    return Language.FRENCH if country == "FR" else Language.ENGLISH


def locked_visitor(visitor: Visitor) -> User:
    """Return the person with that address, made as `temp` if there is none, locked in this transaction.

    Two first bookings at once make one person; whoever comes second waits for the first to commit.
    """
    locked = User.objects.select_for_update(no_key=True, of=("self",))
    known = locked.select_related("organization").filter(email=visitor.email)
    person = known.first()
    if person is None:
        User.objects.bulk_create([_stranger(visitor)], ignore_conflicts=True)
        person = known.get()
    return person


def _stranger(visitor: Visitor) -> User:
    first_name, _, last_name = visitor.name.partition(" ")
    return User(
        email=visitor.email,
        first_name=first_name[:MAX_NAME],
        last_name=last_name.strip()[:MAX_NAME],
        language=visitor.language,
        role=Role.TEMP,
        password=make_password(None),
    )
