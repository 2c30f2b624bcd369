"""POST /api/meeting-change and POST /api/meeting-series-retry."""

import datetime as dt
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.authentication import token_of
from apitokens.models import Scope as TokenScope
from booking import selectors_meetings
from booking.api import local_times, meeting_lookup, meeting_shapes, refusals
from booking.domain import changes, series_retries
from booking.domain.bookable_rooms import RoomNotFound
from booking.domain.booking_plans import Source
from booking.domain.change_plans import MeetingChange
from booking.domain.changes import Changes
from booking.domain.series_retries import SeriesNotFound
from booking.domain.series_scopes import OnConflict, Scope
from config import clock, rehearsal
from config.api import inputs
from config.api.envelope import done, mark_of
from config.api.errors import InvalidInput
from config.api.views import ApiView
from config.money import json_number

CHANGED = "Your meeting has been changed."
UNCHANGED = "Your meeting is already as requested."
FIELDS = (
    "bookedAt",
    "duration",
    "bookedRoom",
    "bookedUser",
    "name",
    "description",
    "isPrivate",
    "contactName",
)
TEXTS = ("name", "description", "contactName")
_ONE_OF = f"At least one of {', '.join(FIELDS[:-1])} or {FIELDS[-1]} must be provided"


class MeetingChangeView(ApiView):
    """Moves, shortens or renames a meeting, or several of a series, as a booking would be checked."""

    required_scope = {"POST": TokenScope.WRITE_BOOKINGS}

    def post(self, request: Request) -> Response:
        body = inputs.body(request)
        person, now = meeting_lookup.caller(request), clock.now()
        body.require("meetingId")
        wanted, dry_run = _read(body), body.boolean("dryRun")
        meeting = meeting_lookup.named(body, "meetingId", person=person)
        with refusals.in_api_terms(), rehearsal.transaction_unless(dry_run=dry_run):
            outcome = changes.change(meeting.id, wanted, by=person, now=now)
        return done(
            status="CHANGED",
            message=CHANGED if outcome.changed else UNCHANGED,
            data=_data(outcome, wanted.scope, now),
            **mark_of(dry_run=dry_run),
        )


def _read(body: inputs.Reader) -> MeetingChange:
    """Read the body; a blank text empties what was there, other blanks count as absent."""
    wanted = MeetingChange(
        starts_at=body.moment("bookedAt"),
        duration_minutes=local_times.minutes(body, "duration"),
        room_id=body.object_id("bookedRoom", message=RoomNotFound.message),
        attendees=body.integer("bookedUser", minimum=1),
        name=_given(body, "name", body.line("name")),
        description=_given(body, "description", body.text("description")),
        is_private=body.boolean("isPrivate") if body.raw("isPrivate") is not None else None,
        contact_name=_given(body, "contactName", body.line("contactName")),
        scope=Scope(body.choice("scope", among=list(Scope), default=Scope.THIS)),
        on_conflict=OnConflict(
            body.choice("onConflict", among=list(OnConflict), default=OnConflict.FAIL)
        ),
    )
    if not any(_is_given(body, name) for name in FIELDS):
        raise InvalidInput(_ONE_OF)
    return wanted


def _is_given(body: inputs.Reader, name: str) -> bool:
    found = body.values.get(name) if name in TEXTS else body.raw(name)
    return found is not None


def _given(body: inputs.Reader, name: str, value: str) -> str | None:
    return None if body.values.get(name) is None else value


def _data(outcome: Changes, scope: Scope, now: dt.datetime) -> dict[str, Any]:
    shown = meeting_shapes.meeting(outcome.meeting, now=now)
    data = {
        "meetingId": shown.pop("_id"),
        "fee": 0,
        "priceDifference": json_number(outcome.price_difference),
        **shown,
    }
    if scope != Scope.THIS:
        data["occurrences"] = [meeting_shapes.occurrence(one.meeting) for one in outcome.changed]
        data["skipped"] = [meeting_shapes.skipped(entry) for entry in outcome.skipped]
    return data


class MeetingSeriesRetryView(ApiView):
    """Books dates of a series that could not be had before and are free by now."""

    required_scope = {"POST": TokenScope.WRITE_BOOKINGS}

    def post(self, request: Request) -> Response:
        body = inputs.body(request)
        body.require("seriesId")
        dates, dry_run = _dates(body), body.boolean("dryRun")
        series_id = _series_id(body, request)
        with refusals.in_api_terms(), rehearsal.transaction_unless(dry_run=dry_run):
            outcome = series_retries.retry(
                series_id,
                dates=dates,
                source=Source.API,
                api_token=token_of(request),
                now=clock.now(),
            )
        occurrences = [meeting_shapes.occurrence(one) for one in outcome.meetings]
        if dry_run:  # these meetings do not stay
            occurrences = [one | {"meetingId": None} for one in occurrences]
        data = {
            "seriesId": outcome.series.id,
            "occurrences": occurrences,
            "skipped": [meeting_shapes.skipped(entry) for entry in outcome.skipped],
        }
        return done(
            status="RETRIED",
            message=f"{len(occurrences)} of the skipped dates have been booked.",
            data=data,
            **mark_of(dry_run=dry_run),
        )


def _series_id(body: inputs.Reader, request: Request) -> str:
    series_id = body.object_id("seriesId", message=SeriesNotFound.message) or ""
    person = meeting_lookup.caller(request)
    if not selectors_meetings.of_series(series_id, person=person):
        raise SeriesNotFound
    return series_id


def _dates(body: inputs.Reader) -> list[dt.date] | None:
    given = body.raw("dates")
    if given is None:
        return None
    problem = InvalidInput("Invalid dates: must be a list of dates such as 2026-01-31")
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise problem
    try:
        return [dt.datetime.strptime(each, "%Y-%m-%d").date() for each in given]  # noqa: DTZ007 - a date on the wall
    except ValueError:
        raise problem from None
