"""Reads for seating one person on a day whose plan is published."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from sites_app.models import Site
from workplace.models import (
    Allocation,
    AllocationType,
    Evolution,
    Intention,
    IntentionStatus,
    IntentionType,
    Space,
    Team,
    TeamMembership,
    Zone,
)

PUBLISHED = Q(published_at__isnull=False, rolled_back_at=None)


def is_published(site_id: str, day: dt.date) -> bool:
    """Say whether somebody has published a plan of that day."""
    return Evolution.objects.filter(PUBLISHED, site=site_id, day=day).exists()


def locked_zones(site_id: str) -> list[Zone]:
    """Return the zones in use, locked in id order, with their neighbours and, as `desks`, their desks."""
    spaces = Space.objects.filter(is_active=True).order_by("name", "pk")
    zones = Zone.objects.filter(layer__site=site_id, is_active=True).order_by("pk")
    locked = zones.select_for_update(no_key=True, of=("self",))
    return list(locked.prefetch_related("neighbours", Prefetch("spaces", spaces, to_attr="desks")))


def primary_team(person_id: str) -> Team | None:
    """Return the team in which a person counts."""
    found = TeamMembership.objects.select_related("team").filter(person=person_id, is_primary=True)
    membership = found.first()
    return membership.team if membership else None


def unseated(
    site_id: str, person_id: str, *, day: dt.date, now: dt.datetime
) -> QuerySet[Intention]:
    """Select the person's plans for a desk of a local day that is not over, without a seat on it."""
    tz = ZoneInfo(Site.objects.values_list("time_zone", flat=True).get(pk=site_id))
    start, end = (
        dt.datetime.combine(one, dt.time(), tz) for one in (day, day + dt.timedelta(days=1))
    )
    if end <= now:
        return Intention.objects.none()
    seats = _seats_then().filter(starts_at__lt=end, ends_at__gt=start)
    found = _for_a_desk().filter(
        ~Exists(seats),
        site=site_id,
        person=person_id,
        starts_at__lt=end,
        ends_at__gt=max(start, now),
    )
    return found.select_related("person", "site").order_by("starts_at", "pk")


def waiting(*, since: dt.datetime, now: dt.datetime) -> QuerySet[Intention]:
    """Select the plans for a desk, changed since then, that a published day may still owe a seat; by id.

    Of plans that last into another day all are selected: a seat may be that of one day only.
    """
    last_day = OuterRef("ends_at__date")
    published = Evolution.objects.filter(
        PUBLISHED, site=OuterRef("site"), day__gte=OuterRef("day"), day__lte=last_day
    )
    return (
        _for_a_desk()
        .filter(
            Exists(published),
            ~Exists(_seats_then()) | Q(ends_at__date__gt=F("day")),
            ends_at__gt=now,
            updated_at__gt=since,
        )
        .select_related("site")
        .order_by("pk")
    )


def _for_a_desk() -> QuerySet[Intention]:
    return Intention.objects.filter(
        type=IntentionType.SPACE, status=IntentionStatus.ACCEPTED, person__isnull=False
    )


def _seats_then() -> QuerySet[Allocation]:
    """Select the seats that the person of a plan has at some time of it."""
    return Allocation.objects.filter(
        person=OuterRef("person"),
        type=AllocationType.SPACE,
        deleted_at=None,
        starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    )


def last_seat(plan: Intention, *, before: dt.datetime) -> tuple[str | None, str | None]:
    """Return the zone and the desk where the person of a plan last sat at its location."""
    seats = Allocation.objects.filter(
        person=plan.person_id,
        site=plan.site_id,
        type=AllocationType.SPACE,
        starts_at__lt=before,
        deleted_at=None,
    )
    last = seats.prefetch_related("held_spaces").order_by("-starts_at", "pk").first()
    if last is None:
        return None, None
    desk = next(iter(last.held_spaces.all()), None)
    return last.zone_id, desk.space_id if desk else None
