"""Scopes: which meetings of a series a change or a cancellation means.

What has begun is never among them, nor what belongs to somebody else.
Source: booking rule R16; public-api, section 7, `scope`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from booking.domain import meetings
from booking.models import Meeting
from config.errors import DomainError


class Scope(StrEnum):
    """This meeting alone, with those after it, or all that are still to come."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


class OnConflict(StrEnum):
    """Whether a date that cannot be had is left out, or nothing is done at all."""

    SKIP = "skip"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A date (the site's) that could not be had, and why; `meeting_id` names what stayed as it was."""

    on: dt.date
    code: str
    message: str
    meeting_id: str | None = None

    @classmethod
    def because(
        cls, refusal: DomainError, *, on: dt.date, meeting_id: str | None = None
    ) -> "Skipped":
        broken = getattr(refusal, "violations", None)
        code = broken[0].code if broken else refusal.code
        return cls(on=on, code=code, message=refusal.message, meeting_id=meeting_id)

    @classmethod
    def read(cls, stored: Mapping[str, str]) -> "Skipped":
        """Read a date as its series keeps it."""
        on = dt.date.fromisoformat(stored["date"])
        return cls(on=on, code=stored["code"], message=stored["message"])

    def stored(self) -> dict[str, str]:
        """Return the date as its series keeps it, to be tried again."""
        return {"date": self.on.isoformat(), "code": self.code, "message": self.message}


def local_date(meeting: Meeting) -> dt.date:
    """Return the date of a meeting, its room and site loaded, on the site's wall."""
    return meeting.starts_at.astimezone(ZoneInfo(meeting.room.site.time_zone)).date()


def targets(anchor: Meeting, scope: Scope, *, now: dt.datetime) -> QuerySet[Meeting]:
    """Select the meetings meant, by id: the anchor whatever its state, others while they may change."""
    wanted = Q(id=anchor.id)
    if scope != Scope.THIS and anchor.series_id:
        wanted |= _of_same_owner(anchor, now=now) & _from(anchor, scope)
    return Meeting.objects.select_related(*meetings.WITH).filter(wanted).order_by("id")


def locked(anchor: Meeting, scope: Scope, *, now: dt.datetime) -> list[Meeting]:
    """Lock the meetings meant, in id order."""
    ids = meetings.lock(targets(anchor, scope, now=now))
    return list(targets(anchor, scope, now=now).filter(id__in=ids))


def _of_same_owner(anchor: Meeting, *, now: dt.datetime) -> Q:
    return Q(
        meetings.live(now=now),
        series=anchor.series_id,
        starts_at__gt=now,
        contact_email=anchor.contact_email,
        organization=anchor.organization_id,
    )


def _from(anchor: Meeting, scope: Scope) -> Q:
    return Q(starts_at__gte=anchor.starts_at) if scope == Scope.FOLLOWING else Q()
