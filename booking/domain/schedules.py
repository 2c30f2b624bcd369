"""Rooms' calendars: the rows of the database put before the pure engines.

One call reads everything about any number of rooms in one query; the answers about openings and
rules are then made without a further one.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings

from booking import selectors
from booking.domain import availability, room_openings, rules
from booking.domain.availability import Busy, BusyKind, MeetingShape, Span
from booking.selectors import Obstacle
from config.intervals import Interval
from sites_app.domain import opening_hours
from sites_app.models import Room

HORIZON = dt.timedelta(days=14)
"""How far behind a wanted start `earliest_ok` looks for an opening."""

_KINDS = {kind.value: kind for kind in BusyKind}

LONGEST_LOOK_MINUTES = 2 * 24 * 60
"""A meeting fits one day's opening, so no longer stretch is worth reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSchedule:
    """One room's calendar within a range: instants in UTC, spans half-open and sorted."""

    room: Room
    tz: ZoneInfo
    open_spans: tuple[Span, ...]
    closures: tuple[rules.ClosedPeriod, ...]
    taken: tuple[Busy, ...]

    @property
    def blocked(self) -> list[Span]:
        return [entry.span for entry in self.taken]

    def busy(self, *, window: Span) -> list[Busy]:
        """List what cannot be had in the window, and why."""
        return availability.busy(window=window, open_spans=self.open_spans, taken=self.taken)

    def bookable_starts(
        self, *, duration_minutes: int, not_before: dt.datetime | None = None
    ) -> Iterator[dt.datetime]:
        """Yield the starts on the room's grid at which a meeting of that length fits."""
        return availability.bookable_starts(
            open_spans=self.open_spans,
            blocked=self.blocked,
            shape=shape(self.room, duration_minutes=duration_minutes),
            step_minutes=self.room.step_duration,
            not_before=not_before,
        )

    def slot_state(
        self, *, starts_at: dt.datetime, duration_minutes: int
    ) -> availability.SlotState:
        """Say whether a meeting can start at an instant, on the grid or not."""
        return availability.slot_state(
            starts_at=starts_at,
            open_spans=self.open_spans,
            blocked=self.blocked,
            shape=shape(self.room, duration_minutes=duration_minutes),
        )


def of_rooms(
    rooms: Sequence[Room],
    *,
    start: dt.datetime,
    end: dt.datetime,
    now: dt.datetime,
    besides: Collection[str] = (),
    as_offered: bool = False,
) -> dict[str, RoomSchedule]:
    """Read the calendars of `rooms`, fetched with their site, over `[start, end)` in one query.

    The answer is by room id. Open spans cover every local day that the range touches, whole;
    expired holds do not block, nor do the meetings `besides`. `as_offered` to everybody, an office is
    blocked on the local days on which it is let.
    Source: public-api, section 2, POST /api/meeting-request: an office that is let is not for public booking.
    """
    if not rooms:
        return {}
    first, last = _reach(rooms, start, end)
    found = selectors.obstacles(
        room_ids=[room.id for room in rooms],
        site_ids={room.site_id for room in rooms},
        start=first,
        end=last,
        now=now,
        besides=besides,
        offices=[room.id for room in rooms if as_offered and room.is_public_office],
    )
    by_owner: dict[str, list[Obstacle]] = defaultdict(list)
    for obstacle in found:
        by_owner[obstacle.owner_id].append(obstacle)
    openings = room_openings.Openings(start=start, end=end, known={})
    return {room.id: _schedule(room, by_owner, openings) for room in rooms}


def _reach(
    rooms: Sequence[Room], start: dt.datetime, end: dt.datetime
) -> tuple[dt.datetime, dt.datetime]:
    """Give the instants between which anything matters: whole local days, and what is taken beside them."""
    zones = [ZoneInfo(zone) for zone in {room.site.time_zone for room in rooms}]
    beside = max(max(room.setup_minutes, room.cleaning_minutes) for room in rooms)
    margin = dt.timedelta(minutes=beside)
    midnights = [
        (
            opening_hours.to_instant(day=opening_hours.local_day(start, tz=tz), minutes=0, tz=tz),
            opening_hours.to_instant(
                day=room_openings.last_day_of(end, tz), minutes=opening_hours.MINUTES_PER_DAY, tz=tz
            ),
        )
        for tz in zones
    ]
    return (
        min(first for first, _ in midnights) - margin,
        max(last for _, last in midnights) + margin,
    )


def _by_time(obstacle: Obstacle) -> tuple[dt.datetime, dt.datetime]:
    return obstacle.starts_at, obstacle.ends_at


