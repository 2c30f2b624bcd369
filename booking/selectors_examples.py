"""This portal's own ids for the examples of the developers' guide, so that they work as they stand."""

from sites_app.models import Room, RoomType

SITE, ROOM, OFFICE = (
    "507f1f77bcf86cd799439011",
    "507f191e810c19729de860ea",
    "507f191e810c19729de860eb",
)


def example_ids() -> dict[str, str]:
    """Return a public `site` with a meeting `room` of it and an `office`, in two queries.

    Where there is none, the ids that the documents use.
    """
    listed = Room.objects.filter(site__is_public=True).order_by(
        "site__country", "site__name", "name", "id"
    )
    priced = listed.filter(type=RoomType.PUBLIC_MEETING, price_per_hour__gt=0).exclude(slot_week="")
    room = priced.values("id", "site").first() or {"id": ROOM, "site": SITE}
    office = listed.filter(type=RoomType.PUBLIC_OFFICE).values_list("id", flat=True).first()
    return {"site": room["site"], "room": room["id"], "office": office or OFFICE}
