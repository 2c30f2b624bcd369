"""Reads of sites, rooms and their pictures."""

from sites_app.models import Room, RoomImage, Site


def public_countries() -> list[str]:
    """Return the ISO codes of the countries with public sites, each once."""
    codes = Site.objects.filter(is_public=True).values_list("country", flat=True)
    return list(codes.order_by("country").distinct())


def pictured(id_: str) -> tuple[Room | None, RoomImage | None]:
    """Find the picture of that id, or the room of that id with its first picture, if it has one.

    The room comes with its site.
    """
    image = RoomImage.objects.select_related("room__site").filter(id=id_).first()
    if image is not None:
        return image.room, image
    room = Room.objects.select_related("site").filter(id=id_).first()
    return room, room.images.first() if room else None
