"""The command prints a working token, alone."""

import io

import pytest
from django.core.management import CommandError, call_command

from apitokens.domain import callers
from tests.factories.organizations import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db


def _run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("create_api_token", *arguments, stdout=out)
    return out.getvalue()


def test_the_token_alone_is_printed_and_works():
    owner = UserFactory(developer=True, email="dev@partner.example")
    printed = _run("Dev@Partner.example", "--name", "Make.com")

    assert printed.count("\n") == 1
    assert callers.identify(f"Bearer {printed.strip()}").owner == owner


def test_scopes_are_limited():
    UserFactory(developer=True, email="dev@partner.example")
    printed = _run("dev@partner.example", "--name", "x", "--scopes", "read, bookings:write")
    token = callers.identify(f"Bearer {printed.strip()}")
    assert token.scopes == ["read", "bookings:write"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nobody@x.example", "--name", "x"], "No person has the address"),
        (["user@x.example", "--name", "x"], "requires the role api-developer or app-admin"),
        (["dev@x.example", "--name", "x", "--scopes", "fly"], "Unknown scope: fly"),
        (["dev@x.example", "--name", " "], "1 to 100 characters"),
        (["dev@x.example", "--name", "x" * 101], "1 to 100 characters"),
    ],
)
def test_what_is_wrong_is_told(arguments: list[str], told: str):
    UserFactory(developer=True, email="dev@x.example")
    UserFactory(email="user@x.example")
    with pytest.raises(CommandError, match=told):
        _run(*arguments)


# --- keys of the Workplace API; source: workplace-api, sections 11 and 13, Keys -------------------


def _key(*arguments: str):
    return callers.identify_key(_run(*arguments, "--name", "Badges", "--kind", "workplace").strip())


def test_a_key_without_organization_is_the_operators():
    UserFactory(app_admin=True, email="boss@x.example")

    key = _key("boss@x.example")

    assert (key.kind, key.organization) == ("workplace", None)
    assert key.scopes == ["workplace:read", "workplace:write"]


def test_a_key_of_ones_own_organization_and_of_any_for_an_app_admin():
    owner = UserFactory(api_role="api-developer", email="dev@x.example")
    UserFactory(app_admin=True, email="boss@x.example")
    organization = owner.organization

    for email in ("dev@x.example", "boss@x.example"):
        key = _key(email, "--organization", organization.pk.upper())
        assert key.organization == organization


def test_a_developer_without_organization_may_be_given_the_operators_key():
    UserFactory(developer=True, email="dev@x.example")

    assert _key("dev@x.example").organization is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--kind", "workplace"], "requires the role app-admin"),
        (["--kind", "workplace", "--organization", "{other}"], "requires the role app-admin"),
        (["--kind", "workplace", "--organization", "x"], "No organization has the id x"),
        (["--organization", "{other}"], "Only a key of the kind workplace"),
        (["--kind", "public", "--scopes", "workplace:read"], "Unknown scope: workplace:read"),
        (["--kind", "secret"], "invalid choice"),
    ],
)
def test_what_a_key_may_not_be_is_told(arguments: list[str], told: str):
    UserFactory(api_role="api-developer", email="dev@x.example")
    other = OrganizationFactory().pk
    given = [argument.format(other=other) for argument in arguments]

    with pytest.raises(CommandError, match=told):
        _run("dev@x.example", "--name", "x", *given)


def test_scopes_of_a_key():
    UserFactory(app_admin=True, email="boss@x.example")

    key = _key("boss@x.example", "--scopes", "people:forecast,workplace:admin")

    assert key.scopes == ["people:forecast", "workplace:admin"]
    with pytest.raises(CommandError, match="Unknown scope: read "):
        _key("boss@x.example", "--scopes", "read")
