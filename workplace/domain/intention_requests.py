"""Intention requests: the one way in which a plan is declared, by keys, on the website, by connected systems.

In one transaction: rooms are locked, then the people, then what is in the way is looked at, then the
room is booked and everything written. Source: Workplace API, section 8, POST /intentions.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from apitokens.models import ApiToken
from booking.domain import reservations
from booking.domain.reservations import SlotTaken
from organizations.models import User
from sites_app.domain import workplace_settings
from sites_app.models import Site
from workplace.domain import (
    intention_conflicts,
    intention_invitations,
    intention_people,
    intention_rooms,
    intention_times,
    intention_writes,
    places,
)
from workplace.domain.intention_people import NO_TEAM, NOBODY, Asker, PersonNames, TeamNames
from workplace.domain.intention_times import PlannedTime
from workplace.domain.places import NOWHERE, Place, PlaceIds
from workplace.domain.refusals import Detail, Invalid, missing
from workplace.domain.room_refusals import ROOM_TAKEN, RoomConflict
from workplace.models import Intention, IntentionSource, IntentionStatus, Team

SUPERSEDED = "superseded_by:"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentionWish:
    """What somebody declares. `is_forced` sets aside what an administrator may set aside."""

    status: IntentionStatus
    type: str
    site_id: str
    person: PersonNames = NOBODY
    team: TeamNames = NO_TEAM
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    timezone: str | None = None
    place: PlaceIds = NOWHERE
    preferences: Sequence[str] = ()
    invitees: Sequence[PersonNames] = ()
    skip_auto_accept: bool = False
    is_forced: bool = False
    source: IntentionSource = IntentionSource.API


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A wish with everything looked up."""

    site: Site
    when: PlannedTime
    place: Place
    person: User | None
    team: Team | None
    guests: Sequence[User]

    @property
    def organization_id(self) -> str | None:
        if self.person is not None:
            return self.person.organization_id
        return self.team.organization_id if self.team else None


def declare(wish: IntentionWish, *, asker: Asker, now: dt.datetime) -> Intention:
    """Write the plan, book its room, and invite whom it names, or the whole team.

    :raises NotFound: :raises Invalid: :raises InTheWay: with every reason. :raises RoomConflict:
    :raises TooManyCalls: for one unknown address too many.
    """
    intention_people.ask(asker, [wish.person, *wish.invitees])
    try:
        return reservations.in_transaction(lambda: _declare(wish, asker=asker, now=now))
    except SlotTaken as refusal:
        raise room_taken(refusal) from refusal


def room_taken(refusal: SlotTaken) -> RoomConflict:
    """Return the refusal for a room that was lost at the very last moment."""
    return RoomConflict([Detail(path="room_id", message=refusal.message, code=ROOM_TAKEN)])


def site_of(asker: Asker, site_id: str) -> Site:
    """Return the location, if the tenant has access to it.

    :raises NotFound:
    """
    site = asker.tenant.sites().filter(pk=site_id).first()
    if site is None:
        raise missing("location_id", "Location")
    return site


def _declare(wish: IntentionWish, *, asker: Asker, now: dt.datetime) -> Intention:
    plan = _plan(wish, asker=asker, now=now)
    people = [one.pk for one in (plan.person, *plan.guests) if one is not None]
    intention_people.lock(*people)
    intention = _row(wish, plan, asker=asker)
    superseded = intention_conflicts.check(
        intention, place=plan.place, when=plan.when, is_forced=wish.is_forced, now=now
    )
    token = token_of(asker)
    if intention_rooms.needs_booking(intention):
        intention_rooms.book(
            intention,
            booker=intention_rooms.booker_of(plan.person, plan.team, token=token),
            attendees=max(1, len(people)),
            api_token=token,
            now=now,
        )
    intention_writes.insert(intention, now=now)
    supersede(superseded, by=intention, now=now)
    intention_invitations.invite(
        intention, plan.guests, asker=asker, is_answered=not wish.skip_auto_accept, now=now
    )
    return intention


def supersede(others: Sequence[Intention], *, by: Intention, now: dt.datetime) -> None:
    """Cancel the plans that give way to another one."""
    for other in others:
        intention_writes.withdraw(
            other,
            status=IntentionStatus.CANCELLED,
            reason=f"{SUPERSEDED}{by.pk}",
            by=None,
            now=now,
        )


def _plan(wish: IntentionWish, *, asker: Asker, now: dt.datetime) -> _Plan:
    if not (wish.person.is_said or wish.team.is_said):
        message = "one of people_id, people_email, team_id, team_name is required"
        raise Invalid([Detail(path="people_id", message=message, code="required")])
    site = site_of(asker, wish.site_id)
    place = places.find(site, wish.place, tenant=asker.tenant)
    person = intention_people.person(asker, wish.person)
    team = intention_people.team(asker, wish.team, of=person)
    when = intention_times.plan(site, starts_at=wish.starts_at, ends_at=wish.ends_at, now=now)
    guests = _guests(wish, asker, person=person, team=team)
    if wish.type in intention_rooms.WITH_ROOM and place.room is not None:
        intention_rooms.claim(place.room, span=when.span, now=now)
    return _Plan(site=site, when=when, place=place, person=person, team=team, guests=guests)


def _guests(
    wish: IntentionWish, asker: Asker, *, person: User | None, team: Team | None
) -> list[User]:
    """List who is invited, by id: those who are named, and all of a team that plans as a whole."""
    named = [intention_people.person(asker, one) for one in wish.invitees]
    found = {one.pk: one for one in named if one is not None}
    for guest in found.values():
        intention_invitations.check_open(guest, inviter=person or asker.person)
    if person is None and team is not None:
        found |= {member.pk: member for member in intention_people.members_of(team)}
    if person is not None:
        found.pop(person.pk, None)
    return [found[pk] for pk in sorted(found)]


def _row(wish: IntentionWish, plan: _Plan, *, asker: Asker) -> Intention:
    is_accepted = wish.status == IntentionStatus.ACCEPTED or (
        not wish.skip_auto_accept
        and workplace_settings.read(plan.site.workplace_settings).auto_accept
    )
    return Intention(
        organization_id=plan.organization_id,
        status=IntentionStatus.ACCEPTED if is_accepted else IntentionStatus.PENDING,
        type=wish.type,
        site=plan.site,
        layer=plan.place.layer,
        zone=plan.place.zone,
        room=plan.place.room,
        space=plan.place.space,
        person=plan.person,
        team=plan.team,
        starts_at=plan.when.starts_at,
        ends_at=plan.when.ends_at,
        timezone=wish.timezone or plan.site.time_zone,
        day=plan.when.day,
        preferences=list(wish.preferences),
        created_by=asker.person,
        source=wish.source,
    )


def token_of(asker: Asker) -> ApiToken | None:
    """Return the key that asks, with its owner; None on the website."""
    if asker.token_id is None:
        return None
    return ApiToken.objects.select_related("owner__organization").get(pk=asker.token_id)
