"""Enquiries: who asks whether addresses are known, how often, and when that looks like guessing.

Source: public-api, section 1, Abuse limits; safety, S-22.
"""

import datetime as dt

from django.conf import settings
from django.db.models import Count, Q

from apitokens.domain import abuse_limits
from apitokens.models import ApiToken, Enquiry
from organizations.domain import outbox, typed_texts
from organizations.models import Language

WINDOW = dt.timedelta(hours=1)
FEWEST = 50
"""How many enquiries an hour must hold before their misses say anything."""
ALARMING_PERCENT = 80
KEPT = dt.timedelta(days=90)
ALERTS = abuse_limits.Limit("enquiry alerts", 1, WINDOW)


def admit(token: ApiToken, *, now: dt.datetime) -> None:
    """Count one more enquiry against the token's budget.

    :raises TooManyCalls:
    """
    abuse_limits.take(abuse_limits.ENQUIRIES, who=token.pk, now=now)


def record(token: ApiToken, *, endpoint: str, was_known: bool, now: dt.datetime) -> None:
    """Keep that a question was answered; alert staff, once an hour, when most answers are misses."""
    Enquiry.objects.create(token=token, endpoint=endpoint, was_known=was_known, at=now)
    if not was_known and _looks_like_guessing(token, now=now):
        _alert(token, now=now)


def prune(*, now: dt.datetime) -> int:
    """Forget old enquiries; return how many."""
    return Enquiry.objects.filter(at__lt=now - KEPT).delete()[0]


def _looks_like_guessing(token: ApiToken, *, now: dt.datetime) -> bool:
    found = Enquiry.objects.filter(token=token, at__gt=now - WINDOW).aggregate(
        all=Count("id"), misses=Count("id", filter=Q(was_known=False))
    )
    return bool(found["all"] >= FEWEST and found["misses"] * 100 >= found["all"] * ALARMING_PERCENT)


def _alert(token: ApiToken, *, now: dt.datetime) -> None:
    if not settings.API_THROTTLE:
        return
    try:
        abuse_limits.take(ALERTS, who=token.pk, now=now)
    except abuse_limits.TooManyCalls:
        return
    outbox.enqueue(
        template="staff_enquiries",
        to=settings.SUPPORT_EMAIL,
        language=Language.ENGLISH,
        context={
            "token_name": typed_texts.harmless(token.name),
            "token_id": token.pk,
            "owner": token.owner.email,
        },
        now=now,
    )
