"""What registers have answered, remembered: a month for a living company, a day for any other word."""

import datetime as dt
from collections.abc import Iterable

from organizations.models import RegisterAnswer
from organizations.registers.answers import Answer, Kind
from organizations.registers.questions import Question

FOUND_IS_KEPT = dt.timedelta(days=30)
ELSE_IS_KEPT = dt.timedelta(days=1)


def recall(question: Question, *, now: dt.datetime) -> Answer | None:
    """Return the answer that still counts."""
    kept = RegisterAnswer.objects.filter(
        register=question.register, asked_number=question.number, expires_at__gt=now
    ).first()
    if kept is None:
        return None
    return Answer(kind=Kind(kept.kind), name=kept.name, number=kept.number)


def remember(question: Question, answer: Answer, *, now: dt.datetime) -> None:
    """Keep an answer in place of an older one to the same question."""
    kept_for = FOUND_IS_KEPT if answer.kind == Kind.FOUND else ELSE_IS_KEPT
    RegisterAnswer.objects.update_or_create(
        register=question.register,
        asked_number=question.number,
        defaults={
            "kind": answer.kind.value,
            "name": answer.name,
            "number": answer.number,
            "answered_at": now,
            "expires_at": now + kept_for,
        },
    )


def forget(questions: Iterable[Question]) -> None:
    """Drop what was answered, so that the next one asks anew."""
    for question in questions:
        RegisterAnswer.objects.filter(
            register=question.register, asked_number=question.number
        ).delete()


def prune(*, now: dt.datetime) -> int:
    """Forget the answers that no longer count; return how many."""
    return RegisterAnswer.objects.filter(expires_at__lte=now).delete()[0]
