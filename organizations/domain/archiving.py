"""Shutting people and companies out without losing what refers to them."""

from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from organizations.models import Organization, User

Archivable = TypeVar("Archivable", Organization, User)


def archive(chosen: QuerySet[Archivable]) -> int:
    """Archive those that are not yet: their log-ins, sessions and tokens stop at once. Answers how many."""
    return _set(chosen, is_archived=True)


def unarchive(chosen: QuerySet[Archivable]) -> int:
    """Bring back those that are archived. Answers how many."""
    return _set(chosen, is_archived=False)


@transaction.atomic
def _set(chosen: QuerySet[Archivable], *, is_archived: bool) -> int:
    ids = list(chosen.exclude(is_archived=is_archived).values_list("pk", flat=True))
    return chosen.model.objects.filter(pk__in=ids).update(is_archived=is_archived)
