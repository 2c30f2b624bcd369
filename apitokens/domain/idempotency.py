"""Idempotency: a call that is sent again under the same key has its effect once and gets its first answer.

While a call runs, its connection holds a lock of the database that dies with the connection: a
killed process leaves nothing behind. The answer is written in the transaction of the effect, so
that both stand or fall.
Source: public-api, sections 1 and 6, Idempotency; safety, S-60 and F-10.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import Error, IntegrityError, connection, transaction

from apitokens.models import IdempotentAnswer
from config import sealing
from config.errors import DomainError

KEPT = dt.timedelta(hours=24)
MAX_KEY_LENGTH = 255
FINAL_REFUSALS = (400, 404, 422)
"""Refusals that the same call would meet again, so that they are kept like answers."""

log = structlog.get_logger(__name__)


class InvalidKey(DomainError):
    """The key is blank, too long, or holds more than visible ASCII."""

    code = "INVALID_IDEMPOTENCY_KEY"
    message = f"Invalid Idempotency-Key: must have 1 to {MAX_KEY_LENGTH} ASCII characters"


class KeyReused(DomainError):
    """The key belongs to a call with another body."""

    code = "IDEMPOTENCY_KEY_REUSED"
    status = 422
    message = "This Idempotency-Key was already used with another body"


class KeyInFlight(DomainError):
    """The first call with this key is still running."""

    code = "IDEMPOTENCY_KEY_IN_FLIGHT"
    status = 409
    message = "A call with this Idempotency-Key is still in progress, please retry"
    headers = {"Retry-After": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One call as its key names it: the same token, path and key mean the same call."""

    token_id: str
    path: str
    key: str
    body_hash: str

    @classmethod
    def make(cls, *, token_id: str, path: str, key: str, body: Any) -> "Claim":
        """Name a call; a slash at the end of the path makes no difference.

        :raises InvalidKey:
        """
        if not 0 < len(key) <= MAX_KEY_LENGTH or not (key.isascii() and key.isprintable()):
            raise InvalidKey
        return cls(token_id=token_id, path=path.rstrip("/"), key=key, body_hash=digest(body))

    @property
    def lock(self) -> int:
        """The number of its lock: 64 bits, signed."""
        name = "\n".join((self.token_id, self.path, self.key))
        return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a caller was told."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_final(self) -> bool:
        """Whether the same call, sent again, must get this answer and not another try."""
        return 200 <= self.status < 300 or self.status in FINAL_REFUSALS


def digest(body: Any) -> str:
    """Return a name for parsed JSON: equal for equal values, however they were spelt and ordered."""
    return hashlib.sha256(json.dumps(_plain(body), sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@contextmanager
def held(claim: Claim) -> Iterator[None]:
    """Keep every other call with this key out, in whatever process, until this one is through.

    :raises KeyInFlight: when another one has it.
    """
    if not _ask("SELECT pg_try_advisory_lock(%s)", claim.lock):
        raise KeyInFlight
    try:
        yield
    finally:
        _let_go(claim)


def _let_go(claim: Claim) -> None:
    try:
        _ask("SELECT pg_advisory_unlock(%s)", claim.lock)
    except Error as error:  # the effect has long been committed, or never will be
        log.warning("apitokens.idempotency_lock_lost", error=repr(error))
        connection.close()


def _ask(question: str, lock: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [lock])
        return bool(cursor.fetchone()[0])


def known_answer(claim: Claim, *, now: dt.datetime) -> Answer | None:
    """Return what the call was told when it came first, within the last 24 hours.

    :raises KeyReused: when the key came with another body then.
    """
    known = _rows(claim).filter(created_at__gt=now - KEPT).first()
    if known is None:
        return None
    if known.body_hash != claim.body_hash:
        raise KeyReused
    return Answer(known.status, known.headers, sealing.unseal(known.body).encode())


def keep(claim: Claim, answer: Answer, *, now: dt.datetime) -> None:
    """Write an answer down in the caller's transaction, over one that is too old to be given again.

    :raises KeyInFlight: when this call lost its lock and another one was faster.
    """
    try:
        with transaction.atomic():
            _rows(claim).filter(created_at__lte=now - KEPT).delete()
            _create(claim, answer, now=now)
    except IntegrityError as error:
        raise KeyInFlight from error


def _create(claim: Claim, answer: Answer, *, now: dt.datetime) -> None:
    IdempotentAnswer.objects.create(
        token_id=claim.token_id,
        path=claim.path,
        key=claim.key,
        body_hash=claim.body_hash,
        status=answer.status,
        headers=dict(answer.headers),
        body=sealing.seal(answer.body.decode()),
        created_at=now,
    )


def prune(*, now: dt.datetime) -> int:
    """Forget what is too old to be given again; return how many."""
    return IdempotentAnswer.objects.filter(created_at__lte=now - KEPT).delete()[0]


def _rows(claim: Claim) -> Any:
    return IdempotentAnswer.objects.filter(token=claim.token_id, path=claim.path, key=claim.key)
