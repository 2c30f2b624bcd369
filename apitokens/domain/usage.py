"""How much tokens are used; never a reason for a call to fail."""

import datetime as dt

import structlog
from django.db import DatabaseError, connection

from apitokens.models import ApiToken

log = structlog.get_logger(__name__)

LAST_USED_GRAIN = dt.timedelta(minutes=1)

_COUNT = """
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO apitokens_apiusage (token_id, day, calls)
SELECT %(token)s, %(day)s, 1 FROM quick
    ON CONFLICT (token_id, day) DO UPDATE SET calls = apitokens_apiusage.calls + 1
"""


def record(token: ApiToken, *, now: dt.datetime) -> None:
    """Count a call of `token` and, at most once a minute, note when it was last used."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, {"token": token.pk, "day": now.astimezone(dt.UTC).date()})
        if token.last_used_at is None or now - token.last_used_at >= LAST_USED_GRAIN:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    except DatabaseError as error:
        log.warning("apitokens.usage_not_recorded", token_id=token.pk, error=repr(error))
