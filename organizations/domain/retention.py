"""What is over and was kept long enough: mailed links, invitations, and wishes to join that were decided.

Source: safety, S-72; the setting RETENTION_DAYS.
"""

import datetime as dt

from django.db.models import Q, QuerySet

from organizations.models import Departure, EmailVerification, Invitation, JoinRequest, JoinStatus


def forget(*, before: dt.datetime) -> int:
    """Remove what ended before that instant and has nothing left to follow from it; return how many."""
    over = (
        _over_links(before),
        _decided_wishes(before),
        Invitation.objects.filter(expires_at__lt=before),
        Departure.objects.filter(at__lt=before, settled_at__isnull=False),
    )
    return sum(chosen.delete()[0] for chosen in over)


def _over_links(before: dt.datetime) -> QuerySet[EmailVerification]:
    """Select links that cannot be used; of those that were, the ones whose meetings are all confirmed."""
    is_settled = Q(used_at=None) | Q(settled_at__isnull=False)
    return EmailVerification.objects.filter(is_settled, expires_at__lt=before)


def _decided_wishes(before: dt.datetime) -> QuerySet[JoinRequest]:
    is_settled = ~Q(status=JoinStatus.APPROVED) | Q(settled_at__isnull=False)
    return JoinRequest.objects.filter(is_settled, decided_at__lt=before)
