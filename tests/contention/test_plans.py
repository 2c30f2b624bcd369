"""Plans for a room and meeting requests race for the same slots: exactly one wins each."""

import pytest

from booking.models import Meeting
from organizations.models import User
from tests.contention.test_one_slot import CONNECTIONS, PROCESSES, overlaps, race, world
from tests.factories.sites_app import SiteMembershipFactory
from workplace.models import Intention

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]
WON = ("ACCEPTED", "DECLARED")
LOST = ("SLOT_TAKEN", "room_conflict", "intention_conflict")


def test_one_slot_has_one_winner_whatever_it_is_asked_for_by():
    (room,), people = world()
    plans = {}
    for person in User.objects.filter(email__in=people):
        SiteMembershipFactory(site=room.site, organization=person.organization)
        plans[person.email] = (person.pk, person.organization_id)
    rounds = 12

    total, _ = race(
        {
            "rooms": [room.pk],
            "site": room.site_id,
            "people": people,
            "plans": plans,
            "rounds": rounds,
            "seconds_a_round": 1.0,
        },
        program="planner",
    )

    assert set(total) <= {*WON, *LOST}
    assert sum(total[word] for word in WON) == rounds == Meeting.objects.count()
    assert sum(total.values()) == PROCESSES * CONNECTIONS * rounds
    assert Intention.objects.count() == total["DECLARED"]
    assert overlaps() == 0
