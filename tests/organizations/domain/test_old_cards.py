"""Cards of people who were archived before archiving blocked them; a migration catches up."""

from importlib import import_module

import pytest
from django.db import connection

from organizations.domain import archiving
from organizations.models import AccessCard, User
from tests.factories.organizations import AccessCardFactory, OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
MIGRATION = "organizations.migrations.0008_cards_of_archived_people_are_blocked"


def catch_up() -> None:
    with connection.cursor() as cursor:
        cursor.execute(import_module(MIGRATION).BLOCK)


def states() -> dict[str, tuple[str, str]]:
    rows = AccessCard.objects.values_list("number", "status", "blocked_from")
    return {number: (status, before) for number, status, before in rows}


def test_cards_of_archived_people_and_companies_are_blocked_and_no_others() -> None:
    gone = UserFactory(archived=True)
    of_gone_company = UserFactory(organization=OrganizationFactory(is_archived=True))
    for number, holder, status in [
        ("active", gone, "active"),
        ("ordered", gone, "ordered"),
        ("lost", gone, "lost"),
        ("company", of_gone_company, "active"),
        ("welcome", UserFactory(), "active"),
        ("alone", UserFactory(organization=None), "active"),
    ]:
        AccessCardFactory(number=number, holder=holder, status=status)

    catch_up()

    assert states() == {
        "active": ("blocked", "active"),
        "ordered": ("blocked", "ordered"),
        "lost": ("lost", ""),
        "company": ("blocked", "active"),
        "welcome": ("active", ""),
        "alone": ("active", ""),
    }


def test_they_come_back_with_their_holder() -> None:
    holder = UserFactory(archived=True)
    AccessCardFactory(number="1", holder=holder, status="active")
    catch_up()
    catch_up()

    archiving.unarchive(User.objects.all())

    assert states() == {"1": ("active", "")}
