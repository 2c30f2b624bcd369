"""Departures: who has left an organization is in none of its teams and plans nothing there.

A departure told twice, late or never (a sweep looks too) has the same effect; who has come back
meanwhile is left alone.
"""

import datetime as dt

import structlog
from django.db import transaction

from organizations.models import Departure
from workplace.domain import intention_writes
from workplace.models import OPEN_STATUSES, Intention, IntentionStatus, TeamMembership

BATCH = 200
REASON = "left_organization"

log = structlog.get_logger(__name__)


def follow(departure_id: str, *, now: dt.datetime) -> None:
    """Take somebody out of the teams and plans of the organization that they have left, once."""
    with transaction.atomic():
        departure = (
            Departure.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("person")
            .filter(pk=departure_id, settled_at=None)
            .first()
        )
        if departure is None:
            return
        if departure.person.organization_id != departure.organization_id:
            _take_out(departure, now=now)
        departure.settled_at = now
        departure.save(update_fields=["settled_at"])


def sweep(*, now: dt.datetime) -> int:
    """Follow the departures that a dead broker missed; return how many.

    What goes wrong with one is logged and holds up no other; the next run tries again.
    """
    followed, last = 0, ""
    while left := _left(after=last):
        followed += sum(_is_followed(departure_id, now=now) for departure_id in left)
        last = left[-1]
    return followed


def _left(*, after: str) -> list[str]:
    """List the next departures, by id, that were not followed."""
    waiting = Departure.objects.filter(pk__gt=after, settled_at=None)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:BATCH])


def _is_followed(departure_id: str, *, now: dt.datetime) -> bool:
    try:
        follow(departure_id, now=now)
    except Exception:
        log.exception("workplace.departure_not_followed", departure=departure_id)
        return False
    return True


def _take_out(departure: Departure, *, now: dt.datetime) -> None:
    person, organization = departure.person_id, departure.organization_id
    TeamMembership.objects.filter(person=person, team__organization=organization).delete()
    plans = Intention.objects.select_related("site", "room", "team", "person").filter(
        person=person, organization=organization, status__in=OPEN_STATUSES, ends_at__gt=now
    )
    for plan in plans.order_by("pk").select_for_update(of=("self",)):
        intention_writes.release_seats(plan, now=now)
        intention_writes.change(plan, status=IntentionStatus.CANCELLED, reason=REASON, now=now)
