"""Intention conflicts: what is in the way of a plan, told all at once.

Whatever is asked here is asked under locks that the caller holds: of the rooms, then of the people,
then, for seats, of the location's days, so that two plans at once cannot both be the last one.
Source: Workplace API, section 8, "Checks", and section 13, "Intentions".
"""

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence

from django.db import connection
from django.db.models import Exists, Q, QuerySet

from organizations.models import Organization, User
from sites_app.models import Site
from workplace import selectors_capacity
from workplace.domain import times
from workplace.domain.intention_times import PlannedTime
from workplace.domain.places import Place
from workplace.domain.refusals import Conflict, Detail
from workplace.models import PRESENT_TYPES, Intention, IntentionSource, IntentionStatus, Zone
from workplace.selectors_tenants import Tenant

SCHEDULED = (
    IntentionSource.AUTO_SCHEDULE,
    IntentionSource.LIKELY_SCHEDULE,
    IntentionSource.FIXED_DAY,
)
"""Plans that the house made for people; they give way to what connected systems say."""

INVITED = Q(invited_by__isnull=False) | Q(parent__isnull=False)


class InTheWay(Conflict):
    """Something that is stored speaks against the plan; the details name each reason by its code."""

    message = "This intention conflicts with what is stored"


class Reason:
    """The words for what may be in the way."""

    OTHER_PLAN = "intention_conflict"
    FULL = "capacity_exceeded"
    CLOSED = "location_closed"
    NO_CONTRACT = "contract_expired"


def check(
    intention: Intention,
    *,
    place: Place,
    when: PlannedTime,
    is_forced: bool,
    now: dt.datetime,
    yielding: Collection[str] = (),
) -> list[Intention]:
    """Refuse a plan that is about to be made or accepted; return the plans that give way to it.

    Those from a source that is `yielding` always do. Forced, all other plans give way, and neither a
    full nor a closed location matters.

    :raises InTheWay: with every reason.
    """
    others = list(_locked_others(intention))
    staying = [other for other in others if other.source not in yielding]
    site, type_ = intention.site, intention.type
    reasons = without_contract(
        site, organization_id=intention.organization_id, person=intention.person, now=now
    )
    if not is_forced:
        seats = full(site, place, when, type_=type_, person_id=intention.person_id)
        reasons = [
            *told_plans([other.pk for other in staying]),
            *seats,
            *closed(when, type_=type_),
            *reasons,
        ]
    if reasons:
        raise InTheWay(reasons)
    return others


def _locked_others(intention: Intention) -> QuerySet[Intention]:
    if intention.person_id is None:
        return Intention.objects.none()
    found = others_of(
        intention.person_id,
        starts_at=intention.starts_at,
        ends_at=intention.ends_at,
        besides=intention.pk,
    )
    return found.select_related("site", "meeting").select_for_update(of=("self",))


def others_of(
    person_id: str, *, starts_at: dt.datetime, ends_at: dt.datetime, besides: str | None = None
) -> QuerySet[Intention]:
    """Select the person's live plans in that time, by id; an invitation that waits is none."""
    waiting = Q(status=IntentionStatus.PENDING) & ~INVITED
    return (
        Intention.objects.filter(
            Q(status=IntentionStatus.ACCEPTED) | waiting,
            person=person_id,
            starts_at__lt=ends_at,
            ends_at__gt=starts_at,
        )
        .exclude(pk=besides)
        .order_by("pk")
    )


def told_plans(ids: Sequence[str]) -> list[Detail]:
    """Tell each plan that is in the way."""
    return [
        Detail(
            path="people_id",
            message="This person has another intention at that time",
            code=Reason.OTHER_PLAN,
            conflict_id=other_id,
        )
        for other_id in ids
    ]


def lock_days(site_id: str, days: Sequence[dt.date]) -> None:
    """Let one plan at a time count the seats of these local days, until the transaction ends."""
    numbers = [_lock_of(site_id, day) for day in sorted(days)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(number) FROM unnest(%s::bigint[]) AS number", [numbers]
        )


def _lock_of(site_id: str, day: dt.date) -> int:
    name = f"workplace seats {site_id} {day.isoformat()}"
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


def full(
    site: Site, place: Place, when: PlannedTime, *, type_: str, person_id: str | None
) -> list[Detail]:
    """Tell the first day on which every seat of the zone, or else of the location, is planned for.

    Heads are people with an accepted plan to be there; the person's own plans do not count.
    """
    capacity = place.zone.capacity if place.zone else selectors_capacity.of_site(site)
    if type_ not in PRESENT_TYPES or capacity is None:
        return []
    lock_days(site.pk, when.days)
    day = _first_full_day(site, place, when, person_id=person_id, capacity=capacity)
    return [] if day is None else [every_seat_planned(place.zone, day)]


def every_seat_planned(zone: Zone | None, day: dt.date) -> Detail:
    """Tell that a zone, or else the location, is full on a day."""
    where = "zone" if zone else "location"
    message = f"Every seat of this {where} is planned for on {day.isoformat()}"
    path = "zone_id" if zone else "location_id"
    return Detail(path=path, message=message, code=Reason.FULL)


_FIRST_FULL = """
SELECT days.number
FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[])
     WITH ORDINALITY AS days (starts_at, ends_at, number)
WHERE (
    SELECT count(DISTINCT coming.person_id) FROM workplace_intention AS coming
    WHERE coming.site_id = %(site)s AND coming.status = %(status)s AND coming.type = ANY(%(types)s)
      AND coming.starts_at < days.ends_at AND coming.ends_at > days.starts_at
      AND (%(zone)s::text IS NULL OR coming.zone_id = %(zone)s)
      AND coming.person_id IS DISTINCT FROM %(person)s
) >= %(capacity)s
ORDER BY days.number LIMIT 1"""


def _first_full_day(
    site: Site, place: Place, when: PlannedTime, *, person_id: str | None, capacity: int
) -> dt.date | None:
    """Return the first day with no seat left, asked for all days at once: a plan may last a year."""
    borders = [times.local_day(day, when.openings.tz) for day in when.days]
    parameters = {
        "starts": [start for start, _ in borders],
        "ends": [end for _, end in borders],
        "site": site.pk,
        "zone": place.zone.pk if place.zone else None,
        "person": person_id,
        "status": IntentionStatus.ACCEPTED.value,
        "types": [str(type_) for type_ in PRESENT_TYPES],
        "capacity": capacity,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_FULL, parameters)
        found = cursor.fetchone()
    return when.days[found[0] - 1] if found else None


def closed(when: PlannedTime, *, type_: str) -> list[Detail]:
    """Tell that the location does not open in that time; who stays away does not mind."""
    if type_ not in PRESENT_TYPES or when.is_while_open:
        return []
    message = "The location is closed at that time"
    return [Detail(path="starts_at", message=message, code=Reason.CLOSED)]


def without_contract(
    site: Site, *, organization_id: str | None, person: User | None, now: dt.datetime
) -> list[Detail]:
    """Tell that the organization of the person or team, or an archived one, has no access to the location.

    The operator's own staff, who belong to none, come and go as they please.
    """
    if organization_id is None:
        is_welcome = person is not None and person.is_staff
    else:
        tenant = Tenant(organization_id=organization_id, now=now)
        is_live = Exists(Organization.objects.filter(pk=organization_id, is_archived=False))
        is_welcome = tenant.sites().filter(is_live, pk=site.pk).exists()
    if is_welcome:
        return []
    message = "The organization has no live access to this location"
    return [Detail(path="location_id", message=message, code=Reason.NO_CONTRACT)]
