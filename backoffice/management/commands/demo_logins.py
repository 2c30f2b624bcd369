"""`manage.py demo_logins`: how to log in to the demo, as far as its people still have its password."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from backoffice.demo import operator
from organizations.domain import second_factors
from organizations.models import User
from workplace.models import Layer


class Command(BaseCommand):
    help = "Print the demo's log-ins, with the second factor of staff."

    def handle(self, **_options: Any) -> None:
        people = {
            operator.STAFF: "Staff (back office)",
            operator.MEMBER: "Company administrator",
            operator.DEVELOPER: "Developer",
        }
        for email, what in people.items():
            user = User.objects.filter(email=email).first()
            if user is None or not user.check_password(operator.PASSWORD):
                continue
            self.stdout.write(f"{what}: {email} / {operator.PASSWORD}")
            secret = second_factors.secret_of(user)
            if secret is not None:
                line = second_factors.setup_line(user, secret=secret)
                self.stdout.write(f"  second factor: {secret}  ({line})")
            for title, path in _workplace(email):
                self.stdout.write(f"  {title}: {settings.PUBLIC_URL}{path}")


def _workplace(email: str) -> list[tuple[str, str]]:
    """Say what each of them sees of the demo's workplace, where there is one."""
    floor = Layer.objects.order_by("ordinal", "id").first()
    if floor is None:
        return []
    pages = {
        operator.STAFF: [("workplace", reverse("admin:workplace-location", args=[floor.site_id]))],
        operator.MEMBER: [("where I work this week", reverse("my-week"))],
    }
    return pages.get(email, [])
