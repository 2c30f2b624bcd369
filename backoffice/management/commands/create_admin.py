"""`manage.py create_admin EMAIL`: make or promote somebody who runs the portal."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import clock
from config.errors import DomainError
from organizations.domain import admins


class Command(BaseCommand):
    """Makes an application administrator and prints the set-up line of the second factor."""

    help = "Make or promote an administrator; the password is asked for, or read from PASSWORD."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")

    def handle(
        self, *_args: Any, email: str, first_name: str, last_name: str, **_options: Any
    ) -> None:
        try:
            admin = admins.make_admin(
                email=email,
                password=os.environ.get("PASSWORD") or self._ask(),
                first_name=first_name,
                last_name=last_name,
                now=clock.now(),
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        done = "is a new administrator" if admin.is_new else "is an administrator"
        self.stdout.write(f"{admin.person.email} {done}.")
        if admin.second_factor:
            self.stdout.write(f"Add this to an authenticator app:\n{admin.second_factor}")
        else:
            self.stdout.write("The second factor that was set up before stays.")

    def _ask(self) -> str:
        try:
            password = getpass.getpass("Password: ")
            repeated = getpass.getpass("Password (again): ")
        except (EOFError, KeyboardInterrupt):
            raise CommandError("No password was given; PASSWORD is read as well.") from None
        if password != repeated:
            raise CommandError("The two passwords differ.")
        return password
