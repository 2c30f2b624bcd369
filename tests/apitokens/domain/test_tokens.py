"""Tokens: their form, what is kept of them, and their second secret."""

import datetime as dt
import hashlib
import re

import pytest
from django.db import IntegrityError, transaction

from apitokens.domain import revocation, tokens
from apitokens.models import ApiToken
from tests.factories.apitokens import ApiTokenFactory, WorkplaceKeyFactory
from tests.factories.organizations import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=1)


def test_a_token_is_shown_once_and_kept_as_a_hash():
    issued = tokens.create(owner=UserFactory(developer=True), name="Make.com", now=NOW)

    assert tokens.is_well_formed(issued.plain)
    assert len(issued.plain) == len("ww_dev_") + 64
    stored = ApiToken.objects.get()
    assert stored.token_hash == hashlib.sha256(issued.plain.encode()).hexdigest()
    assert issued.plain.startswith(stored.prefix)
    assert len(stored.prefix) < 16


def test_a_developer_does_not_write_contracts_by_default_and_an_app_admin_does():
    developer = tokens.create(owner=UserFactory(developer=True), name="a", now=NOW).token
    admin = tokens.create(owner=UserFactory(app_admin=True), name="a", now=NOW).token

    assert developer.scopes == ["read", "bookings:write", "registrations:write"]
    assert admin.scopes == [*developer.scopes, "contracts:write"]


def test_scopes_can_be_limited_but_not_invented():
    owner = UserFactory(developer=True)
    token = tokens.create(owner=owner, name="a", now=NOW, scopes=["read", "read"]).token
    assert token.scopes == ["read"]
    with pytest.raises(tokens.UnknownScope, match="Unknown scope: fly"):
        tokens.create(owner=owner, name="a", now=NOW, scopes=["read", "fly"])


def test_a_person_without_api_role_gets_no_token():
    with pytest.raises(tokens.NoTokenRole):
        tokens.create(owner=UserFactory(), name="a", now=NOW)


def test_regeneration_keeps_id_and_creation_and_kills_the_old_secret():
    first = tokens.create(owner=UserFactory(developer=True), name="a", now=NOW)
    second = tokens.regenerate(token=first.token, now=LATER)

    stored = ApiToken.objects.get()
    assert (stored.id, stored.created_at, stored.regenerated_at) == (first.token.id, NOW, LATER)
    assert stored.token_hash == tokens.digest(second.plain)
    assert second.plain != first.plain


def test_an_owner_deletes_for_good():
    issued = tokens.create(owner=UserFactory(developer=True), name="a", now=NOW)
    tokens.delete_own(token=issued.token)
    assert not ApiToken.objects.exists()


def test_a_key_of_the_workplace_api_has_its_own_beginning():
    issued = tokens.create_key(
        owner=UserFactory(app_admin=True), organization=None, name="Badges", now=NOW
    )

    assert re.fullmatch(r"ww_wp_[0-9a-f]{64}", issued.plain)
    stored = ApiToken.objects.get()
    assert (stored.prefix, stored.kind) == (issued.plain[:12], "workplace")
    assert stored.token_hash == hashlib.sha256(issued.plain.encode()).hexdigest()
    assert not tokens.is_well_formed(issued.plain)
    again = tokens.regenerate(token=stored, now=LATER)
    assert re.fullmatch(r"ww_wp_[0-9a-f]{64}", again.plain)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "public", "organization": True},
        {"kind": "public", "scopes": ["workplace:read"]},
        {"kind": "workplace", "scopes": ["read"]},
        {"kind": "secret", "scopes": []},
    ],
)
def test_the_database_refuses_a_token_that_mixes_the_apis(values):
    if "organization" in values:
        values = values | {"organization": OrganizationFactory()}
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiTokenFactory(**values)


def test_contracts_are_not_granted_to_keys_of_the_workplace_api():
    WorkplaceKeyFactory()

    assert revocation.allow_contracts(ApiToken.objects.all()) == 0


@pytest.mark.parametrize("role", ["api-developer", ""])
def test_what_only_the_role_allowed_ends_with_it(role):
    owner = UserFactory(app_admin=True)
    token, other = ApiTokenFactory(owner=owner), ApiTokenFactory()
    key = WorkplaceKeyFactory(owner=owner)

    owner.api_role = role
    owner.save()

    for one in (token, other, key):
        one.refresh_from_db()
    assert token.scopes == ["read", "bookings:write", "registrations:write"]
    assert key.scopes == ["workplace:read", "workplace:write"]
    assert "contracts:write" in other.scopes


def test_what_staff_granted_a_developer_stays_and_may_be_granted_anew():
    owner = UserFactory(developer=True)
    token = ApiTokenFactory(owner=owner)

    for role in ("app-admin", "api-developer"):
        type(owner).objects.filter(pk=owner.pk).update(api_role=role, first_name=role)
        token.refresh_from_db()
        assert ("contracts:write" in token.scopes) == (role == "app-admin")
    revocation.allow_contracts(ApiToken.objects.filter(pk=token.pk))
    owner.refresh_from_db()
    owner.save()

    token.refresh_from_db()
    assert "contracts:write" in token.scopes
