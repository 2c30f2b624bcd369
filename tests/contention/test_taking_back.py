"""A plan is taken back in the very moment in which a later one is published: the later one stands."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from tests.factories.sites_app import SiteFactory
from tests.factories.workplace import EvolutionFactory, LayerFactory, ZoneFactory
from tests.workplace.evolution_world import DAY, NOW, OPERATOR, coming, run
from workplace.domain import evolutions
from workplace.domain.evolutions import Outdated
from workplace.models import Allocation, Zone

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]


def taken_back(evolution_id):
    try:
        return evolutions.roll_back(evolution_id, tenant=OPERATOR, now=NOW)
    except Outdated as refusal:
        return refusal
    finally:
        connection.close()


def is_waited_for():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def test_a_plan_published_meanwhile_is_not_written_over():
    site = SiteFactory(time_zone="Europe/Paris")
    ZoneFactory(layer=LayerFactory(site=site))
    coming(site, 4)
    first = run(site)

    with ThreadPoolExecutor(1) as other, transaction.atomic():
        list(Zone.objects.order_by("pk").select_for_update(no_key=True))  # as who publishes does
        answer = other.submit(taken_back, first.pk)
        while not is_waited_for() and not answer.done():
            time.sleep(0.02)
        later = NOW + dt.timedelta(minutes=1)
        EvolutionFactory(site=site, day=DAY, organization=None, published_at=later)

    assert isinstance(answer.result(), Outdated)
    assert Allocation.objects.filter(deleted_at=None).count() == 1
