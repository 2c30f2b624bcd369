"""Finding a room: the free ones ranked, each with its reasons; without any, what would have to give.

Source: public-api, section 5, `/api/find`; section 7.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from booking import selectors_finder
from booking.domain import finder, refused_demand, room_quotes
from booking.domain.finder import Calendars, Look, Match, Wish
from sites_app.models import Room

AROUND = dt.timedelta(days=7)
MOST_ON_OTHER_DAYS = 20
"""How many of the fitting rooms are looked at before and after the time wished, the smallest first."""
STEP_MINUTES = 30
SOON, SIZE, PRICE = 40, 30, 30
"""How many points of a hundred a start that is soon, a fitting size and a low price are worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A match, its points out of a hundred, and why it is good."""

    match: Match
    score: int
    why: tuple[str, ...]


class Change(StrEnum):
    """What somebody would have to give up."""

    TIME_OF_DAY = "TIME_OF_DAY"
    WEEKDAY = "WEEKDAY"
    DATES = "DATES"
    EQUIPMENT = "EQUIPMENT"
    PEOPLE = "PEOPLE"
    PLACE = "PLACE"
    DURATION = "DURATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A near miss: what is free if one part of the wish gives way, and that in words."""

    match: Match
    change: Change
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best matches first, at most 50; without any, suggestions."""

    matches: tuple[Ranked, ...]
    suggestions: tuple[Suggestion, ...] = ()


def find(wish: Wish, *, with_prices: bool, now: dt.datetime) -> Found:
    """Find free rooms and starts. Prices rank, and are spoken of, only `with_prices`.

    A search without result is counted as refused demand.

    :raises WindowRefused: :raises SiteNotFound:
    """
    finder.check(wish)
    look = finder.look(wish, now=now)
    if look.matches:
        return Found(matches=tuple(_best(look.matches, wish, with_prices=with_prices)))
    _note(wish, look.rooms, now=now)
    return Found(matches=(), suggestions=tuple(_suggestions(wish, look, now=now)))


def _best(found: Sequence[Match], wish: Wish, *, with_prices: bool) -> Iterator[Ranked]:
    measure = _Measure.of(found, wish, with_prices=with_prices)
    scored = sorted(
        ((measure.score(match), match) for match in found),
        key=lambda pair: (-pair[0], pair[1].starts_at, pair[1].room.id),
    )
    for score, match in scored[: finder.MOST]:
        yield Ranked(match=match, score=round(score), why=tuple(measure.why(match)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measure:
    """What the best of all matches are like, against which each is held."""

    wish: Wish
    soonest: dt.datetime
    latest: dt.datetime
    fitting: int
    cheapest: Decimal | None

    @classmethod
    def of(cls, found: Sequence[Match], wish: Wish, *, with_prices: bool) -> "_Measure":
        prices = [match.quote.net for match in found if match.quote] if with_prices else []
        return cls(
            wish=wish,
            soonest=min(match.starts_at for match in found),
            latest=max(match.starts_at for match in found),
            fitting=min((_size(match.room) for match in found if _size(match.room)), default=0),
            cheapest=min(prices, default=None),
        )

    def score(self, match: Match) -> float:
        span = (self.latest - self.soonest) / dt.timedelta(minutes=1) or 1.0
        late = (match.starts_at - self.soonest) / dt.timedelta(minutes=1) / span
        size = _size(match.room)
        fit = min(1.0, self.wish.people / size) if size else 0.5
        points = SOON * (1 - late) + SIZE * fit
        if self.cheapest is None:
            return points * 100 / (SOON + SIZE)
        return points + PRICE * self._cheapness(match)

    def _cheapness(self, match: Match) -> float:
        if match.quote is None or self.cheapest is None:
            return 0.0
        return float(self.cheapest / match.quote.net) if match.quote.net > 0 else 1.0

    def why(self, match: Match) -> Iterator[str]:
        yield f"Free {_spoken(match)}"
        if match.starts_at == self.soonest:
            yield "The earliest start of all"
        if size := _size(match.room):
            best = ", the closest fit" if size == self.fitting else ""
            yield f"Holds {size} {'person' if size == 1 else 'persons'}{best}"
        if self.cheapest is not None and match.quote and match.quote.net == self.cheapest:
            yield "The lowest price of all"
        if self.wish.equipment:
            yield f"Has {', '.join(self.wish.equipment)}"


def _size(room: Room) -> int:
    return room.max_person or room.nb_seat


def _spoken(match: Match) -> str:
    tz = ZoneInfo(match.room.site.time_zone)
    start, end = match.starts_at.astimezone(tz), match.ends_at.astimezone(tz)
    return f"on {start:%A} {start.day} {start:%B %Y}, {start:%H:%M}-{end:%H:%M}"


def _suggestions(wish: Wish, look: Look, *, now: dt.datetime) -> Iterator[Suggestion]:
    """Let one part of the wish give way after the other; the earliest start of each is a near miss.

    What stays at the rooms and in the time that were looked at needs no second look.
    """
    for change, looser in _same_rooms_and_time(wish):
        yield from _near_miss(change, wish, _first(look.calendars, looser, look.rooms))
    others = selectors_finder.rooms_around(
        country=wish.country, site_id=wish.site_id, besides=[room.id for room in look.rooms]
    )
    fitting = look.rooms[:MOST_ON_OTHER_DAYS]
    wider = finder.widened(wish, by=AROUND)
    calendars = Calendars.read([*fitting, *others], [wider], now=now)
    yield from _near_miss(Change.DATES, wish, _first(calendars, wider, fitting))
    for change, looser in _other_rooms(wish):
        suiting = [room for room in others if _fits(room, looser)]
        yield from _near_miss(change, wish, _first(calendars, looser, suiting))
    yield from _near_miss(Change.PEOPLE, wish, _in_smaller(calendars, wish, others))


def _near_miss(change: Change, wish: Wish, match: Match | None) -> Iterator[Suggestion]:
    if match:
        yield Suggestion(match=match, change=change, text=_TEXTS[change](wish, match))


def _same_rooms_and_time(wish: Wish) -> Iterator[tuple[Change, Wish]]:
    if wish.windows != finder.WHOLE_DAY:
        yield Change.TIME_OF_DAY, replace(wish, windows=finder.WHOLE_DAY)
    if len(wish.weekdays) < 7:
        yield Change.WEEKDAY, replace(wish, weekdays=frozenset(range(1, 8)))
    shorter = wish.duration_minutes // 2 // STEP_MINUTES * STEP_MINUTES
    if shorter >= STEP_MINUTES:
        yield Change.DURATION, replace(wish, duration_minutes=shorter)


def _other_rooms(wish: Wish) -> Iterator[tuple[Change, Wish]]:
    if wish.equipment:
        yield Change.EQUIPMENT, replace(wish, equipment=())
    if wish.site_id or wish.country:
        yield Change.PLACE, replace(wish, site_id=None, country=None)


def _in_smaller(calendars: Calendars, wish: Wish, rooms: Sequence[Room]) -> Match | None:
    """Return the first start in the largest room that is free and a little too small."""
    smaller = [
        room
        for room in rooms
        if 0 < room.max_person < wish.people and _fits(room, replace(wish, people=1))
    ]
    largest = sorted(smaller, key=lambda room: (-_size(room), room.id))
    firsts = (_first(calendars, wish, [room]) for room in largest)
    return next((match for match in firsts if match), None)


def _fits(room: Room, wish: Wish) -> bool:
    return (
        (room.max_person == 0 or room.max_person >= wish.people)
        and (not wish.site_id or room.site_id == wish.site_id)
        and (not wish.country or room.site.country == wish.country)
        and set(wish.equipment) <= set(room.equipment)
    )


def _first(calendars: Calendars, wish: Wish, rooms: Sequence[Room]) -> Match | None:
    """Return the earliest start; of equal ones the room listed first, which is the nearest."""
    firsts = (next(calendars.each(wish, [room]), None) for room in rooms)
    found = [match for match in firsts if match is not None]
    return min(found, key=lambda match: match.starts_at, default=None)


def _at(match: Match) -> str:
    return f"{match.room.display_name} is free {_spoken(match)}"


_TEXTS: dict[Change, Callable[[Wish, Match], str]] = {
    Change.TIME_OF_DAY: lambda _, match: f"At another time of day: {_at(match)}",
    Change.WEEKDAY: lambda _, match: f"On another weekday: {_at(match)}",
    Change.DATES: lambda _, match: f"On another date: {_at(match)}",
    Change.EQUIPMENT: lambda wish, match: (
        f"Without {', '.join(sorted({*wish.equipment} - {*match.room.equipment}))}: {_at(match)}"
    ),
    Change.PEOPLE: lambda _, match: f"For {match.room.max_person} persons at most: {_at(match)}",
    Change.PLACE: lambda _, match: f"At another place, {match.room.site.name}: {_at(match)}",
    Change.DURATION: lambda wish, match: (
        f"For {(match.ends_at - match.starts_at) // dt.timedelta(minutes=1)} minutes "
        f"instead of {wish.duration_minutes}: {_at(match)}"
    ),
}


def _note(wish: Wish, rooms: Sequence[Room], *, now: dt.datetime) -> None:
    quotes = [
        room_quotes.quote(
            room,
            starts_at=now,
            duration_minutes=wish.duration_minutes,
            attendees=wish.people,
        )
        for room in rooms
    ]
    cheapest = min((quote for quote in quotes if quote), key=lambda quote: quote.net, default=None)
    refused_demand.note_search(
        start=finder.instant(wish.start),
        end=finder.instant(wish.end),
        duration_minutes=wish.duration_minutes,
        people=wish.people,
        site_id=wish.site_id,
        price=cheapest.net if cheapest else None,
        currency=cheapest.currency if cheapest else "",
        now=now,
    )
