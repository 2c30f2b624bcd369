"""Shutting people and companies out without losing what refers to them."""

from collections.abc import Sequence
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from organizations.domain import access_cards
from organizations.models import Organization, User

Archivable = TypeVar("Archivable", Organization, User)


def archive(chosen: QuerySet[Archivable]) -> int:
    """Archive those that are not yet: log-ins, sessions, tokens, cards stop at once. Answers how many."""
    return _set(chosen, is_archived=True)


def unarchive(chosen: QuerySet[Archivable]) -> int:
    """Bring back those that are archived, and their cards. Answers how many."""
    return _set(chosen, is_archived=False)


@transaction.atomic
def _set(chosen: QuerySet[Archivable], *, is_archived: bool) -> int:
    ids = list(chosen.exclude(is_archived=is_archived).values_list("pk", flat=True))
    count = chosen.model.objects.filter(pk__in=ids).update(is_archived=is_archived)
    cards_follow(chosen.model, ids)
    return count


def cards_follow(model: type[Archivable], ids: Sequence[str]) -> int:
    """Block or give back the cards of these people, or of these companies' people; return how many."""
    if model is Organization:
        return access_cards.follow_archiving(organization_ids=ids)
    return access_cards.follow_archiving(person_ids=ids)
