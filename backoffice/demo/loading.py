"""Writing the demo into the database: all of it in one transaction, in large strokes."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Model

from backoffice.bulk import tables
from backoffice.demo import bills, calendar, demand, drawings, integrations, operator
from backoffice.demo.calendar import Booked
from backoffice.demo.operator import Operator
from backoffice.demo.workplace import writing as workplace
from booking.models import Meeting, Reservation
from config.errors import DomainError
from organizations.domain import second_factors
from organizations.models import AccessCard, User
from sites_app.models import Room, RoomImage, Site

BATCH = 5_000
MOST_DRAWINGS = 60
"""Larger demos show the same drawings again, so that loading stays quick."""

Progress = Callable[[str, int], object]


class NotEmpty(DomainError):
    """The demo never mixes with real data."""

    code = "NOT_EMPTY"
    message = (
        "The database already holds sites or people; the demo is for an empty one (or use --force)"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of everything, and the seed that decides how it looks.

    `workplace_people` come on top of the `people`; 0 leaves the workplace out.
    """

    sites: int = 4
    rooms: int = 36
    meetings: int = 2_500
    people: int = 60
    workplace_people: int = 120
    seed: int = 1

    @property
    def parts(self) -> dict[str, int]:
        """What is written that takes its time, in this order, and how many there are of each."""
        return {"meetings": self.meetings} | (workplace.PARTS if self.workplace_people else {})


def load(size: Size, *, now: dt.datetime, force: bool, progress: Progress) -> None:
    """Make up an operator and write it; `progress` is told of which part how many more are done.

    The parts are `size.parts`, in that order.
    :raises NotEmpty: when there are sites or people and `force` is not given.
    """
    if not force and (Site.objects.exists() or User.objects.exists()):
        raise NotEmpty
    made = operator.make(
        sites=size.sites, rooms=size.rooms, people=size.people, seed=size.seed, now=now
    )
    with transaction.atomic():
        _write(made)
        _draw(made.rooms, seed=size.seed)
        _let_log_in(made.users)
        meetings = calendar.fill(
            rooms=made.rooms, people=made.users, count=size.meetings, seed=size.seed, now=now
        )
        for batch in _batches(meetings, BATCH):
            tables.upsert(Meeting, [booked.meeting for booked in batch])
            tables.upsert(Reservation, [booked.reservation for booked in batch])
            progress("meetings", len(batch))
        bills.write(made.organizations, seed=size.seed, now=now)
        _let_work(made, seed=size.seed, now=now)
        if size.workplace_people:
            people = size.workplace_people
            workplace.write(made, people=people, seed=size.seed, now=now, progress=progress)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _write(made: Operator) -> None:
    everything: tuple[Sequence[Model], ...] = (
        made.organizations,
        made.sites,
        made.memberships,
        made.users,
        made.cards,
        made.rooms,
        made.rates,
        made.options,
        made.leases,
    )
    for rows in everything:
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)
    for site in made.sites:
        members = [row.organization_id for row in made.memberships if row.site is site]
        holders: list[AccessCard | int] = [
            card for card in made.cards if card.holder.organization_id in members
        ]
        site.access_cards.set(holders)


def _let_work(made: Operator, *, seed: int, now: dt.datetime) -> None:
    """Give the people who are printed with their log-in something to look at."""
    _staff, administrator, developer, *others = made.users
    integrations.write(developer, (others or [administrator])[0], seed=seed, now=now)
    demand.write(made.rooms, [administrator, *others], seed=seed, now=now)


def _draw(rooms: list[Room], *, seed: int) -> None:
    """Draw the first rooms; later ones of the same kind hang up one of those drawings again."""
    drawn: dict[bool, list[str]] = {True: [], False: []}
    images = []
    for number, room in enumerate(rooms):
        names = drawn[room.is_office]
        if number < MOST_DRAWINGS or not names:
            names.append(_drawing(room, seed=f"{seed} {number}"))
            name = names[-1]
        else:
            name = names[number % len(names)]
        images.append(RoomImage(room=room, file=name, width=drawings.WIDTH, height=drawings.HEIGHT))
    RoomImage.objects.bulk_create(images)


def _drawing(room: Room, *, seed: str) -> str:
    picture = drawings.draw(seed=seed, seats=room.nb_seat, is_office=room.is_office)
    return str(default_storage.save(f"rooms/{room.id}.jpg", ContentFile(picture)))


def _let_log_in(users: list[User]) -> None:
    """Give the people who are printed with their log-in a password, and staff a second factor."""
    password = make_password(operator.PASSWORD)
    for user in users:
        if user.email in (operator.STAFF, operator.MEMBER, operator.DEVELOPER):
            user.password = password
            user.save(update_fields=["password"])
        if user.email == operator.STAFF:
            second_factors.ensure(user)


def _batches(rows: Iterable[Booked], size: int) -> Iterator[list[Booked]]:
    waiting = iter(rows)
    while batch := list(itertools.islice(waiting, size)):
        yield batch
