"""Of many calls at once exactly as many as the quota get through."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from apitokens.domain import quotas
from apitokens.models import ApiQuota
from organizations.models import User
from tests.factories.apitokens import ApiQuotaFactory

NOW = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)


@pytest.mark.django_db(transaction=True)
def test_racing_calls_share_the_quota_exactly():
    user = ApiQuotaFactory(daily_limit=10).user
    owner = User.objects.select_related("api_quota").get(pk=user.pk)
    together = Barrier(20)

    def call(_number: int) -> bool:
        together.wait()
        try:
            quotas.take(owner=owner, now=NOW)
        except quotas.QuotaExceeded:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as pool:
        let_in = list(pool.map(call, range(20)))

    assert sum(let_in) == 10
    assert ApiQuota.objects.get().day_used == 10
