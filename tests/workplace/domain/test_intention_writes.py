"""Who works elsewhere needs no seat. Source: Workplace API, section 8, "Flow"."""

import datetime as dt

import pytest

from tests.factories.organizations import UserFactory
from tests.factories.sites_app import SiteFactory
from tests.factories.workplace import (
    AllocationFactory,
    AllocationSpaceFactory,
    IntentionFactory,
    LayerFactory,
    ZoneFactory,
)
from workplace.domain import intention_writes
from workplace.models import Allocation, Intention, IntentionStatus

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 2, 9, 0, tzinfo=dt.UTC)


def at(hour: int) -> dt.datetime:
    return dt.datetime(2030, 1, 7, hour, tzinfo=dt.UTC)


@pytest.fixture
def seat() -> Allocation:
    """A desk of the house's choice, from nine to five."""
    zone = ZoneFactory(layer=LayerFactory(site=SiteFactory()))
    seat = AllocationFactory(
        team=None,
        person=UserFactory(),
        zone=zone,
        source="EVOLUTION",
        starts_at=at(9),
        ends_at=at(17),
    )
    AllocationSpaceFactory(allocation=seat)
    return seat


def declare(seat: Allocation, *, now: dt.datetime = NOW, **fields: object) -> Intention:
    values = {"type": "REMOTE", "starts_at": at(0), "ends_at": at(20)} | fields
    plan = IntentionFactory.build(person=seat.person, site=seat.site, **values)
    intention_writes.insert(plan, now=now)
    return plan


def is_kept(seat: Allocation) -> bool:
    seat.refresh_from_db()
    held = seat.held_spaces.get().holds
    assert held == (seat.deleted_at is None)
    return held


@pytest.mark.parametrize("type_", ["REMOTE", "ABSENT"])
def test_who_is_away_gives_back_what_the_house_gave(seat, type_):
    declare(seat, type=type_)

    assert not is_kept(seat)


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "SPACE"},
        {"status": "PENDING"},
        {"starts_at": at(10)},
        {"ends_at": at(16)},
    ],
)
def test_who_may_come_all_the_same_keeps_the_seat(seat, fields):
    declare(seat, **fields)

    assert is_kept(seat)


@pytest.mark.parametrize("given", [{"source": "MANUAL"}, {"source": "API"}, {"is_locked": True}])
def test_what_people_gave_by_hand_stays(seat, given):
    Allocation.objects.filter(pk=seat.pk).update(**given)

    declare(seat)

    assert is_kept(seat)


def test_who_goes_home_gives_back_the_rest_of_the_day(seat):
    declare(seat, now=at(13), starts_at=at(13))

    assert not is_kept(seat)


def test_another_persons_seat_stays(seat):
    IntentionFactory()
    other = AllocationFactory(
        team=None, person=UserFactory(), zone=seat.zone, starts_at=at(9), ends_at=at(17)
    )

    declare(seat)

    other.refresh_from_db()
    assert other.deleted_at is None


def test_a_plan_to_be_away_that_is_accepted_later_has_the_same_effect(seat):
    plan = declare(seat, status="PENDING")
    assert is_kept(seat)

    intention_writes.change(plan, status=IntentionStatus.ACCEPTED, now=NOW)

    assert not is_kept(seat)
