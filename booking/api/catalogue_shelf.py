"""The catalogue's shelf: lists as ready bytes, and the rooms of which they are put together.

A meeting changes no more of a list than the state of its room. So each room is written once, as it is
without a meeting, and a list that a meeting has changed is joined from what lies ready.
Source: public-api, section 6; stack, "Peers", rooms list.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from booking.api import catalogue_shapes as shapes
from booking.domain import catalogue, catalogue_cache
from booking.domain.catalogue import Filter, ListedRoom
from booking.domain.catalogue_cache import Built
from config.api import conditional
from config.api.conditional import Representation
from config.api.envelope import OK, dumps


class _WrittenRoom(NamedTuple):
    """A room and its JSON while no meeting is on in it."""

    listed: ListedRoom
    text: orjson.Fragment


@dataclass(frozen=True, slots=True)
class _Shelf:
    """All rooms of a list, and the instant at which one of them has another tenant."""

    rooms: tuple[_WrittenRoom, ...]
    ends_at: dt.datetime


def sites(wanted: Filter, *, keep_empty: bool, now: dt.datetime) -> Representation:
    """Return the list of sites with their rooms; what goes on in them only callers with a token see."""

    def build() -> Built[Representation]:
        found = catalogue.list_sites(wanted, keep_empty=keep_empty, now=now)
        data = [shapes.site(site, with_token=wanted.with_hidden) for site in found.sites]
        return Built(written(data), found.next_change_at)

    tells_of = None if wanted.with_hidden else ()
    return catalogue_cache.serve(("sites", wanted), build=build, now=now, room_ids=tells_of)


def rooms(wanted: Filter, *, now: dt.datetime) -> Representation:
    """Return the list of rooms with what goes on in them now."""
    # the address of a private picture changes with the day in UTC, which the next midnight is not
    key = wanted, now.date() if wanted.with_hidden else None

    def build() -> Built[Representation]:
        shelf, on = _shelf(key, now=now), catalogue.occupancy(now=now)
        texts = [
            _text(room.listed.during_meeting(), wanted, now=now)
            if on.holds(room.listed)
            else room.text
            for room in shelf.rooms
        ]
        return Built(written(texts), min(shelf.ends_at, on.next_change_at))

    return catalogue_cache.serve(("rooms", key), build=build, now=now)


def written(data: list[Any], **beside: str) -> Representation:
    """Write a list into the envelope."""
    return conditional.represent(dumps({"retcode": OK, "message": "OK", "data": data, **beside}))


def _shelf(key: tuple[Filter, dt.date | None], *, now: dt.datetime) -> _Shelf:
    wanted, _ = key

    def build() -> Built[_Shelf]:
        stock = catalogue.take_stock(wanted, now=now)
        ready = (_WrittenRoom(room, _text(room, wanted, now=now)) for room in stock.rooms)
        return Built(_Shelf(tuple(ready), stock.next_change_at), stock.next_change_at)

    return catalogue_cache.serve(("shelf", key), build=build, now=now, room_ids=())


def _text(room: ListedRoom, wanted: Filter, *, now: dt.datetime) -> orjson.Fragment:
    return orjson.Fragment(dumps(shapes.room(room, with_token=wanted.with_hidden, now=now)))
