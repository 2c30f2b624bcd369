"""How many people fit where. Source: Workplace API, section 1, `location`."""

from django.db.models import Sum

from sites_app.models import Site
from workplace.models import Space, Zone


def of_site(site: Site) -> int | None:
    """Return the seats of a location: as staff set them, else its desks, else its zones' seats, else None.

    Only places in use count.
    """
    if site.capacity is not None:
        return site.capacity
    desks = Space.objects.filter(layer__site=site, is_active=True).count()
    if desks:
        return desks
    zones = Zone.objects.filter(layer__site=site, is_active=True)
    seats: int | None = zones.aggregate(seats=Sum("capacity"))["seats"]
    return seats or None
