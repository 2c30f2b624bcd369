"""GET /api/meeting and GET /api/meeting-series: what became of bookings."""

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.models import Scope
from booking import selectors_meetings
from booking.api import meeting_lookup, meeting_shapes
from booking.domain.series_retries import SeriesNotFound
from booking.domain.series_scopes import Skipped
from config import clock
from config.api import inputs
from config.api.envelope import ok
from config.api.views import ApiView


class MeetingView(ApiView):
    """Reads one meeting that the token's owner made or that belongs to its organization."""

    required_scope = {"GET": Scope.READ}

    def get(self, request: Request) -> Response:
        given = inputs.query(request)
        found = meeting_lookup.named(given, "id", person=meeting_lookup.caller(request))
        return ok(meeting_shapes.meeting(found, now=clock.now()))


class MeetingSeriesView(ApiView):
    """Reads a series: its rule, its meetings, and the dates that could not be had."""

    required_scope = {"GET": Scope.READ}

    def get(self, request: Request) -> Response:
        given = inputs.query(request)
        given.require("id")
        series_id = given.object_id("id", message=SeriesNotFound.message) or ""
        person = meeting_lookup.caller(request)
        found = selectors_meetings.of_series(series_id, person=person)
        series = found[0].series if found else None
        if series is None:
            raise SeriesNotFound
        skipped = [Skipped.read(entry) for entry in series.skipped]
        return ok(
            {
                "seriesId": series.id,
                "rule": series.rule,
                "occurrences": [meeting_shapes.occurrence(one) for one in found],
                "skipped": [meeting_shapes.skipped(entry) for entry in skipped],
            }
        )
