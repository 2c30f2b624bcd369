"""The call log: what each token asked for and how it was answered, and how many calls it made a day.

It is written once the answer stands, in one statement, and never a reason for a call to fail.

Source: public-api, section 5, `/api/usage`; safety, S-72.
"""

import datetime as dt
from dataclasses import dataclass

import structlog
from django.db import Error, connection

from apitokens.models import ApiToken
from config import prepared
from config.logs import redacted

KEPT_CALLS = 1000
KEPT = dt.timedelta(days=90)
LONGEST_PATH = 200
LONGEST_REQUEST_ID = 64

# The log need not survive a power cut, hence the commit that does not wait for the disk.
_WRITE = """
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
counted AS (
    INSERT INTO apitokens_apiusage (token_id, day, calls)
    SELECT %(token)s, %(day)s, 1 FROM quick WHERE %(was_let_in)s
        ON CONFLICT (token_id, day) DO UPDATE SET calls = apitokens_apiusage.calls + 1
)
INSERT INTO apitokens_apicall (user_id, token_id, at, method, path, status, ms, request_id)
SELECT %(user)s, %(token)s, %(at)s, %(method)s, %(path)s, %(status)s, %(ms)s, %(request_id)s
  FROM quick
"""
_PRUNE = """
DELETE FROM apitokens_apicall
 WHERE at < %(oldest)s
    OR id IN (SELECT id
                FROM (SELECT id, row_number() OVER (PARTITION BY user_id ORDER BY id DESC) AS place
                        FROM apitokens_apicall) AS ranked
               WHERE place > %(most)s)
"""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Call:
    """A call that is being answered; it counts once it was let in, past scopes and quotas."""

    token: ApiToken
    was_let_in: bool = False


def record(
    call: Call,
    *,
    method: str,
    path: str,
    status: int,
    ms: int,
    request_id: str,
    at: dt.datetime,
) -> None:
    """Write a call down and count it; `path` comes without its query, which may name people."""
    row: dict[str, str | int | dt.date] = {
        "user": call.token.owner_id,
        "token": call.token.pk,
        "was_let_in": call.was_let_in,
        "day": at.astimezone(dt.UTC).date(),
        "at": at,
        "method": method,
        "path": redacted(path)[:LONGEST_PATH],
        "status": status,
        "ms": ms,
        "request_id": request_id[:LONGEST_REQUEST_ID],
    }
    try:
        prepared.write(_WRITE, row)
    except Error as error:
        log.warning("apitokens.call_not_logged", token_id=call.token.pk, error=repr(error))


def prune(*, now: dt.datetime) -> int:
    """Keep each person's last calls, none of them too old; return how many were forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(_PRUNE, {"oldest": now - KEPT, "most": KEPT_CALLS})
        return int(cursor.rowcount)
