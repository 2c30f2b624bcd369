"""Skipped dates of a series, tried again: what has become free is booked, the rest stays skipped.

Source: booking rule R16, "visible skipped dates that can be retried".
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from apitokens.models import ApiToken
from booking.domain import booking_writes, reservations, series_requests, series_writes
from booking.domain.booking_plans import InvalidStart, MeetingRequest, Plan, Source
from booking.domain.change_plans import ArchivedOwner, NotChangeable
from booking.domain.meetings import ChangedMeanwhile
from booking.domain.series_scopes import Skipped
from booking.models import Meeting, MeetingSeries, MeetingStatus
from config.errors import DomainError


class SeriesNotFound(DomainError):
    """No series has that id."""

    code = "SERIES_NOT_FOUND"
    status = 404
    message = "Series not found"


class NotSkipped(DomainError):
    """A date was named that the series did not skip."""

    code = "NOT_SKIPPED"

    def __init__(self, on: dt.date) -> None:
        super().__init__(f"Invalid dates: {on.isoformat()} is not a skipped date of this series")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """What was booked now, and the dates that stay skipped, with the reason of today."""

    series: MeetingSeries
    meetings: tuple[Meeting, ...]
    skipped: tuple[Skipped, ...]


def retry(
    series_id: str,
    *,
    dates: Collection[dt.date] | None,
    source: Source,
    api_token: ApiToken | None,
    now: dt.datetime,
) -> Retried:
    """Book the skipped dates that are free by now, all of them or those named, and tell the person once.

    :raises SeriesNotFound: :raises NotSkipped: :raises NotChangeable: when nothing of it is left.
    :raises RoomNotPublic: :raises ContractRequired: :raises ArchivedOwner:
    :raises TooManyOpenRequests: :raises PersonChanged:
    :raises ChangedMeanwhile: when the series went to another room in this moment.
    """
    return reservations.in_transaction(
        lambda: _retry(series_id, dates, source=source, api_token=api_token, now=now)
    )


def _retry(
    series_id: str,
    dates: Collection[dt.date] | None,
    *,
    source: Source,
    api_token: ApiToken | None,
    now: dt.datetime,
) -> Retried:
    series, room_ids = _locked(series_id)
    skipped = {entry.on: entry for entry in map(Skipped.read, series.skipped)}
    chosen = _chosen(dates, skipped)
    if not chosen:
        return Retried(series=series, meetings=(), skipped=tuple(skipped.values()))
    plan = _plan(series, source=source, api_token=api_token)
    wanted = _wanted(plan, series, chosen, skipped)
    refused = series_requests.refusals(wanted, now=now)
    for on in refused:
        del wanted[on]
    booked = series_writes.book(wanted, series, room_ids=room_ids, now=now)
    for on, refusal in {**refused, **booked.refused}.items():
        skipped[on] = Skipped.because(refusal, on=on)
    left = tuple(entry for on, entry in skipped.items() if on not in booked.meetings)
    series_writes.remember(series, left)
    meetings = tuple(booked.meetings.values())
    if meetings:
        series_writes.tell(meetings, plan, (), now=now)
    return Retried(series=series, meetings=meetings, skipped=left)


def _locked(series_id: str) -> tuple[MeetingSeries, list[str]]:
    """Lock the series' room with its parts, then the series; return it and the rooms' ids."""
    room_ids = reservations.lock_rooms(_series(series_id).room_id)
    series = _series(series_id, locked=True)
    if series.room_id not in room_ids:  # who moved it held the room that it left
        raise ChangedMeanwhile
    return series, room_ids


def _chosen(dates: Collection[dt.date] | None, skipped: Mapping[dt.date, Skipped]) -> list[dt.date]:
    """List in order the dates to try, all of those skipped unless some are named."""
    chosen = sorted(skipped if dates is None else set(dates))
    for on in chosen:
        if on not in skipped:
            raise NotSkipped(on)
    return chosen


def _series(series_id: str, *, locked: bool = False) -> MeetingSeries:
    found = MeetingSeries.objects.filter(id=series_id)
    series = (found.select_for_update() if locked else found).first()
    if series is None:
        raise SeriesNotFound
    return series


def _plan(series: MeetingSeries, *, source: Source, api_token: ApiToken | None) -> Plan:
    """Plan like the series' last meeting, in the room and for the time that the series has now."""
    like = (
        Meeting.objects.select_related("organizer__organization")
        .filter(series=series, status__in=(MeetingStatus.CONFIRMED, MeetingStatus.PENDING))
        .order_by("-starts_at", "-id")
        .first()
    )
    if like is None:
        raise NotChangeable
    request = MeetingRequest(
        room_id=series.room_id,
        contact_email=like.contact_email,
        starts_at=like.starts_at,
        duration_minutes=series.duration_minutes,
        contact_name=like.contact_name,
        attendees=like.attendees,
        name=like.name,
        description=like.description,
        language=like.language,
        is_private=like.is_private,
        source=source,
        member=like.organizer if source == Source.WEB else None,
        api_token=api_token,
        terms_accepted_at=like.terms_accepted_at,
    )
    plan = Plan.make(request)
    if plan.person is not None and plan.person.counts_as_archived:
        raise ArchivedOwner
    booking_writes.lock(plan)  # of the person: the rooms are locked
    return plan


def _wanted(
    plan: Plan, series: MeetingSeries, chosen: list[dt.date], skipped: dict[dt.date, Skipped]
) -> dict[dt.date, Plan]:
    """Plan each chosen date; those whose time the clocks skip stay skipped, with that reason."""
    wanted = {}
    for on in chosen:
        try:
            wall = dt.datetime.combine(on, series.wall_time)
            wanted[on] = series_requests.at(plan, wall)
        except InvalidStart as refusal:
            skipped[on] = Skipped.because(refusal, on=on)
    return wanted