def _schedule(
    room: Room, by_owner: Mapping[str, Sequence[Obstacle]], openings: room_openings.Openings
) -> RoomSchedule:
    """Make a room's calendar of its own rows and of its site's."""
    obstacles = sorted([*by_owner.get(room.id, ()), *by_owner.get(room.site_id, ())], key=_by_time)
    closures = tuple(room_openings.closures_among(obstacles))
    tz = ZoneInfo(room.site.time_zone)
    return RoomSchedule(
        room=room,
        tz=tz,
        open_spans=openings.of(room, obstacles, closures),
        closures=closures,
        taken=tuple(sorted(_taken(obstacles, tz), key=lambda busy: busy.span.start)),
    )


def _taken(obstacles: Iterable[Obstacle], tz: ZoneInfo) -> Iterator[Busy]:
    for row in obstacles:
        if row.kind == "let":
            yield Busy(_local_days(row, tz), BusyKind.BLOCK)
        elif row.kind not in ("closure", "exception"):
            yield Busy(Interval(row.starts_at, row.ends_at), _KINDS[row.kind])


def _local_days(lease: Obstacle, tz: ZoneInfo) -> Span:
    """Return a lease's days on the site's wall, whole."""
    first, last = lease.starts_at.date(), lease.ends_at.date()
    return Interval(
        opening_hours.to_instant(day=first, minutes=0, tz=tz),
        opening_hours.to_instant(day=last, minutes=opening_hours.MINUTES_PER_DAY, tz=tz),
    )


def shape(room: Room, *, duration_minutes: int) -> MeetingShape:
    """Return how much of the room a meeting of that length takes, setup and cleaning in."""
    return MeetingShape(
        duration_minutes=duration_minutes,
        setup_minutes=room.setup_minutes,
        cleaning_minutes=room.cleaning_minutes,
    )


def takes_duration(room: Room, minutes: int) -> bool:
    """Say whether meetings of that length may be in the room at all."""
    broken = rules.duration_violations(
        minutes,
        shortest=room.min_duration,
        longest=room.max_duration,
        step=room.step_duration,
    )
    return next(broken, None) is None


def on_the_day(
    room: Room, *, starts_at: dt.datetime, duration_minutes: int, now: dt.datetime
) -> RoomSchedule:
    """Read one room's calendar on the days of a wanted meeting: enough to tell whether it can be."""
    longest = dt.timedelta(minutes=min(duration_minutes, LONGEST_LOOK_MINUTES))
    found = of_rooms([room], start=starts_at, end=starts_at + longest, now=now)
    return found[room.id]


def around(
    room: Room, *, starts_at: dt.datetime, duration_minutes: int, now: dt.datetime
) -> RoomSchedule:
    """Read one room's calendar around a wanted meeting, as far as `earliest_ok` looks.

    For a start long past only its own days are read: there is nothing to propose near it.
    """
    found = around_all([room], starts=[starts_at], duration_minutes=duration_minutes, now=now)
    return found[room.id]


def around_all(
    rooms: Sequence[Room],
    *,
    starts: Sequence[dt.datetime],
    duration_minutes: int,
    now: dt.datetime,
    besides: Collection[str] = (),
) -> dict[str, RoomSchedule]:
    """Read rooms' calendars around several wanted meetings; the meetings `besides` do not block."""
    windows = [_window(start, duration_minutes, now) for start in starts]
    return of_rooms(
        rooms,
        start=min(first for first, _ in windows),
        end=max(last for _, last in windows),
        now=now,
        besides=besides,
    )


def _window(
    starts_at: dt.datetime, duration_minutes: int, now: dt.datetime
) -> tuple[dt.datetime, dt.datetime]:
    first = min(starts_at, max(now, starts_at - HORIZON))
    last = starts_at if starts_at < now - HORIZON else max(starts_at, now)
    longest = min(duration_minutes, LONGEST_LOOK_MINUTES)
    return first, last + dt.timedelta(minutes=longest) + HORIZON


def violations(
    schedule: RoomSchedule,
    *,
    starts_at: dt.datetime,
    duration_minutes: int,
    attendees: int,
    is_new_person: bool,
    now: dt.datetime,
) -> list[rules.Violation]:
    """List every rule that such a booking would break, in the documented order."""
    room = schedule.room
    return rules.violations(
        rules.BookingContext(
            now=now,
            tz=schedule.tz,
            is_new_person=is_new_person,
            starts_at=starts_at,
            duration_minutes=duration_minutes,
            attendees=attendees,
            open_spans=schedule.open_spans,
            closures=schedule.closures,
            min_duration_minutes=room.min_duration,
            max_duration_minutes=room.max_duration,
            step_minutes=room.step_duration,
            max_persons=room.max_person,
            new_person_min_days=settings.NEW_PERSON_MIN_DAYS,
            grace_minutes=settings.PAST_START_GRACE_MINUTES,
        )
    )
