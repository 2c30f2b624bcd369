"""`POST` and `DELETE /api/waitlist`. Source: public-api, section 5."""

import datetime as dt

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.authentication import token_of
from apitokens.models import Scope
from booking.api import refusals
from booking.api.meeting_requests import MESSAGES, MalformedRoomId
from booking.domain import waitlist
from booking.domain.outcomes import OutcomeStatus
from booking.domain.waitlist import Place, WaitWish
from config import clock, ids
from config.api import inputs
from config.api.envelope import done, mark_of
from config.api.errors import InvalidInput
from config.api.inputs import Reader
from config.api.views import ApiView
from organizations.models import Language

LONGEST_DURATION = 24 * 60
JOINED = "You are on the waiting list. We write as soon as a fitting slot frees."
LEFT = "You have left the waiting list."


class WaitlistView(ApiView):
    """Gives a place on the waiting list, or gives one up."""

    required_scope = {"POST": Scope.WRITE_BOOKINGS, "DELETE": Scope.WRITE_BOOKINGS}

    def post(self, request: Request) -> Response:
        wish = _wish(inputs.body(request), token_id=token_of(request).pk)
        with refusals.in_api_terms():
            place = waitlist.join(wish, now=clock.now())
        return _joined(place, dry_run=wish.dry_run)

    def delete(self, request: Request) -> Response:
        given = inputs.query(request)
        if given.raw("waitlistId") is None and request.data:
            given = inputs.body(request)
        given.require("waitlistId")
        entry_id = given.object_id("waitlistId", message="Invalid waitlistId format")
        entry = waitlist.leave(entry_id or "", asker=token_of(request).owner)
        return done(status="LEFT", message=LEFT, data={"waitlistId": entry.id})


def _wish(body: Reader, *, token_id: str) -> WaitWish:
    if body.raw("room") is None and body.raw("site") is None:
        raise InvalidInput("Missing required parameter: room")
    body.require("from", "to", "duration", "contactEmail")
    room = body.text("room")
    if room and not ids.normalise(room):
        raise MalformedRoomId
    duration = body.integer("duration", minimum=1) or 0
    if duration > LONGEST_DURATION:
        raise InvalidInput(f"Invalid duration: must be at most {LONGEST_DURATION}")
    return WaitWish(
        room_id=ids.normalise(room),
        site_id=body.object_id("site", message="Invalid site ID format."),
        start=_moment(body, "from"),
        end=_moment(body, "to"),
        duration_minutes=duration,
        people=body.integer("people", minimum=1, default=1) or 1,
        contact_email=body.text("contactEmail"),
        contact_name=body.line("contactName"),
        language=body.choice("language", among=Language.values),
        api_token_id=token_id,
        dry_run=body.boolean("dryRun"),
    )


def _moment(body: Reader, name: str) -> dt.datetime:
    moment = body.moment(name)
    assert moment is not None
    return moment


def _joined(place: Place, *, dry_run: bool) -> Response:
    beside = mark_of(dry_run=dry_run)
    if place.is_archived:
        message = MESSAGES[OutcomeStatus.ARCHIVED]
        return done(status="ARCHIVED", message=message, data=None, **beside)
    data = {"waitlistId": place.entry_id, "position": place.position}
    return done(status="WAITING", message=JOINED, data=data, **beside)
