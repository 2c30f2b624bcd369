"""The rules of sizes: how long a meeting is, and how many people come."""

from collections.abc import Iterator

from booking.domain.rules.facts import MIN_DURATION_MINUTES, BookingContext, Code, Violation


def violations(ctx: BookingContext) -> Iterator[Violation]:
    """List what is wrong with the duration, then that too many come."""
    yield from duration_violations(
        ctx.duration_minutes,
        shortest=ctx.min_duration_minutes,
        longest=ctx.max_duration_minutes,
        step=ctx.step_minutes,
    )
    yield from people_violations(ctx.attendees, most=ctx.max_persons)


def duration_violations(
    minutes: int, *, shortest: int, longest: int, step: int
) -> Iterator[Violation]:
    """Tell what is wrong with a duration by a room's limits, of which 0 is none."""
    if minutes < MIN_DURATION_MINUTES:
        yield Violation(
            code=Code.DURATION_TOO_SHORT,
            message=f"Duration must be at least {MIN_DURATION_MINUTES} minutes",
            message_fr=f"La durée doit être d'au moins {MIN_DURATION_MINUTES} minutes",
        )
    is_too_short = shortest > 0 and minutes < shortest
    if is_too_short or 0 < longest < minutes:
        yield _out_of_range(shortest, longest)
    if step > 0 and minutes % step:
        yield Violation(
            code=Code.DURATION_STEP,
            message=f"Duration must be a multiple of {step} minutes",
            message_fr=f"La durée doit être un multiple de {step} minutes",
        )


def _out_of_range(shortest: int, longest: int) -> Violation:
    if shortest and longest:
        limits, limits_fr = f"between {shortest} and {longest}", f"entre {shortest} et {longest}"
    elif shortest:
        limits, limits_fr = f"at least {shortest}", f"d'au moins {shortest}"
    else:
        limits, limits_fr = f"at most {longest}", f"d'au plus {longest}"
    return Violation(
        code=Code.DURATION_OUT_OF_RANGE,
        message=f"Duration must be {limits} minutes",
        message_fr=f"La durée doit être {limits_fr} minutes",
    )


def people_violations(attendees: int, *, most: int) -> Iterator[Violation]:
    """Tell that too many come for a room, of which 0 holds any number."""
    if 0 < most < attendees:
        noun, noun_fr = ("person", "personne") if most == 1 else ("persons", "personnes")
        yield Violation(
            code=Code.TOO_MANY_PEOPLE,
            message=f"This room holds at most {most} {noun}",
            message_fr=f"Cette salle accueille au plus {most} {noun_fr}",
        )
