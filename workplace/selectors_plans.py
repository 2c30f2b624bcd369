"""A day's plan of a location: who has how many seats in which zone or room.

Source: experience, "a day's plan as a coloured floor list".
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from workplace.models import Allocation, Evolution, Layer, Team, TeamLocationSettings, Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """The rows of one team, or of people without a team, in one zone or room and of one source.

    `seats` are those of the team's own rows; `people` how many have a row of their own.
    """

    organization_id: str | None
    layer_id: str | None
    zone_id: str | None
    room_id: str | None
    team_id: str | None
    evolution_id: UUID | None
    source: str
    is_locked: bool
    seats: int
    people: int


def seatings(site_id: str, *, starts_at: dt.datetime, ends_at: dt.datetime) -> list[Seating]:
    """Sum up the live allocations that overlap a half-open time, in one query."""
    keys = (
        "organization_id",
        "layer_id",
        "zone_id",
        "room_id",
        "team_id",
        "evolution_id",
        "source",
        "is_locked",
    )
    is_person = Q(person__isnull=False)
    rows = (
        Allocation.objects.filter(
            site_id=site_id, deleted_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at
        )
        .order_by()
        .values(*keys)
        .annotate(
            taken=Sum("seats", filter=~is_person, default=0), people=Count("pk", filter=is_person)
        )
    )
    return [
        Seating(seats=row["taken"], people=row["people"], **{key: row[key] for key in keys})
        for row in rows
    ]


def layers(site_id: str) -> QuerySet[Layer]:
    """List a location's layers from the ground up."""
    return Layer.objects.filter(site_id=site_id).order_by("ordinal", "name", "id")


def zones(site_id: str) -> QuerySet[Zone]:
    """List the zones with the number of their desks that are in use as `desks`."""
    return (
        Zone.objects.filter(layer__site_id=site_id)
        .annotate(desks=Count("spaces", filter=Q(spaces__is_active=True)))
        .order_by("layer__ordinal", "name", "id")
    )


def teams(ids: Sequence[str]) -> dict[str, Team]:
    return Team.objects.select_related("organization").in_bulk(ids)


def wishes(site_id: str, *, limit: int) -> list[TeamLocationSettings]:
    """List what the first teams by name wish for here, with the number of their `people`."""
    return list(
        TeamLocationSettings.objects.filter(site_id=site_id)
        .select_related("settings__team__organization", "room")
        .annotate(
            people=Count(
                "settings__team__memberships",
                filter=Q(settings__team__memberships__is_primary=True),
            ),
            name=F("settings__team__name"),
        )
        .order_by("name", "id")[:limit]
    )


def in_force(site_id: str, *, day: dt.date) -> Evolution | None:
    """Return the last run whose plan stands on a day, with its plan."""
    found = Evolution.objects.filter(
        site_id=site_id, day=day, published_at__isnull=False, rolled_back_at=None
    )
    return found.order_by("-published_at", "-id").first()


def evolutions(site_id: str, *, first_day: dt.date, last_day: dt.date) -> QuerySet[Evolution]:
    """List the runs for some days, newest first, without their plans."""
    return (
        Evolution.objects.filter(site_id=site_id, day__range=(first_day, last_day))
        .select_related("organization")
        .defer("proposal", "before")
        .order_by("-created_at", "-id")
    )
