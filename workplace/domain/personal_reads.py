"""A log of who was told when named people come and came. Source: Workplace API, section 9."""

import datetime as dt
from collections.abc import Iterable

from workplace.models import PersonalRead, ReadKind

KEPT = dt.timedelta(days=365)


def prune(*, now: dt.datetime) -> int:
    """Forget readings of more than a year ago; return how many."""
    return PersonalRead.objects.filter(at__lt=now - KEPT).delete()[0]


def note(
    kind: ReadKind, *, token_id: str, person_ids: Iterable[str], rows: int, now: dt.datetime
) -> None:
    """Write down that a key was told `rows` records of these people (none named: of all it may see)."""
    PersonalRead.objects.create(
        kind=kind, api_token_id=token_id, people=sorted(set(person_ids)), rows=rows, at=now
    )
