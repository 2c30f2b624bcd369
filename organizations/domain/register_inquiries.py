"""Asking registers one after the other until one gives a clear word, all within one stretch of time."""

import datetime as dt
import time
from collections.abc import Sequence

import structlog

from organizations.domain import register_breakers, register_memory
from organizations.registers import questions as registers
from organizations.registers.answers import Answer, Kind, Unavailable
from organizations.registers.questions import Question

SHARE_OF_THE_NEXT = 0.5
"""Seconds that are left to each register that could be asked when this one does not answer."""

log = structlog.get_logger(__name__)


def inquire(
    questions: Sequence[Question], *, seconds: float, now: dt.datetime
) -> tuple[Question, Answer] | None:
    """Return the first clear word and the question it answers, None when none comes in time.

    What was answered lately is not asked again. Call it outside transactions.
    """
    for question in questions:
        if (remembered := register_memory.recall(question, now=now)) is not None:
            return question, remembered
    deadline = time.monotonic() + seconds
    asked = [question for question in questions if registers.is_on(question.register)]
    for left_after, question in zip(range(len(asked) - 1, -1, -1), asked, strict=True):
        share = deadline - time.monotonic() - left_after * SHARE_OF_THE_NEXT
        answer = _word(question, seconds=share, now=now) if share > 0 else None
        if answer is not None:
            register_memory.remember(question, answer, now=now)
            return question, answer
    return None


def _word(question: Question, *, seconds: float, now: dt.datetime) -> Answer | None:
    try:
        answer = _ask(question, seconds=seconds, now=now)
    except Unavailable as refusal:
        log.warning("register.unavailable", register=question.register.value, reason=refusal.reason)
        return None
    return answer if question.denies or answer.kind != Kind.UNKNOWN else None


def _ask(question: Question, *, seconds: float, now: dt.datetime) -> Answer:
    """Ask unless the register rests or is busy, and note how it fared."""
    with register_breakers.one_of_few_calls(question.register) as has_place:
        if not has_place:
            raise Unavailable("busy", is_fault=False)
        if not register_breakers.lets_through(question.register, now=now):
            raise Unavailable("resting", is_fault=False)
        try:
            answer = question.ask(seconds=seconds)
        except Unavailable as refusal:
            if refusal.is_fault:
                register_breakers.note_failure(question.register, reason=refusal.reason, now=now)
            raise
        register_breakers.note_answer(question.register)
    return answer
