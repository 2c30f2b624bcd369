"""POST /api/meeting-request."""

import datetime as dt
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.authentication import token_of
from apitokens.models import ApiToken, Scope
from booking.api import local_times, meeting_shapes, refusals
from booking.domain import meeting_requests, quote_tokens, series_requests
from booking.domain.bookable_rooms import RoomNotFound
from booking.domain.meeting_requests import MeetingOutcome, MeetingRequest, OutcomeStatus
from booking.domain.series_requests import SeriesOutcome, SeriesWish
from booking.domain.series_scopes import OnConflict
from config import clock, ids
from config.api import inputs
from config.api.envelope import done, mark_of
from config.api.errors import InvalidInput
from config.api.views import ApiView
from organizations.domain import accounts
from organizations.models import Language

MESSAGES = {
    OutcomeStatus.ACCEPTED: "Your booking has been confirmed.",
    OutcomeStatus.REQUEST_ACCEPTED: (
        "Your meeting request has been received. "
        "Please complete your registration to confirm the booking."
    ),
    OutcomeStatus.ARCHIVED: (
        "Your account is no longer valid. Please contact an administrator to restore it."
    ),
}


class MalformedRoomId(RoomNotFound):
    """An id that cannot be any room's. Source: Public API, "Invalid room ID"."""

    status = 400


class MeetingRequestView(ApiView):
    """Books a room: at once for existing people, held until registration for new ones."""

    required_scope = {"POST": Scope.WRITE_BOOKINGS}

    def post(self, request: Request) -> Response:
        wanted = _read(inputs.body(request), token=token_of(request))
        series = _series(inputs.body(request))
        with refusals.in_api_terms():
            if series is None:
                outcome = meeting_requests.request_meeting(wanted, now=clock.now())
                data = _data(outcome)
            else:
                booked = series_requests.request_series(wanted, series, now=clock.now())
                outcome, data = booked.first, _series_data(booked, dry_run=wanted.dry_run)
        beside = mark_of(dry_run=wanted.dry_run)
        return done(status=outcome.status, message=MESSAGES[outcome.status], data=data, **beside)


def _read(body: inputs.Reader, *, token: ApiToken) -> MeetingRequest:
    """Read the body: first all fields and their types, then the form of address and room id."""
    body.require("contactEmail", "bookedRoom", "bookedAt", "duration")
    email, room = body.text("contactEmail"), body.text("bookedRoom")
    quote_token = body.text("quoteToken")
    wanted = MeetingRequest(
        room_id=ids.normalise(room) or "",
        contact_email=email,
        starts_at=_required(body.moment("bookedAt")),
        duration_minutes=_required(local_times.minutes(body, "duration")),
        contact_name=body.line("contactName"),
        attendees=body.integer("bookedUser", minimum=1) or _persons(quote_token),
        name=body.line("name"),
        description=body.text("description"),
        language=body.choice("language", among=Language.values),
        is_private=body.boolean("isPrivate"),
        api_token=token,
        quote_token=quote_token,
        dry_run=body.boolean("dryRun"),
    )
    accounts.normalise_email(email)
    if not wanted.room_id:
        raise MalformedRoomId
    return wanted


def _persons(quote_token: str) -> int:
    """Return how many come when nobody says: as many as were quoted, else one."""
    return quote_tokens.read(quote_token).persons if quote_token else 1


def _series(body: inputs.Reader) -> SeriesWish | None:
    """Read how the meeting repeats, if it does."""
    given = body.raw("series")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise InvalidInput('Invalid series: must be an object such as {"rule": "FREQ=…"}')
    series = inputs.Reader({f"series.{name}": value for name, value in given.items()})
    series.require("series.rule")
    chosen = series.choice("series.onConflict", among=list(OnConflict), default=OnConflict.FAIL)
    return SeriesWish(
        rule=series.text("series.rule", max_length=200), on_conflict=OnConflict(chosen)
    )


def _required(value: Any) -> Any:
    if value is None:
        raise InvalidInput("Invalid body")
    return value


def _data(outcome: MeetingOutcome) -> dict[str, Any] | None:
    if outcome.status == OutcomeStatus.ARCHIVED:
        return None
    date, time = f"{outcome.starts_at:%Y-%m-%d}", _clock_span(outcome.starts_at, outcome.ends_at)
    if outcome.status == OutcomeStatus.ACCEPTED:
        return {
            "meetingId": outcome.meeting_id,
            "roomName": outcome.room_name,
            "bookedDate": date,
            "bookedTime": time,
            "duration": outcome.duration_minutes,
        }
    return {
        "meetingRequestId": outcome.meeting_id,
        "userId": outcome.person_id,
        "roomName": outcome.room_name,
        "requestedDate": date,
        "requestedTime": time,
        "duration": outcome.duration_minutes,
    }


def _series_data(booked: SeriesOutcome, *, dry_run: bool) -> dict[str, Any] | None:
    data = _data(booked.first)
    if data is None or booked.series is None:
        return data
    occurrences = [meeting_shapes.occurrence(one) for one in booked.meetings]
    if dry_run:  # none of this stays
        occurrences = [one | {"meetingId": None} for one in occurrences]
    return data | {
        "seriesId": None if dry_run else booked.series.id,
        "occurrences": occurrences,
        "skipped": [meeting_shapes.skipped(entry) for entry in booked.skipped],
    }


def _clock_span(start: dt.datetime, end: dt.datetime) -> str:
    return f"{start:%H:%M}-{end:%H:%M}"
