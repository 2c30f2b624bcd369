"""How many people fit where. Source: Workplace API, section 1, `location`."""

from collections.abc import Collection

from django.db.models import Count, F, IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, NullIf

from sites_app.models import Site
from workplace.models import Space, Zone


def seats() -> Coalesce:
    """Express how many people fit into sites: as staff set it, else their desks, else their zones' seats.

    Only places in use count; it is NULL where nothing says how many.
    """
    desks = Space.objects.filter(layer__site=OuterRef("pk"), is_active=True).order_by()
    zones = Zone.objects.filter(layer__site=OuterRef("pk"), is_active=True).order_by()
    counted = desks.values("layer__site").annotate(seats=Count("pk")).values("seats")
    summed = zones.values("layer__site").annotate(seats=Sum("capacity")).values("seats")
    return Coalesce(
        F("capacity"), Subquery(counted), NullIf(Subquery(summed), 0), output_field=IntegerField()
    )


def of_sites(site_ids: Collection[str]) -> dict[str, int | None]:
    """Return the seats of locations by id, None where nothing says how many."""
    rows = Site.objects.filter(pk__in=site_ids).annotate(seats=seats())
    return dict(rows.values_list("pk", "seats"))


def of_site(site: Site) -> int | None:
    """Return the seats of one location."""
    return site.capacity if site.capacity is not None else of_sites([site.pk])[site.pk]
