"""`GET /api/find`. Source: public-api, sections 5 and 7."""

import datetime as dt
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from booking.api import catalogue
from booking.domain import finding, rules
from booking.domain.finder import WHOLE_DAY, Match, Wish
from booking.domain.finding import Ranked, Suggestion
from config import clock, instants, money
from config.api import inputs
from config.api.envelope import ok
from config.api.errors import InvalidInput
from config.api.inputs import Reader
from config.api.views import ApiView
from config.intervals import Interval
from sites_app.domain import opening_hours
from sites_app.models import Equipment

LONGEST_DURATION = 24 * 60
MOST_PEOPLE = 100_000


class FindView(ApiView):
    """Ranked rooms and starts; prices only with a token; without result what would have to give."""

    token = "optional"  # noqa: S105 - a policy's name, not a secret
    required_scope = {"GET": "read"}

    def get(self, request: Request) -> Response:
        with_prices = request.auth is not None
        wish = _wish(inputs.query(request))
        found = finding.find(wish, with_prices=with_prices, now=clock.now())
        data = [_ranked(one, with_price=with_prices) for one in found.matches]
        if data:
            return ok(data)
        return ok(
            [], suggestions=[_suggestion(one, with_price=with_prices) for one in found.suggestions]
        )


def _wish(given: Reader) -> Wish:
    given.require("duration", "from", "to")
    start, end = _moment(given, "from"), _moment(given, "to")
    if (start.tzinfo is None) != (end.tzinfo is None):
        raise InvalidInput("Invalid to: give both moments with a zone, or none")
    return Wish(
        duration_minutes=_duration(given),
        people=_people(given),
        start=start,
        end=end,
        country=catalogue.country(given),
        site_id=given.object_id("site", message=catalogue.INVALID_SITE),
        windows=_windows(given),
        weekdays=_weekdays(given),
        equipment=_equipment(given),
    )


def _moment(given: Reader, name: str) -> dt.datetime:
    moment = given.moment(name)
    assert moment is not None
    return moment


def _duration(given: Reader) -> int:
    minutes = given.integer("duration", minimum=rules.MIN_DURATION_MINUTES) or 0
    if minutes > LONGEST_DURATION:
        raise InvalidInput(f"Invalid duration: must be at most {LONGEST_DURATION}")
    return minutes


def _people(given: Reader) -> int:
    people = given.integer("people", minimum=1, default=1) or 1
    if people > MOST_PEOPLE:
        raise InvalidInput(f"Invalid people: must be at most {MOST_PEOPLE}")
    return people


def _windows(given: Reader) -> tuple[Interval[int], ...]:
    text = given.text("windows", max_length=200)
    if not text:
        return WHOLE_DAY
    try:
        return tuple(opening_hours.parse_slots(text))
    except opening_hours.SlotFormatError as error:
        raise InvalidInput(f"Invalid windows: {error}") from None


def _weekdays(given: Reader) -> frozenset[int]:
    parts = _listed(given, "weekdays")
    if not set(parts) <= set("1234567"):
        raise InvalidInput("Invalid weekdays: must be numbers from 1 (Monday) to 7 (Sunday)")
    return frozenset(int(part) for part in parts) or frozenset(range(1, 8))


def _equipment(given: Reader) -> tuple[str, ...]:
    codes = _listed(given, "equipment")
    if not set(codes) <= set(Equipment.values):
        raise InvalidInput(f"Invalid equipment: must be among {', '.join(Equipment.values)}")
    return tuple(dict.fromkeys(codes))


def _listed(given: Reader, name: str) -> list[str]:
    parts = given.text(name, max_length=400).split(",")
    return [part.strip() for part in parts if part.strip()]


def _ranked(found: Ranked, *, with_price: bool) -> dict[str, Any]:
    return {
        **_match(found.match, with_price=with_price),
        "score": found.score,
        "why": list(found.why),
    }


def _suggestion(found: Suggestion, *, with_price: bool) -> dict[str, Any]:
    change = {"code": str(found.change), "message": found.text}
    return {**_match(found.match, with_price=with_price), "change": change}


def _match(found: Match, *, with_price: bool) -> dict[str, Any]:
    site = found.room.site
    shown = {
        "roomId": found.room.id,
        "siteId": site.id,
        "roomName": found.room.display_name,
        "siteName": site.name,
        "start": instants.written(found.starts_at),
        "end": instants.written(found.ends_at),
    }
    if not with_price:
        return shown
    return {**shown, "price": money.json_number(found.quote.net if found.quote else None)}
