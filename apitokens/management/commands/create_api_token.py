"""`manage.py create_api_token EMAIL --name NAME [--scopes a,b]`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apitokens.domain import tokens
from apitokens.models import ApiToken
from config import clock
from config.errors import DomainError
from organizations.models import User

_MAX_NAME = ApiToken._meta.get_field("name").max_length or 100


class Command(BaseCommand):
    help = "Make an API token for a person with an API role; prints the token, and nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="what the token is for")
        parser.add_argument("--scopes", help="comma-separated; without: the owner's default ones")

    def handle(self, **options: Any) -> None:
        owner = User.objects.filter(email=options["email"].strip().lower()).first()
        if owner is None:
            raise CommandError(f"No person has the address {options['email']}")
        name = options["name"].strip()
        if not 0 < len(name) <= _MAX_NAME:
            raise CommandError(f"The name must have 1 to {_MAX_NAME} characters")
        try:
            issued = tokens.create(
                owner=owner, name=name, scopes=_scopes(options["scopes"]), now=clock.now()
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(issued.plain)


def _scopes(text: str | None) -> list[str] | None:
    if text is None:
        return None
    return [scope.strip() for scope in text.split(",") if scope.strip()]
