"""Writing intentions: a row, its event, and what follows once that has committed.

Source: Workplace API, section 8, "Flow".
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from apitokens.models import EventType
from config import background
from organizations.models import User
from workplace.domain import allocations, intention_events, intention_rooms, plan_days
from workplace.models import (
    Allocation,
    AllocationSource,
    AllocationType,
    Intention,
    IntentionStatus,
    IntentionType,
)

SETTLE_TASK = "workplace.settle_intention"

_AWAY = (IntentionType.REMOTE, IntentionType.ABSENT)
_GIVEN_BY_THE_HOUSE = (AllocationSource.EVOLUTION, AllocationSource.INTENTION)


def insert(intention: Intention, *, now: dt.datetime) -> None:
    """Write a new plan in the caller's transaction."""
    intention.created_at = intention.updated_at = now
    intention.save(force_insert=True)
    _leave_seats(intention, now=now)
    intention_events.record(EventType.INTENTION_CREATED, intention, now=now)
    _follow_up(_where(intention))


def change(intention: Intention, *, now: dt.datetime, **fields: Any) -> None:
    """Write what is different about a locked plan in the caller's transaction."""
    before = _where(intention)
    for name, value in fields.items():
        setattr(intention, name, value)
    intention.version += 1
    intention.updated_at = now
    intention.save(update_fields=[*fields, "version", "updated_at"])
    _leave_seats(intention, now=now)
    intention_events.record(EventType.INTENTION_UPDATED, intention, now=now)
    _follow_up(before, _where(intention))


def withdraw(
    intention: Intention,
    *,
    status: IntentionStatus,
    reason: str,
    by: User | None,
    now: dt.datetime,
) -> None:
    """Give back the room and the seats of a locked plan, and write that it is off.

    :raises TooLateForRoom: when its meeting has begun.
    """
    intention_rooms.give_back(intention, reason=reason, by=by, now=now)
    release_seats(intention, now=now)
    change(intention, status=status, reason=reason[:500], now=now)


def delete(intention: Intention, *, now: dt.datetime) -> None:
    """Remove a locked plan for good; what it held must have been given back."""
    intention_events.record(EventType.INTENTION_DELETED, intention, now=now)
    _follow_up(_where(intention))
    intention.delete()


def release_seats(intention: Intention, *, now: dt.datetime) -> None:
    """Take back the seats that a plan, or its person for it, was given; what people gave by hand stays."""
    given = Q(intention=intention)
    if intention.person_id is not None:
        given |= Q(
            person=intention.person_id,
            site=intention.site_id,
            type=AllocationType.SPACE,
            source__in=_GIVEN_BY_THE_HOUSE,
            is_locked=False,
            starts_at__lt=intention.ends_at,
            ends_at__gt=intention.starts_at,
        )
    rows = Allocation.objects.filter(given, deleted_at=None).order_by("pk")
    allocations.remove(list(rows.select_for_update(of=("self",))), by=None, now=now)


def _leave_seats(intention: Intention, *, now: dt.datetime) -> None:
    """Take back what the house gave to who is away all the time of a seat, or what is left of it."""
    is_away = intention.type in _AWAY and intention.status == IntentionStatus.ACCEPTED
    if not is_away or intention.person_id is None:
        return
    began = Q(starts_at__gte=intention.starts_at)
    if intention.starts_at <= now:
        began |= Q(starts_at__lt=now)
    rows = Allocation.objects.filter(
        began,
        person=intention.person_id,
        type=AllocationType.SPACE,
        source__in=_GIVEN_BY_THE_HOUSE,
        is_locked=False,
        deleted_at=None,
        ends_at__gt=now,
        ends_at__lte=intention.ends_at,
    ).order_by("pk")
    allocations.remove(list(rows.select_for_update(of=("self",))), by=None, now=now)


@dataclass(frozen=True, slots=True)
class _Place:
    """Whose days at which location a plan is about."""

    site_id: str
    person_id: str | None
    days: tuple[str, ...]


def _where(intention: Intention) -> _Place:
    days = plan_days.of(intention, since=intention.starts_at)
    return _Place(intention.site_id, intention.person_id, tuple(day.isoformat() for day in days))


def _follow_up(*places: _Place) -> None:
    """Let a worker look at each of these days once the transaction has committed."""
    for place in dict.fromkeys(places):
        background.after_commit(SETTLE_TASK, place.site_id, list(place.days), place.person_id)
