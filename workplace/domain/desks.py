"""Desks by the dozen: staff say how many stand in a zone, and each gets a name of its own."""

from django.db import transaction

from workplace.models import Space, Zone

MOST_AT_ONCE = 200


@transaction.atomic
def add(zone: Zone, *, number: int) -> list[Space]:
    """Put so many desks into a zone, named after it and numbered on from those that it has."""
    Zone.objects.select_for_update(of=("self",), no_key=True).get(pk=zone.pk)
    taken = set(Space.objects.filter(zone=zone).values_list("name", flat=True))
    count = 0
    names: list[str] = []
    while len(names) < number:
        count += 1
        name = f"{zone.name} {count}"
        if name not in taken:
            names.append(name)
    return Space.objects.bulk_create(
        [Space(layer_id=zone.layer_id, zone=zone, name=name) for name in names]
    )


def follow(zone: Zone) -> int:
    """Take a zone's desks along to its layer; return how many moved."""
    return Space.objects.filter(zone=zone).exclude(layer=zone.layer_id).update(layer=zone.layer_id)
