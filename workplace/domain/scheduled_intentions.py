"""Scheduled intentions: where staff switched it on, sure, likely and usual days become plans by themselves.

Sure days are accepted, likely ones wait for the person; a usual day is a weekday on which somebody
came so many times in a row. Whoever has any plan for a day, even one given up, is left alone.
Only people of organizations that allow forecasts of single people, and have access to the location, are
put down.
Source: Workplace API, section 1, "Location workplace settings", and section 9.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.db.models import Count, QuerySet

from organizations.models import User
from sites_app.domain import operating_hours, workplace_settings
from sites_app.domain.operating_hours import SiteOpenings
from sites_app.domain.workplace_settings import WorkplaceSettings
from sites_app.models import Site
from workplace import selectors_capacity
from workplace.domain import intention_conflicts, intention_people, intention_writes, times
from workplace.models import (
    PRESENT_TYPES,
    Intention,
    IntentionSource,
    IntentionStatus,
    IntentionType,
    Occupancy,
    PersonForecast,
)

ONE_DAY = dt.timedelta(days=1)
_STATUS = {
    IntentionSource.AUTO_SCHEDULE: IntentionStatus.ACCEPTED,
    IntentionSource.LIKELY_SCHEDULE: IntentionStatus.PENDING,
    IntentionSource.FIXED_DAY: IntentionStatus.ACCEPTED,
}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Somebody to be put down, and why."""

    person_id: str
    source: IntentionSource


def plan_ahead(*, now: dt.datetime) -> int:
    """Put people down at every location that wants it; return how many plans were made.

    What goes wrong at one location is logged and holds up no other.
    """
    sites = Site.objects.exclude(workplace_settings={}).order_by("pk")
    return sum(_planned_at(site, now=now) for site in sites)


def _planned_at(site: Site, *, now: dt.datetime) -> int:
    try:
        return plan_ahead_at(site, now=now)
    except Exception:
        log.exception("workplace.scheduling_failed", site=site.pk)
        return 0


def plan_ahead_at(site: Site, *, now: dt.datetime) -> int:
    """Put people down at one location, one transaction a day, from tomorrow on."""
    settings = workplace_settings.read(site.workplace_settings)
    days_ahead = _furthest(settings)
    if not days_ahead:
        return 0
    today = now.astimezone(ZoneInfo(site.time_zone)).date()
    days = [today + number * ONE_DAY for number in range(1, days_ahead + 1)]
    openings = operating_hours.openings(site, first_day=days[0], last_day=days[-1])
    made = 0
    for day in days:
        if openings.is_open_on(day):
            candidates = _first_of_each(_candidates(site, settings, day, today))
            made += _put_down(site, day, openings, candidates, now=now)
    return made


def _furthest(settings: WorkplaceSettings) -> int:
    every = (settings.auto_schedule, settings.likely_schedule, settings.fixed_schedule)
    return max((one.future_days for one in every if one.is_on), default=0)


def _candidates(
    site: Site, settings: WorkplaceSettings, day: dt.date, today: dt.date
) -> Iterator[_Candidate]:
    """Yield who might be put down: usual days first, then the surest."""
    ahead = (day - today).days
    fixed, auto, likely = (
        settings.fixed_schedule,
        settings.auto_schedule,
        settings.likely_schedule,
    )
    if fixed.is_on and ahead <= fixed.future_days:
        for person_id in _regulars(site, day, today, times_in_a_row=fixed.days):
            yield _Candidate(person_id, IntentionSource.FIXED_DAY)
    if auto.is_on and ahead <= auto.future_days:
        for person_id in _expected(site, day, percentage=auto.percentage):
            yield _Candidate(person_id, IntentionSource.AUTO_SCHEDULE)
    if likely.is_on and ahead <= likely.future_days:
        for person_id in _expected(site, day, percentage=likely.percentage):
            yield _Candidate(person_id, IntentionSource.LIKELY_SCHEDULE)


