"""`manage.py create_api_token EMAIL --name NAME [--kind workplace [--organization ID]] [--scopes a,b]`.

Source: Public API, "Obtaining API Tokens"; workplace-api, sections 11 and 13, Keys.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apitokens.domain import tokens
from apitokens.domain.tokens import IssuedToken
from apitokens.models import ApiToken, TokenKind
from config import clock
from config.errors import DomainError
from organizations.models import Organization, User

_MAX_NAME = ApiToken._meta.get_field("name").max_length or 100


class Command(BaseCommand):
    help = "Make an API token for a person with an API role; prints the token, and nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="what the token is for")
        parser.add_argument("--kind", choices=TokenKind.values, default=TokenKind.PUBLIC.value)
        parser.add_argument(
            "--organization",
            metavar="ID",
            help="whose workplace the key sees; without: the operator's, everything",
        )
        parser.add_argument("--scopes", help="comma-separated; without: the owner's default ones")

    def handle(self, **options: Any) -> None:
        owner = User.objects.filter(email=options["email"].strip().lower()).first()
        if owner is None:
            raise CommandError(f"No person has the address {options['email']}")
        name = options["name"].strip()
        if not 0 < len(name) <= _MAX_NAME:
            raise CommandError(f"The name must have 1 to {_MAX_NAME} characters")
        try:
            issued = _issue(owner, name, options)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(issued.plain)


def _issue(owner: User, name: str, options: dict[str, Any]) -> IssuedToken:
    scopes, organization_id = _scopes(options["scopes"]), options["organization"]
    if options["kind"] == TokenKind.PUBLIC:
        if organization_id:
            raise CommandError("Only a key of the kind workplace belongs to an organization")
        return tokens.create(owner=owner, name=name, scopes=scopes, now=clock.now())
    return tokens.create_key(
        owner=owner,
        organization=_organization(organization_id) if organization_id else None,
        name=name,
        scopes=tokens.WORKPLACE_DEFAULT if scopes is None else scopes,
        now=clock.now(),
    )


def _organization(organization_id: str) -> Organization:
    found = Organization.objects.filter(pk=organization_id.strip().lower()).first()
    if found is None:
        raise CommandError(f"No organization has the id {organization_id}")
    return found


def _scopes(text: str | None) -> list[str] | None:
    if text is None:
        return None
    return [scope.strip() for scope in text.split(",") if scope.strip()]
