"""A person's own week: where they plan to be, their seats, and the invitations that wait for them.

What people say here takes the place of what the house put down for them; what connected systems and
keys say stays, and is told when it is in the way. On a day with a meeting a desk is had beside it.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from booking.domain import reservations
from config import intervals
from config.errors import DomainError
from config.intervals import Interval
from organizations.models import ScheduleVisibility, User
from sites_app.domain import operating_hours
from sites_app.models import Site
from workplace import selectors_own_week
from workplace.domain import (
    intention_answers,
    intention_people,
    intention_requests,
    plan_days,
    times,
)
from workplace.domain.intention_answers import Cancellation
from workplace.domain.intention_people import Asker, PersonNames
from workplace.domain.intention_requests import IntentionWish
from workplace.domain.intention_rooms import WITH_ROOM
from workplace.models import Intention, IntentionSource, IntentionStatus, IntentionType
from workplace.selectors_own_week import Seat
from workplace.selectors_tenants import Tenant

ONE_DAY = dt.timedelta(days=1)
DAYS_SHOWN = 7
CHANGED = "changed_by_person"
SHORTEST = dt.timedelta(minutes=30)
"""For less between two meetings nobody takes a desk."""


class Choice(StrEnum):
    """Where somebody works on a day, as they say it themselves."""

    OFFICE = "office"
    REMOTE = "remote"
    ABSENT = "absent"
    UNSAID = "unsaid"


TYPES = {
    Choice.OFFICE: IntentionType.SPACE,
    Choice.REMOTE: IntentionType.REMOTE,
    Choice.ABSENT: IntentionType.ABSENT,
}


class NoLocation(DomainError):
    """The person has access to no location, so that there is nowhere to be."""

    code = "NO_LOCATION"
    status = 409
    message = "There is no location at which you could work"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One local day: `choice` is what the person said, `plans` all that is known, `seats` where they sit."""

    day: dt.date
    choice: Choice
    is_past: bool
    is_open: bool
    plans: Sequence[Intention]
    seats: Sequence[Seat]

    @property
    def is_waiting(self) -> bool:
        """Whether the house put something down that the person has not answered."""
        return any(plan.status == IntentionStatus.PENDING for plan in self.plans)

    @property
    def lacks_desk(self) -> bool:
        """Whether a meeting is all that is planned, so that a desk may be wanted beside it."""
        return self.choice == Choice.UNSAID and any(plan.type in WITH_ROOM for plan in self.plans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week at a location, Monday first, and the invitations that wait for an answer, whatever the day."""

    site: Site
    sites: Sequence[Site]
    days: Sequence[Day]
    invitations: Sequence[Intention]


def asker_of(person: User, *, now: dt.datetime) -> Asker:
    """Return a person as somebody who asks for themselves."""
    return Asker(tenant=Tenant(organization_id=person.organization_id, now=now), person=person)


def read(person: User, *, site_id: str | None, around: dt.date | None, now: dt.datetime) -> Week:
    """Return the week around a day at the chosen or usual location.

    Without a day it is today's; once nothing of that is left to open, the next one.

    :raises NoLocation:
    """
    sites = _sites(person, now=now)
    site = _chosen(person, sites, site_id)
    tz = ZoneInfo(site.time_zone)
    today = now.astimezone(tz).date()
    first = _monday(around or _next_to_plan(site, today))
    days = [first + number * ONE_DAY for number in range(DAYS_SHOWN)]
    openings = operating_hours.openings(site, first_day=first, last_day=days[-1])
    start, end = times.local_day(first, tz)[0], times.local_day(days[-1], tz)[1]
    plans = selectors_own_week.plans(person, start=start, end=end, tz=tz)
    seats = selectors_own_week.seats(person, start=start, end=end, tz=tz)
    return Week(
        site=site,
        sites=sites,
        days=[
            Day(
                day=day,
                choice=_choice(plans[day]),
                is_past=day < today,
                is_open=openings.is_open_on(day),
                plans=plans[day],
                seats=seats[day],
            )
            for day in days
        ],
        invitations=selectors_own_week.invitations(person, now=now),
    )


def _next_to_plan(site: Site, today: dt.date) -> dt.date:
    """Return today while its week still has an open day to come, else a day of the next week."""
    sunday = _monday(today) + (DAYS_SHOWN - 1) * ONE_DAY
    openings = operating_hours.openings(site, first_day=today, last_day=sunday)
    left = (today + number * ONE_DAY for number in range((sunday - today).days + 1))
    return today if any(openings.is_open_on(day) for day in left) else sunday + ONE_DAY


def say(
    person: User, *, site_id: str | None, day: dt.date, choice: Choice, now: dt.datetime
) -> None:
    """Write where the person works on a day, instead of what they said, or the house for them, before.

    :raises NoLocation: :raises NotFound: :raises Invalid: for a day that is over or too far ahead.
    :raises InTheWay: when something else is planned then, or the location is full or closed.
    """
    site = _chosen(person, _sites(person, now=now), site_id)
    reservations.in_transaction(lambda: _say(person, site, day, choice, now=now))


def set_visibility(person: User, visibility: ScheduleVisibility) -> None:
    """Write what colleagues see of the person's plans, and who may invite them."""
    User.objects.filter(pk=person.pk).update(schedule_visibility=visibility)


def _say(person: User, site: Site, day: dt.date, choice: Choice, *, now: dt.datetime) -> None:
    intention_people.lock(person.pk)
    start, end = times.local_day(day, ZoneInfo(site.time_zone))
    own = selectors_own_week.own_words(person, start=start, end=end)
    wanted = TYPES.get(choice)
    said = [plan for plan in own if plan.type == wanted and _is_here(plan, site)]
    asker = asker_of(person, now=now)
    for plan in own:
        if plan not in said:
            cancellation = Cancellation(reason=CHANGED)
            intention_answers.cancel(plan.pk, cancellation, asker=asker, now=now)
    for plan in said:
        intention_answers.accept(plan.pk, asker=asker, now=now)
    if wanted is not None and not said:
        for wish in _wishes(person, site, day, wanted, now=now):
            intention_requests.declare(wish, asker=asker, now=now)


def _is_here(plan: Intention, site: Site) -> bool:
    return plan.site_id == site.pk or plan.type != IntentionType.SPACE


def _wishes(
    person: User, site: Site, day: dt.date, type_: IntentionType, *, now: dt.datetime
) -> Iterator[IntentionWish]:
    """Yield the day's plan: the whole day or, of a desk on a day with meetings, what these leave of it."""
    start, end = times.local_day(day, ZoneInfo(site.time_zone))
    parts: list[tuple[dt.datetime, dt.datetime | None]] = [(start, None)]
    if type_ == IntentionType.SPACE:
        meetings = selectors_own_week.meetings(person, start=start, end=end)
        parts = _beside(meetings, plan_days.hours(site, day), now=now) or parts
    for starts_at, ends_at in parts:
        yield IntentionWish(
            status=IntentionStatus.ACCEPTED,
            type=type_,
            site_id=site.pk,
            person=PersonNames(people_id=person.pk),
            starts_at=starts_at,
            ends_at=ends_at,
            skip_auto_accept=True,
            source=IntentionSource.USER,
        )


def _beside(
    meetings: Sequence[Intention], hours: plan_days.Span | None, *, now: dt.datetime
) -> list[tuple[dt.datetime, dt.datetime | None]]:
    """Return from when to when a desk can be had beside meetings; nothing without any meeting."""
    if not meetings or hours is None:
        return []
    taken = [Interval(plan.starts_at, plan.ends_at) for plan in meetings]
    free = [one for one in intervals.subtract([hours], taken) if one.end > now]
    return [(one.start, one.end) for one in free if one.end - one.start >= SHORTEST]


def _choice(plans: Sequence[Intention]) -> Choice:
    """Return what is said of the day; a meeting alone says nothing of where the rest of it is worked."""
    by_type = {type_: choice for choice, type_ in TYPES.items()}
    said = [
        plan
        for plan in plans
        if plan.status == IntentionStatus.ACCEPTED and plan.type not in WITH_ROOM
    ]
    return by_type[IntentionType(said[0].type)] if said else Choice.UNSAID


def _sites(person: User, *, now: dt.datetime) -> list[Site]:
    if person.organization_id is None:
        return []
    tenant = Tenant(organization_id=person.organization_id, now=now)
    return list(tenant.sites().order_by("name", "pk"))


def _chosen(person: User, sites: Sequence[Site], site_id: str | None) -> Site:
    known = {site.pk: site for site in sites}
    usual = selectors_own_week.usual_site(person)
    for candidate in (site_id, usual):
        if candidate in known:
            return known[candidate]
    if not sites:
        raise NoLocation
    return sites[0]


def _monday(day: dt.date) -> dt.date:
    return day - day.weekday() * ONE_DAY
