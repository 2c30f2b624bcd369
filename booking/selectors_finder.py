"""Reads of the rooms that a search looks at."""

from collections.abc import Iterable, Sequence

from django.db.models import Case, IntegerField, Q, Value, When

from sites_app.models import PUBLIC_TYPES, Room, RoomType

MOST_ROOMS = 300
"""How many rooms one search looks at, the smallest first."""

MOST_AROUND = 40
"""How many other rooms are looked at for near misses, over a longer time."""


def rooms(
    *,
    people: int = 1,
    country: str | None = None,
    site_id: str | None = None,
    equipment: Sequence[str] = (),
) -> list[Room]:
    """List public rooms sold by the hour, with their sites, that hold the people and have it all."""
    chosen = Room.objects.filter(
        Q(max_person=0) | Q(max_person__gte=people),
        Q(type=RoomType.PUBLIC_MEETING) | Q(price_per_hour__gt=0, min_duration__gt=0),
        type__in=PUBLIC_TYPES,
        site__is_public=True,
    ).select_related("site")
    if country:
        chosen = chosen.filter(site__country=country)
    if site_id:
        chosen = chosen.filter(site=site_id)
    if equipment:
        chosen = chosen.filter(equipment__contains=list(equipment))
    return list(chosen.order_by("max_person", "id")[:MOST_ROOMS])


def rooms_around(*, country: str | None, site_id: str | None, besides: Iterable[str]) -> list[Room]:
    """List other public rooms sold by the hour, of any size: those of the site and the country first."""
    nearness = Case(
        When(site=site_id or "", then=Value(0)),
        When(site__country=country or "", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    chosen = Room.objects.filter(
        Q(type=RoomType.PUBLIC_MEETING) | Q(price_per_hour__gt=0, min_duration__gt=0),
        type__in=PUBLIC_TYPES,
        site__is_public=True,
    )
    others = chosen.exclude(pk__in=list(besides)).select_related("site")
    ordered = others.order_by(nearness, "max_person", "id")
    return list(ordered[:MOST_AROUND])
