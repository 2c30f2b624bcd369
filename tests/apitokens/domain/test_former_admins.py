"""What tokens may still do by a role that ended before it took that along; a migration catches up."""

from contextlib import contextmanager
from importlib import import_module

import pytest
from django.db import connection

from apitokens.domain import revocation
from apitokens.models import ApiToken, Scope, WorkplaceScope
from organizations.models import User
from tests.factories.apitokens import ApiTokenFactory, WorkplaceKeyFactory
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db

MIGRATION = "apitokens.migrations.0015_scopes_of_former_admins_end"
OF_DEVELOPERS = ["read", "bookings:write", "registrations:write"]
DATE_BACK = """
UPDATE organizations_userevent SET pgh_created_at = now() - %(days)s * interval '1 day'
 WHERE pgh_created_at = now();
UPDATE apitokens_apitokenevent SET pgh_created_at = now() - %(days)s * interval '1 day'
 WHERE pgh_created_at = now();
"""


@contextmanager
def days_ago(days):
    """Let what happens here have happened then, as the history tells it."""
    yield
    with connection.cursor() as cursor:
        cursor.execute(DATE_BACK, {"days": days})


def demote(owner):
    """End the role as it was done before roles took their scopes along."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # a table with checks to come stays as it is
        cursor.execute("ALTER TABLE organizations_user DISABLE TRIGGER end_scopes_of_role")
        User.objects.filter(pk=owner.pk).update(api_role="api-developer")
        cursor.execute("ALTER TABLE organizations_user ENABLE TRIGGER end_scopes_of_role")


def catch_up():
    with connection.cursor() as cursor:
        cursor.execute(import_module(MIGRATION).END)


def scopes(token):
    return ApiToken.objects.get(pk=token.pk).scopes


@pytest.fixture
def admin():
    with days_ago(9):
        return UserFactory(app_admin=True)


def test_tokens_of_who_was_an_admin_lose_what_the_role_allowed(admin):
    with days_ago(8):
        token = ApiTokenFactory(owner=admin)
        key = WorkplaceKeyFactory(owner=admin, scopes=WorkplaceScope.values)
    with days_ago(7):
        demote(admin)

    catch_up()
    catch_up()

    assert scopes(token) == OF_DEVELOPERS
    assert scopes(key) == ["workplace:read", "workplace:write"]


def test_what_staff_granted_afterwards_stays(admin):
    with days_ago(8):
        token = ApiTokenFactory(owner=admin, scopes=["read"])
    with days_ago(7):
        demote(admin)
    with days_ago(6):
        revocation.allow_contracts(ApiToken.objects.all())
        made_later = ApiTokenFactory(owner=admin)

    catch_up()

    assert scopes(token) == ["read", "contracts:write"]
    assert scopes(made_later) == Scope.values


def test_tokens_of_admins_and_of_developers_are_left_alone(admin):
    with days_ago(8):
        token, granted = ApiTokenFactory(owner=admin), ApiTokenFactory()
    with days_ago(7):
        demote(admin)
    with days_ago(6):
        User.objects.filter(pk=admin.pk).update(api_role="app-admin")

    catch_up()

    assert scopes(token) == scopes(granted) == Scope.values
