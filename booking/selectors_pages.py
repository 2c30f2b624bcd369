"""Reads of sites and rooms as the website shows them; each function makes a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import (
    Count,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)

from sites_app.models import PUBLIC_TYPES, Room, RoomImage, RoomType, Site

MOST_ROOMS = 300
"""How many rooms of one site are listed; nobody reads more."""
MOST_SEARCHED = 1000
"""How many rooms one search looks at, those first that hold the people most closely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSummary:
    """A public site and what its card tells; `picture_id` is a picture's or a room's id."""

    site: Site
    meeting_rooms: int
    offices: int
    hour_from: Decimal | None
    picture_id: str | None


def sites() -> list[SiteSummary]:
    """List the public sites by country and name, in one query."""
    by_the_hour = Q(rooms__type=RoomType.PUBLIC_MEETING)
    found = (
        Site.objects.filter(is_public=True)
        .annotate(
            meeting_rooms=Count("rooms", filter=by_the_hour),
            offices=Count("rooms", filter=Q(rooms__type=RoomType.PUBLIC_OFFICE)),
            hour_from=Min("rooms__price_per_hour", filter=by_the_hour),
            image_id=Subquery(_pictures_of_site().values("id")[:1]),
            room_id=Subquery(_rooms_of_site().values("id")[:1]),
        )
        .order_by("country", "name", "id")
    )
    return [
        SiteSummary(
            site=site,
            meeting_rooms=site.meeting_rooms,
            offices=site.offices,
            hour_from=site.hour_from,
            picture_id=site.image_id or site.room_id,
        )
        for site in found
    ]


def site(site_id: str) -> Site | None:
    """Return a public site."""
    return Site.objects.filter(id=site_id, is_public=True).first()


def rooms_of_site(site_id: str) -> list[Room]:
    """List a site's public rooms with their pictures, meeting rooms first, in two queries."""
    rooms = _with_pictures(Room.objects.filter(site=site_id, type__in=PUBLIC_TYPES))
    return list(rooms.order_by("-type", "max_person", "name", "id")[:MOST_ROOMS])


def room(room_id: str) -> Room | None:
    """Return any room with its site and pictures."""
    return _with_pictures(Room.objects.filter(id=room_id)).first()


def bookable_rooms(
    *, country: str = "", site_id: str = "", people: int = 1, equipment: Sequence[str] = ()
) -> list[Room]:
    """List public rooms sold by the hour that hold the people and have all the equipment, with their sites.

    What is shown of them in the end needs its pictures (`load_pictures`).
    """
    rooms = Room.objects.select_related("site").filter(
        Q(max_person=0) | Q(max_person__gte=people),
        Q(type=RoomType.PUBLIC_MEETING) | Q(price_per_hour__gt=0, min_duration__gt=0),
        type__in=PUBLIC_TYPES,
        site__is_public=True,
    )
    if country:
        rooms = rooms.filter(site__country=country)
    if site_id:
        rooms = rooms.filter(site=site_id)
    if equipment:
        rooms = rooms.filter(equipment__contains=list(equipment))
    return list(rooms.order_by("max_person", "id")[:MOST_SEARCHED])


def load_pictures(rooms: Sequence[Room]) -> None:
    """Load the pictures of rooms that have been fetched without, in one query."""
    prefetch_related_objects(rooms, _pictures())


def _with_pictures(rooms: QuerySet[Room]) -> QuerySet[Room]:
    return rooms.select_related("site").prefetch_related(_pictures())


def _pictures() -> Prefetch:
    return Prefetch("images", queryset=RoomImage.objects.order_by("position", "id"))


def _pictures_of_site() -> QuerySet[RoomImage]:
    return RoomImage.objects.filter(
        room__site=OuterRef("pk"), room__type__in=PUBLIC_TYPES
    ).order_by("position", "room__name", "id")


def _rooms_of_site() -> QuerySet[Room]:
    return Room.objects.filter(site=OuterRef("pk"), type__in=PUBLIC_TYPES).order_by("name", "id")
