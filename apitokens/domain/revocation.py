"""Switching API tokens off. Source: Public API, "Token Errors"."""

from django.db.models import QuerySet

from apitokens.models import ApiToken


def invalidate(chosen: QuerySet[ApiToken]) -> int:
    """Switch off those that are still active; the very next call with one is refused. Answers how many."""
    ids = list(chosen.filter(is_active=True).values_list("pk", flat=True))
    return ApiToken.objects.filter(pk__in=ids).update(is_active=False)
