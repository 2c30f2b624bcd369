"""The command prints a working token, alone."""

import io

import pytest
from django.core.management import CommandError, call_command

from apitokens.domain import callers
from tests.factories.organizations import UserFactory

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
