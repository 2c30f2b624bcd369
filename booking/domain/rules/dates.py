"""The rule of dates: not in the past, and not too soon."""

from collections.abc import Iterator

from booking.domain.rules import starts
from booking.domain.rules.facts import BookingContext, Code, Violation
from sites_app.domain import opening_hours


def violations(ctx: BookingContext) -> Iterator[Violation]:
    """Tell that the meeting is past, or nearer than a new person may book."""
    earliest = starts.earliest_allowed(ctx)
    if ctx.starts_at >= earliest:
        return
    code, message, message_fr = _date_sentence(ctx)
    yield Violation(
        code=code,
        message=message,
        message_fr=message_fr,
        until=earliest,
        earliest_ok=starts.first_fitting_start(ctx),
    )


def _counts_in_days(ctx: BookingContext) -> bool:
    return ctx.is_new_person and ctx.new_person_min_days > 0


def _date_sentence(ctx: BookingContext) -> tuple[Code, str, str]:
    if not _counts_in_days(ctx):
        return (
            Code.IN_THE_PAST,
            "Cannot book meetings for past dates",
            "Impossible de réserver à une date passée",
        )
    wanted = opening_hours.local_day(ctx.starts_at, tz=ctx.tz)
    if wanted <= opening_hours.local_day(ctx.now, tz=ctx.tz):
        return (
            Code.TODAY_OR_PAST,
            "Cannot book meetings for today or past dates",
            "Impossible de réserver pour aujourd'hui ou à une date passée",
        )
    days = ctx.new_person_min_days
    return (
        Code.NOTICE_TOO_SHORT,
        f"Meetings must be booked at least {days} days in advance",
        f"Les réunions doivent être réservées au moins {days} jours à l'avance",
    )