def _expected(site: Site, day: dt.date, *, percentage: int) -> QuerySet[PersonForecast, str]:
    rows = PersonForecast.objects.filter(
        site=site,
        day=day,
        probability__gte=percentage / 100,
        person__organization__person_forecasts=True,
    )
    return rows.order_by("-probability", "person").values_list("person", flat=True)


def _regulars(
    site: Site, day: dt.date, today: dt.date, *, times_in_a_row: int
) -> QuerySet[Occupancy, str]:
    """Select who was seen on each of the last so many days of that weekday, before today."""
    back = (today - day).days % 7 or 7
    last = today - back * ONE_DAY
    weekdays = [last - 7 * number * ONE_DAY for number in range(times_in_a_row)]
    seen = Occupancy.objects.filter(
        site=site,
        day__in=weekdays,
        deleted_at=None,
        person__organization__person_forecasts=True,
    )
    counted = seen.values("person").annotate(days=Count("day", distinct=True))
    regular = counted.filter(days=times_in_a_row).order_by("person")
    return regular.values_list("person", flat=True)


def _first_of_each(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    by_person: dict[str, _Candidate] = {}
    for candidate in candidates:
        by_person.setdefault(candidate.person_id, candidate)
    return list(by_person.values())


@transaction.atomic
def _put_down(
    site: Site,
    day: dt.date,
    openings: SiteOpenings,
    candidates: Sequence[_Candidate],
    *,
    now: dt.datetime,
) -> int:
    """Write the plans of one day, as many as there are seats."""
    wanted = [candidate.person_id for candidate in candidates]
    intention_people.lock(*wanted)
    people = User.objects.select_related("organization").filter(pk__in=wanted, is_archived=False)
    free = {
        person.pk: person
        for person in _with_access(
            site, people.exclude(pk__in=_planned(site, day, wanted)), now=now
        )
        if not person.counts_as_archived
    }
    left = _seats_left(site, day)
    made = 0
    for candidate in candidates:
        status = _STATUS[candidate.source]
        is_seated = status == IntentionStatus.ACCEPTED
        if candidate.person_id in free and (left is None or left > 0 or not is_seated):
            person = free[candidate.person_id]
            intention_writes.insert(_row(site, day, openings, person, candidate), now=now)
            made += 1
            left = left - 1 if left is not None and is_seated else left
    return made


def _with_access(site: Site, people: Iterable[User], *, now: dt.datetime) -> Iterator[User]:
    """Leave out those whose organization has no access to the location any more; each is asked for once."""
    known: dict[str | None, bool] = {}
    for person in people:
        company = person.organization_id
        if company not in known:
            known[company] = not intention_conflicts.without_contract(
                site, organization_id=company, person=person, now=now
            )
        if known[company]:
            yield person


def _planned(site: Site, day: dt.date, people: Sequence[str]) -> QuerySet[Intention, str | None]:
    """Select those who have said anything about the day, wherever and however it ended."""
    start, end = times.local_day(day, ZoneInfo(site.time_zone))
    said = Intention.objects.filter(person__in=people, starts_at__lt=end, ends_at__gt=start)
    return said.values_list("person", flat=True)


def _seats_left(site: Site, day: dt.date) -> int | None:
    capacity = selectors_capacity.of_site(site)
    if capacity is None:
        return None
    intention_conflicts.lock_days(site.pk, [day])
    start, end = times.local_day(day, ZoneInfo(site.time_zone))
    coming = Intention.objects.filter(
        site=site,
        status=IntentionStatus.ACCEPTED,
        type__in=PRESENT_TYPES,
        person__isnull=False,
        starts_at__lt=end,
        ends_at__gt=start,
    )
    return capacity - coming.values("person").distinct().count()


def _row(
    site: Site, day: dt.date, openings: SiteOpenings, person: User, candidate: _Candidate
) -> Intention:
    spans = openings.on(day)
    return Intention(
        organization_id=person.organization_id,
        status=_STATUS[candidate.source],
        type=IntentionType.SPACE,
        site=site,
        person=person,
        starts_at=min(span.start for span in spans),
        ends_at=max(span.end for span in spans),
        timezone=site.time_zone,
        day=day,
        source=candidate.source,
    )
