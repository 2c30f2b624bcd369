"""When a register is left alone: after failures in a row, and while enough calls are under way.

Both are kept in PostgreSQL, so that all processes know. Source: safety, F-15.
"""

import datetime as dt
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from organizations.models import Register, RegisterState

MOST_FAILURES = 5
REST = dt.timedelta(seconds=60)

_NOTE_FAILURE = """
INSERT INTO organizations_registerstate AS known
       (register, failures, rests_until, last_failure, last_failure_at)
VALUES (%(register)s, 1, NULL, %(reason)s, %(now)s)
    ON CONFLICT (register) DO UPDATE
   SET failures = known.failures + 1,
       rests_until = CASE WHEN known.failures + 1 >= %(most)s THEN %(until)s END,
       last_failure = excluded.last_failure,
       last_failure_at = excluded.last_failure_at
"""
# The lock is tried for one number after the other, until one is free.
_TAKE_SLOT = """
SELECT slot FROM generate_series(1, %(most)s) AS slot
 WHERE pg_try_advisory_lock(%(key)s, slot) LIMIT 1
"""


def lets_through(register: Register, *, now: dt.datetime) -> bool:
    """Say whether a register may be asked; of those who come after its rest, one probes.

    Whoever probes prolongs the rest, so that the others wait for what comes of it.
    """
    state = RegisterState.objects.filter(register=register).first()
    if state is None or state.rests_until is None:
        return True
    if state.rests_until > now:
        return False
    probing = RegisterState.objects.filter(register=register, rests_until__lte=now)
    return probing.update(rests_until=now + REST) == 1


def note_failure(register: Register, *, reason: str, now: dt.datetime) -> None:
    """Count one more failure in a row; from the fifth on the register rests for a minute."""
    facts: dict[str, str | int | dt.datetime] = {
        "register": register.value,
        "reason": reason[:60],
        "now": now,
        "most": MOST_FAILURES,
        "until": now + REST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_FAILURE, facts)


def note_answer(register: Register) -> None:
    """Forget the failures of a register that has answered."""
    failed = RegisterState.objects.filter(register=register, failures__gt=0)
    failed.update(failures=0, rests_until=None)


@contextmanager
def one_of_few_calls(register: Register) -> Iterator[bool]:
    """Take one of the register's places for calls; tell whether there was one.

    The places are locks of this database session, which end with it: a killed process keeps none.
    """
    facts: dict[str, int] = {
        "most": settings.COMPANY_REGISTER_CALLS_AT_ONCE,
        "key": _lock_key(register),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_SLOT, facts)
        row = cursor.fetchone()
    try:
        yield row is not None
    finally:
        if row is not None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_unlock(%(key)s, %(slot)s)", facts | {"slot": row[0]}
                )


def _lock_key(register: Register) -> int:
    """Return the register's lock: a signed number of 32 bits."""
    return zlib.crc32(f"company register {register.value}".encode()) - 2**31
