"""Departures: somebody leaves a company, or is taken out of it.

What they could do in its name ends with the same commit: log-ins elsewhere, API tokens, webhooks, calendar
links, links to its bookings. The company keeps the bookings: a colleague takes over those to come, and
past ones stay as they were. Source: experience, "A company"; safety, S-09, S-11 and S-25.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from apitokens.domain import own_tokens, revocation, webhooks
from booking.domain import handovers
from booking.models import CalendarLink, Meeting
from config import background
from config.errors import DomainError
from organizations.domain import invitations, membership, outbox, typed_texts
from organizations.domain.membership import ColleagueNotFound, NotAdministrator
from organizations.models import Organization, User

FOLLOW_TASK = "workplace.follow_departure"


class HeirRequired(DomainError):
    """Nobody who could take over the bookings to come was named."""

    code = "HEIR_REQUIRED"
    message = "Choose who takes over the bookings to come"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What ends, and what changes hands, when somebody leaves."""

    bookings: int
    tokens: int
    webhooks: int
    has_made_company_calendar: bool


def consequences(person: User, *, now: dt.datetime) -> Consequences:
    """Tell what a departure brings, before it is decided."""
    tokens = [token for token in own_tokens.of(person) if token.is_active]
    return Consequences(
        bookings=handovers.to_come(person, now=now).count(),
        tokens=len(tokens),
        webhooks=webhooks.list_of(person).count(),
        has_made_company_calendar=CalendarLink.objects.filter(
            organization=person.organization_id, made_by=person
        ).exists(),
    )


def heirs(person: User) -> Sequence[User]:
    """List who may take over somebody's bookings: colleagues whose own would be confirmed, by name."""
    colleagues = User.objects.select_related("organization").filter(
        organization=person.organization_id, is_archived=False, email_verified_at__isnull=False
    )
    found = colleagues.exclude(Q(pk=person.pk) | Q(role="temp"))
    return list(found.order_by("last_name", "first_name", "email")[:200])


@transaction.atomic
def remove(person_id: str, *, heir_id: str, by: User, now: dt.datetime) -> User:
    """Take a colleague out of an administrator's company, and log them out everywhere.

    :raises NotAdministrator: :raises ColleagueNotFound: :raises LastAdministrator:
    :raises OperatorsStaff: :raises HeirRequired:
    """
    people = membership.locked(*{person_id, heir_id, by.pk}, organization_id=by.organization_id)
    membership.check_administrator(people.get(by.pk, User()))
    if person_id not in people:
        raise ColleagueNotFound
    person = people[person_id]
    _take_out(person, heir=people.get(heir_id), among=people, by=by, now=now)
    membership.end_sessions(person)
    return person


@transaction.atomic
def leave(person: User, *, heir_id: str, now: dt.datetime) -> None:
    """Let somebody leave their company; they stay logged in, as somebody without company.

    :raises NotAdministrator: when they have none. :raises LastAdministrator:
    :raises OperatorsStaff: :raises HeirRequired:
    """
    people = membership.locked(person.pk, heir_id, organization_id=person.organization_id)
    leaving = people.get(person.pk)
    if leaving is None:
        raise NotAdministrator
    _take_out(leaving, heir=people.get(heir_id), among=people, by=person, now=now)


def _take_out(
    person: User, *, heir: User | None, among: dict[str, User], by: User, now: dt.datetime
) -> None:
    company = person.organization
    assert company is not None  # only people of companies are among them
    membership.check_not_the_last(person, among=among)
    meetings = handovers.locked(person, now=now)
    if meetings and (heir is None or heir.pk == person.pk or not heir.is_existing):
        raise HeirRequired
    _end_links(person, company)
    revocation.end_access(person)
    invitations.withdraw_those_of(person, now=now)
    departure = membership.take_out(person, by=by, now=now)
    calendar = handovers.hand_over(meetings, to=heir, now=now) if meetings and heir else None
    _tell(person, company, meetings, calendar, now=now)
    background.after_commit(FOLLOW_TASK, departure.pk)


def _end_links(person: User, company: Organization) -> None:
    """End the calendar addresses that only this person was shown."""
    own = Q(person=person) | Q(organization=company, made_by=person)
    CalendarLink.objects.filter(own).delete()


def _tell(
    person: User,
    company: Organization,
    meetings: Sequence[Meeting],
    calendar: outbox.CalendarPart | None,
    *,
    now: dt.datetime,
) -> None:
    """Tell who left; what was handed over leaves their calendar."""
    outbox.enqueue(
        template="team_left",
        to=person.email,
        language=person.language,
        context={
            "company": typed_texts.harmless(company.name),
            "dates": [handovers.facts(meeting) for meeting in meetings],
        },
        calendar=calendar,
        now=now,
    )
