"""A room's week as its page shows it: a table of starting times, and for phones a list of days."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from booking.domain.week_calendar import Day, Slot, Week
from booking.pages import words
from config.templatetags import writing
from sites_app.models import Room

Cell = dict[str, Any]


def lay_out(
    week: Week, room: Room, *, duration_minutes: int, people: int | None = None
) -> dict[str, Any]:
    """Return the table's rows and the list of days; both show the same cells."""
    cells = _Cells(room, duration_minutes, people)
    of_day = {day.date: cells.of(day) for day in week.days}
    return {
        "rows": _rows(week, of_day),
        "day_list": [_day_list(day, of_day[day.date]) for day in week.days],
    }


def booking_url(room: Room, wall: dt.datetime, duration: int, people: int | None = None) -> str:
    """Return the address of the booking page for a slot."""
    query: dict[str, Any] = {
        "room": room.id,
        "start": f"{wall:%Y-%m-%dT%H:%M}",
        "duration": duration,
    } | _of_people(people)
    return f"{reverse('book')}?{urlencode(query)}"


def room_url(room: Room, wall: dt.datetime, duration: int, people: int | None = None) -> str:
    """Return the address of a room's page at the week of a slot."""
    query = {"week": f"{wall:%Y-%m-%d}", "duration": duration} | _of_people(people)
    return f"{reverse('room', args=[room.id])}?{urlencode(query)}"


def asked(duration: int, people: int | None) -> str:
    """Return how an address says what somebody looks for, whatever the week."""
    return urlencode({"duration": duration} | _of_people(people))


def _of_people(people: int | None) -> dict[str, int]:
    return {"people": people} if people else {}


class _Cells:
    """Writes what all cells of a week have in common once, because there are hundreds of them."""

    def __init__(self, room: Room, minutes: int, people: int | None) -> None:
        query = f"{urlencode({'room': room.id})}&{asked(minutes, people)}"
        self._address = f"{reverse('book')}?{query}&start="
        self._length = dt.timedelta(minutes=minutes)
        self._label = gettext("Book %(day)s, %(start)s to %(end)s")
        self._reasons = {reason: str(word) for reason, word in words.SLOT_WORDS.items()}

    def of(self, day: Day) -> dict[dt.time, Cell]:
        """Return the day's cells by their time on the wall."""
        name = writing.day_written(day.date, "l j F")
        cells: dict[dt.time, Cell] = {}
        for slot in day.slots:  # an hour that comes twice, on a night in autumn, is the first
            cells.setdefault(slot.wall.time(), self._cell(slot, name))
        return cells

    def _cell(self, slot: Slot, day: str) -> Cell:
        if not slot.is_free:
            return _off(self._reasons[slot.reason]) | {"wall": slot.wall}
        start, end = f"{slot.wall:%H:%M}", f"{slot.wall + self._length:%H:%M}"
        return {
            "url": self._address + f"{slot.wall:%Y-%m-%dT%H:%M}".replace(":", "%3A"),
            "label": self._label % {"day": day, "start": start, "end": end},
            "time": start,
            "closed": "",
        }


def _off(word: str, *, closed: str = "") -> Cell:
    """Return a cell without a link; it has every key, since templates are slow to miss one."""
    return {"url": "", "word": word, "closed": closed}


def _rows(week: Week, of_day: dict[dt.date, dict[dt.time, Cell]]) -> list[dict[str, Any]]:
    closed_then, times = _off(gettext("Closed")), week.times
    rows = []
    for number, time in enumerate(times):
        cells = []
        for day in week.days:
            if day.slots:
                cells.append(of_day[day.date].get(time, closed_then))
            elif number == 0:
                closed = _off("", closed=words.closure(day.closure))
                cells.append(closed | {"rows": len(times)})
        rows.append({"time": f"{time:%H:%M}", "cells": cells})
    return rows


def _day_list(day: Day, cells: dict[dt.time, Cell]) -> dict[str, Any]:
    free = [cell for cell in cells.values() if cell["url"]]
    stretches: list[dict[str, Any]] = []
    for cell in cells.values():
        if cell["url"]:
            continue
        if stretches and stretches[-1]["word"] == cell["word"]:
            stretches[-1]["last"] = cell["wall"]
        else:
            stretches.append({"word": cell["word"], "first": cell["wall"], "last": cell["wall"]})
    closed = "" if day.slots else words.closure(day.closure)
    return {"date": day.date, "free": free, "stretches": stretches, "closed": closed}
