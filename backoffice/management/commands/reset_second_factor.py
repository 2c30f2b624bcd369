"""`manage.py reset_second_factor EMAIL`: for somebody whose authenticator app and codes are lost."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import clock
from config.errors import DomainError
from organizations.domain import second_factor_resets


class Command(BaseCommand):
    """Takes a second factor away, also one of somebody who runs the portal."""

    help = "Take somebody's second factor away; they are logged out everywhere and told by e-mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *_args: Any, email: str, **_options: Any) -> None:
        try:
            person = second_factor_resets.reset_on_server(email, now=clock.now())
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{person.email} has no second factor any more.")
        if person.is_staff:
            self.stdout.write("The back office asks for a new one at the next log-in.")
