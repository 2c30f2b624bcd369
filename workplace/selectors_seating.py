"""Reads for seating one person on a day whose plan is published."""

import datetime as dt

from django.db.models import Prefetch, Q

from workplace.models import (
    Allocation,
    AllocationType,
    Evolution,
    Intention,
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


def last_seat(plan: Intention) -> tuple[str | None, str | None]:
    """Return the zone and the desk where the person last sat at the location."""
    seats = Allocation.objects.filter(
        person=plan.person_id,
        site=plan.site_id,
        type=AllocationType.SPACE,
        starts_at__lt=plan.starts_at,
        deleted_at=None,
    )
    last = seats.prefetch_related("held_spaces").order_by("-starts_at", "pk").first()
    if last is None:
        return None, None
    desk = next(iter(last.held_spaces.all()), None)
    return last.zone_id, desk.space_id if desk else None
