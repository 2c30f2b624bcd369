"""Reads of one person's plans and seats, by local day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from organizations.models import User
from workplace.models import (
    OPEN_STATUSES,
    Allocation,
    DefaultLocation,
    Intention,
    IntentionSource,
    IntentionStatus,
    IntentionType,
    TeamMembership,
)

_OWN_SOURCES = (
    IntentionSource.USER,
    IntentionSource.AUTO_SCHEDULE,
    IntentionSource.LIKELY_SCHEDULE,
    IntentionSource.FIXED_DAY,
)
_OWN_TYPES = (IntentionType.SPACE, IntentionType.REMOTE, IntentionType.ABSENT)
_WITH_ROOM = (IntentionType.ROOM, IntentionType.MEETING)
_INVITED = Q(invited_by__isnull=False) | Q(parent__isnull=False)


Row = TypeVar("Row", Intention, Allocation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Where somebody sits, in words: site, layer, zone or room, desk; blank where there is none."""

    site: str
    layer: str
    place: str
    desk: str


def plans(
    person: User, *, start: dt.datetime, end: dt.datetime, tz: ZoneInfo
) -> Mapping[dt.date, Sequence[Intention]]:
    """Return the person's live plans of each local day, by start, without invitations that wait."""
    found = (
        _during(Intention.objects.filter(person=person), start, end)
        .filter(status__in=OPEN_STATUSES)
        .exclude(_INVITED, status=IntentionStatus.PENDING)
    )
    rows = found.select_related("site", "room").order_by("starts_at", "pk")
    return _by_day(list(rows), tz)


def own_words(person: User, *, start: dt.datetime, end: dt.datetime) -> list[Intention]:
    """Return what the person said of that time, or the house put down for them, by id."""
    found = _during(Intention.objects.filter(person=person), start, end).exclude(_INVITED)
    return list(
        found.filter(
            status__in=OPEN_STATUSES, source__in=_OWN_SOURCES, type__in=_OWN_TYPES
        ).order_by("pk")
    )


def meetings(person: User, *, start: dt.datetime, end: dt.datetime) -> list[Intention]:
    """Return the person's live plans with a room in that time, without invitations that wait."""
    found = _during(Intention.objects.filter(person=person, type__in=_WITH_ROOM), start, end)
    live = found.filter(status__in=OPEN_STATUSES)
    return list(live.exclude(_INVITED, status=IntentionStatus.PENDING).order_by("starts_at", "pk"))


def seats(
    person: User, *, start: dt.datetime, end: dt.datetime, tz: ZoneInfo
) -> Mapping[dt.date, Sequence[Seat]]:
    """Return where the person sits on each local day, by start; a seat of several days on each of them."""
    rows = Allocation.objects.filter(
        person=person, deleted_at=None, starts_at__lt=end, ends_at__gt=start
    ).select_related("site", "layer", "zone", "room")
    found = rows.prefetch_related("held_spaces__space").order_by("starts_at", "pk")
    by_day = _by_day(list(found), tz)
    return defaultdict(list, {day: [_seat(row) for row in by_day[day]] for day in by_day})


def invitations(person: User, *, now: dt.datetime) -> list[Intention]:
    """Return the invitations that wait for the person's answer, by start."""
    rows = Intention.objects.filter(
        _INVITED, person=person, status=IntentionStatus.PENDING, ends_at__gt=now
    ).select_related("site", "room", "team", "invited_by")
    return list(rows.order_by("starts_at", "pk")[:50])


def usual_site(person: User) -> str | None:
    """Return where the person usually works: as chosen, else their primary team's, else as last planned."""
    own = DefaultLocation.objects.filter(person=person).values_list("site", flat=True).first()
    if own:
        return str(own)
    team = TeamMembership.objects.filter(person=person, is_primary=True)
    found = team.values_list("team__settings__default_location", flat=True).first()
    if found:
        return str(found)
    plans = Intention.objects.filter(person=person, type=IntentionType.SPACE)
    last = plans.order_by("-starts_at", "pk").values_list("site", flat=True).first()
    return str(last) if last else None


def _during(rows: QuerySet[Intention], start: dt.datetime, end: dt.datetime) -> QuerySet[Intention]:
    return rows.filter(starts_at__lt=end, ends_at__gt=start)


def _by_day(rows: Sequence[Row], tz: ZoneInfo) -> Mapping[dt.date, Sequence[Row]]:
    """Put each plan or seat under every local day that it touches."""
    by_day: dict[dt.date, list[Row]] = defaultdict(list)
    for row in rows:
        day = row.starts_at.astimezone(tz).date()
        last = (row.ends_at - dt.timedelta(microseconds=1)).astimezone(tz).date()
        while day <= last:
            by_day[day].append(row)
            day += dt.timedelta(days=1)
    return by_day


def _seat(row: Allocation) -> Seat:
    desk = next((held.space.name for held in row.held_spaces.all()), "")
    place = row.room.display_name if row.room else row.zone.name if row.zone else ""
    return Seat(
        site=row.site.name, layer=row.layer.name if row.layer else "", place=place, desk=desk
    )
