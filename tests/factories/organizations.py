"""Companies and people. A person is, by default, one whose booking is confirmed at once."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from organizations.models import (
    AccessCard,
    Organization,
    OrganizationStatus,
    Register,
    RegisterState,
    Role,
    User,
)

VERIFIED_AT = dt.datetime(2025, 1, 2, 9, 0, tzinfo=dt.UTC)


class OrganizationFactory(DjangoModelFactory):
    class Meta:
        model = Organization

    class Params:
        archived = factory.Trait(is_archived=True)
        pending = factory.Trait(status=OrganizationStatus.PENDING)

    name = factory.Sequence(lambda number: f"Company {number}")
    status = OrganizationStatus.ACTIVE
    email = factory.Sequence(lambda number: f"billing{number}@company.example")
    phone = "+33612345678"
    country = "FR"
    language = "en"
    max_resident_users = 5


class UserFactory(DjangoModelFactory):
    """An existing person: verified, with a role in an active company.

    `new` is a person whom only a booking made known, `archived` one who is shut out; `developer`
    and `app_admin` have API access without a company.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        new = factory.Trait(role=Role.TEMP, organization=None, email_verified_at=None)
        archived = factory.Trait(is_archived=True)
        developer = factory.Trait(api_role="api-developer", organization=None)
        app_admin = factory.Trait(api_role="app-admin", organization=None)

    email = factory.Sequence(lambda number: f"person{number}@company.example")
    first_name = "Jean"
    last_name = "Dupont"
    language = "en"
    organization = factory.SubFactory(OrganizationFactory)
    role = Role.USER
    email_verified_at = VERIFIED_AT

    @factory.post_generation
    def password(self, create: bool, extracted: str | None, **_kwargs: object) -> None:
        """Set the given password; without one nobody can log in."""
        if extracted:
            self.set_password(extracted)
        else:
            self.set_unusable_password()
        if create:
            self.save(update_fields=["password"])


class AccessCardFactory(DjangoModelFactory):
    class Meta:
        model = AccessCard

    number = factory.Sequence(lambda number: f"CARD-{number:06d}")
    holder = factory.SubFactory(UserFactory)


def know_registers() -> None:
    """Put back the row of each company register, which tests of whole transactions wipe away."""
    for register in Register:
        RegisterState.objects.get_or_create(register=register)
