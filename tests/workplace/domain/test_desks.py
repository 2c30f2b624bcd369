"""Desks by the dozen."""

import pytest

from tests.factories import workplace as make
from workplace.domain import desks
from workplace.models import Space

pytestmark = pytest.mark.django_db


def names_in(zone: object) -> list[str]:
    return sorted(Space.objects.filter(zone=zone).values_list("name", flat=True))


def test_desks_are_named_after_their_zone_and_numbered_on() -> None:
    zone = make.ZoneFactory(name="Garden")
    make.SpaceFactory(zone=zone, name="Garden 2")

    desks.add(zone, number=2)

    assert names_in(zone) == ["Garden 1", "Garden 2", "Garden 3"]
    assert set(Space.objects.values_list("layer", flat=True)) == {zone.layer_id}


def test_no_desk_is_added_for_nothing() -> None:
    zone = make.ZoneFactory()

    assert desks.add(zone, number=0) == []


def test_desks_follow_their_zone_to_another_layer() -> None:
    zone = make.ZoneFactory()
    desk, other = make.SpaceFactory(zone=zone), make.SpaceFactory()
    zone.layer = make.LayerFactory(site=zone.layer.site)
    zone.save()

    assert desks.follow(zone) == 1
    assert desks.follow(zone) == 0

    desk.refresh_from_db()
    other.refresh_from_db()
    assert desk.layer_id == zone.layer_id
    assert other.layer_id != zone.layer_id
