"""Several processes let the same rooms to two organizations: each room gets one tenant."""

from collections import Counter

import pytest

from apitokens.models import Event
from contracts.models import ContractOption
from sites_app.models import RoomLease
from tests.contention import racing
from tests.factories.contracts import RateFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory, SiteMembershipFactory

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]

ROUNDS = 20


def task(process, **values):
    return {
        "process": process,
        "seconds_a_round": 0.3,
        "now": "2029-12-01T10:00:00+00:00",
        **values,
    }


def test_one_room_has_one_tenant_and_the_other_is_told():
    site = SiteFactory()
    rate, staff = RateFactory(), UserFactory(app_admin=True)
    rooms = [
        [room.id for room in RoomFactory.create_batch(2, site=site, private_office=True)]
        for _ in range(ROUNDS)
    ]
    tenants = [SiteMembershipFactory(site=site).organization for _ in range(2)]

    answers = racing.race(
        "merger",
        [
            task(number, organization=tenant.id, rounds=rooms, rate=rate.id, by=staff.id)
            for number, tenant in enumerate(tenants)
        ],
    )

    assert sum(answers, Counter()) == {"MERGED": ROUNDS, "ROOM_ALLOCATED": ROUNDS}
    assert RoomLease.objects.count() == 2 * ROUNDS
    for first, second in rooms:
        assert RoomLease.objects.get(room=first).organization_id == (
            RoomLease.objects.get(room=second).organization_id
        )
    assert Event.objects.filter(type="contract.changed").count() == ROUNDS
    assert ContractOption.objects.count() == ROUNDS


def test_two_merges_of_one_organization_give_no_id_twice():
    site = SiteFactory()
    rate, staff = RateFactory(), UserFactory(app_admin=True)
    tenant = SiteMembershipFactory(site=site).organization

    answers = racing.race(
        "merger",
        [
            task(number, organization=tenant.id, rounds=[[]] * ROUNDS, rate=rate.id, by=staff.id)
            for number in range(3)
        ],
    )

    assert sum(answers, Counter()) == {"MERGED": 3 * ROUNDS}
    numbers = ContractOption.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 3 * ROUNDS + 1))
