"""What is over and was kept long enough: registrations that came to something, ended places in a queue.

The history of a place goes with it: it holds the same address. Source: safety, S-72; the setting
RETENTION_DAYS.
"""

import datetime as dt

from django.apps import apps
from django.db import transaction
from django.db.models import Q, QuerySet

from booking.models import (
    LinkRequest,
    Registration,
    RegistrationStatus,
    WaitlistEntry,
    WaitlistStatus,
)

LINK_REQUESTS_KEPT = dt.timedelta(days=1)
"""Who asked for a link that could not be sent asks again."""
_OPEN = (RegistrationStatus.WAITING, RegistrationStatus.FAILED)


def forget(*, before: dt.datetime) -> int:
    """Remove what ended before that instant; return how many. Staff settle what was given up."""
    closed = Registration.objects.filter(created_at__lt=before).exclude(status__in=_OPEN)
    return closed.delete()[0] + _forget_places(before)


def forget_link_requests(*, now: dt.datetime) -> int:
    """Remove the wishes for a link that nobody could send in a day; return how many."""
    return LinkRequest.objects.filter(created_at__lt=now - LINK_REQUESTS_KEPT).delete()[0]


@transaction.atomic
def _forget_places(before: dt.datetime) -> int:
    ids = list(_ended_places(before).values_list("pk", flat=True))
    WaitlistEntry.objects.filter(pk__in=ids).delete()
    history = apps.get_model("booking", "WaitlistEntryEvent")
    history._default_manager.filter(pgh_obj_id__in=ids).delete()
    return len(ids)


def _ended_places(before: dt.datetime) -> QuerySet[WaitlistEntry]:
    """Select places whose time is over, or that were left by somebody who came before that instant."""
    was_left = Q(status=WaitlistStatus.LEFT, created_at__lt=before)
    is_over = Q(ends_at__lt=before) & ~Q(status=WaitlistStatus.WAITING)
    return WaitlistEntry.objects.filter(was_left | is_over)
