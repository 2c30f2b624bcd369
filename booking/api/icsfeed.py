"""GET /api/icsfeed: rooms' meetings as a calendar that programs subscribe to."""

import datetime as dt

from django.http import HttpRequest, HttpResponse

from apitokens.authentication import caller_of
from apitokens.models import Scope
from booking.domain import catalogue_cache, feeds
from booking.domain.catalogue_cache import Built
from config import clock, ids
from config.api import conditional
from config.api.errors import InvalidInput
from config.api.inputs import Reader, query
from config.api.reads import public_read

CALENDAR = "text/calendar; charset=utf-8"
FILE_NAME = "calendar.ics"


@public_read
def icsfeed(request: HttpRequest) -> HttpResponse:
    """Answer with the calendar; with 304, and without reading a meeting, when the caller has it."""
    caller = caller_of(request, scope=Scope.READ)
    params = query(request)
    room_ids = _room_ids(params)
    now = clock.now()
    start, end = _range(params, now=now)

    def build() -> Built:
        feed = feeds.of_rooms(room_ids, sees_all=caller is not None, start=start, end=end, now=now)
        found = conditional.represent(feed.body, content_type=CALENDAR)
        return Built(found, feed.next_change_at)

    key = ("icsfeed", room_ids, start, end, caller is not None)
    answer = catalogue_cache.serve(key, build=build, now=now, room_ids=room_ids)
    response = conditional.respond(
        request,
        answer,
        cache_control=conditional.PRIVATE if caller else conditional.PUBLIC,
        headers=caller.headers if caller else None,
    )
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


def _room_ids(params: Reader) -> tuple[str, ...]:
    """Read the ids, each once, sorted: the same rooms in another order are the same feed."""
    parts = str(params.raw("rooms") or "").split(",")
    found = [ids.normalise(part.strip()) for part in parts]
    known = sorted({id_ for id_ in found if id_ is not None})
    if None in found or not known:
        raise feeds.BadRooms
    if len(known) > feeds.MAX_ROOMS:
        raise feeds.TooManyRooms
    return tuple(known)


def _range(params: Reader, *, now: dt.datetime) -> tuple[dt.datetime, dt.datetime | None]:
    """Read `from` and `to`, in UTC where no zone is given; without `from`, midnight a year ago."""
    start, end = _utc(params.moment("from")), _utc(params.moment("to"))
    if start is None:
        first_day = (now - feeds.DEFAULT_PAST).date()
        start = dt.datetime.combine(first_day, dt.time(), tzinfo=dt.UTC)
    if end is not None and end <= start:
        raise InvalidInput("Invalid to: must be after from")
    return start, end


def _utc(moment: dt.datetime | None) -> dt.datetime | None:
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=dt.UTC)
