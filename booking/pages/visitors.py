"""Who is looking at a page."""

from django.http import HttpRequest

from organizations.models import User


def member(request: HttpRequest) -> User | None:
    """Return the person who is logged in."""
    return request.user if isinstance(request.user, User) else None


def is_new(request: HttpRequest) -> bool:
    """Tell whether the notice for people we do not know yet applies to this visitor."""
    person = member(request)
    return person is None or not person.is_existing
