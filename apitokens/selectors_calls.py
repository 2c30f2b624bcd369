"""Reads of what callers have done."""

import datetime as dt

from django.db.models import QuerySet, Sum

from apitokens.models import ApiCall, ApiUsage


def calls_of_token(token_id: str, *, limit: int) -> list[ApiCall]:
    """Return a token's last calls, the latest first."""
    return list(ApiCall.objects.filter(token=token_id).order_by("-id")[:limit])


def calls_of_user(user_id: str) -> QuerySet[ApiCall]:
    """Return the calls of a person's tokens, the latest first, with the tokens."""
    return ApiCall.objects.filter(user=user_id).select_related("token").order_by("-id")


def calls_by_day(user_id: str, *, since: dt.date) -> dict[dt.date, int]:
    """Return how many calls the tokens of a person made each day from `since` on (UTC)."""
    counted = ApiUsage.objects.filter(token__owner=user_id, day__gte=since).values("day")
    return dict(counted.annotate(total=Sum("calls")).values_list("day", "total"))
