"""Profiles: what people say of themselves, changed by themselves alone.

Source: experience, A company, "profile and language".
"""

from dataclasses import dataclass

from organizations.domain import phones
from organizations.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How a person is called and called up, and the language of their mails."""

    first_name: str
    last_name: str
    phone: str
    language: str


def change(person: User, profile: Profile) -> User:
    """Write a person's profile; their address and their company are not theirs to change here.

    :raises InvalidPhone: for a number that cannot be called; none at all is fine.
    """
    person.first_name, person.last_name = profile.first_name, profile.last_name
    person.phone = _phone(profile.phone, person)
    person.language = profile.language
    person.save(update_fields=["first_name", "last_name", "phone", "language", "updated_at"])
    return person


def _phone(text: str, person: User) -> str:
    """Read a number as in the company's country when it names none."""
    if not text:
        return ""
    country = person.organization.country if person.organization else ""
    return phones.normalise(text, country=country)
