"""One process of people who want rooms: half of them declare a plan, the others send a meeting request.

A program of `tests.contention.racing`, told what to do as `booker`; `task["plans"]` names each
person's id and organization by their address.
"""

import datetime as dt

from tests.contention import booker

_request = booker._book


def _declare(task, room, starts_at, minutes, chance):
    from django.db import Error

    from config.errors import DomainError
    from workplace.domain import intention_requests
    from workplace.domain.intention_people import Asker, PersonNames
    from workplace.domain.intention_requests import IntentionWish
    from workplace.domain.places import PlaceIds
    from workplace.models import IntentionStatus
    from workplace.selectors_tenants import Tenant

    if chance.random() < 0.5:
        return _request(task, room, starts_at, minutes, chance)
    person_id, organization_id = task["plans"][chance.choice(task["people"])]
    now = dt.datetime.fromisoformat(task["now"])
    wish = IntentionWish(
        status=IntentionStatus.ACCEPTED,
        type="ROOM",
        site_id=task["site"],
        person=PersonNames(people_id=person_id),
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=minutes),
        place=PlaceIds(room_id=room),
    )
    asker = Asker(tenant=Tenant(organization_id=organization_id, now=now))
    try:
        intention_requests.declare(wish, asker=asker, now=now)
    except DomainError as refusal:
        return refusal.details[0].code or refusal.code
    except Error as error:
        return f"{type(error).__name__}: {getattr(error.__cause__, 'sqlstate', None)}"
    return "DECLARED"


def run(task, gate):
    booker._book = _declare
    return booker.run(task, gate)
