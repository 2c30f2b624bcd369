"""Intention answers: accepting, declining, cancelling and deleting a plan.

Rooms are locked first, then the person, then the plans by id; repeating a verb changes nothing.
Source: Workplace API, sections 2 and 8; section 13, "Intentions" and "Concurrency".
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import QuerySet

from booking.domain import reservations
from booking.domain.reservations import SlotTaken
from workplace.domain import (
    intention_conflicts,
    intention_invitations,
    intention_people,
    intention_requests,
    intention_rooms,
    intention_states,
    intention_times,
    intention_writes,
)
from workplace.domain.intention_people import NO_TEAM, Asker, TeamNames
from workplace.domain.intention_states import Verb
from workplace.domain.places import Place
from workplace.domain.refusals import NotAllowed, StaleVersion, missing
from workplace.domain.versions import Known
from workplace.models import OPEN_STATUSES, Intention, IntentionStatus

ANYTHING = Known()

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """How a plan is cancelled: for all who are invited too, and what else becomes different about it."""

    reason: str = ""
    is_for_all: bool = False
    preferences: Sequence[str] | None = None
    team: TeamNames = NO_TEAM


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """The plan, and the ids of all that are cancelled by the call, its own among them."""

    intention: Intention
    cancelled_ids: Sequence[str]


def accept(
    intention_id: str,
    *,
    asker: Asker,
    is_forced: bool = False,
    known: Known = ANYTHING,
    now: dt.datetime,
) -> Intention:
    """Accept a plan, or join again one that was declined or cancelled and is not over.

    :raises NotFound: :raises StaleVersion: :raises InvalidState: :raises InTheWay:
    :raises RoomConflict: :raises Invalid: when its room cannot be booked any more.
    """

    def work() -> Intention:
        intention = _locked(asker, intention_id, known=known)
        if _next(intention, Verb.ACCEPT, now=now) != intention.status:
            _accept(intention, asker=asker, is_forced=is_forced, now=now)
        return intention

    return _in_transaction(work)


def decline(
    intention_id: str,
    *,
    asker: Asker,
    reason: str = "",
    known: Known = ANYTHING,
    now: dt.datetime,
) -> Intention:
    """Decline an invitation, and tell who invited.

    :raises NotFound: :raises StaleVersion: :raises NotAnInvitation: :raises InvalidState:
    """

    def work() -> Intention:
        intention = _locked(asker, intention_id, known=known)
        if _next(intention, Verb.DECLINE, now=now) != intention.status:
            _withdraw(
                intention, status=IntentionStatus.DECLINED, reason=reason, asker=asker, now=now
            )
            intention_invitations.tell_declined(intention, now=now)
        return intention

    return _in_transaction(work)


def cancel(
    intention_id: str,
    wanted: Cancellation,
    *,
    asker: Asker,
    known: Known = ANYTHING,
    now: dt.datetime,
) -> Cancelled:
    """Cancel a plan, for all who are invited too if that is wanted and who asks may.

    :raises NotFound: :raises StaleVersion: :raises NotAllowed: :raises InvalidState:
    :raises TooLateForRoom:
    """

    def work() -> Cancelled:
        intention = _locked(asker, intention_id, known=known)
        _next(intention, Verb.CANCEL, now=now)
        if wanted.is_for_all:
            _check_inviter(intention, asker)
        _note(intention, wanted, asker=asker, now=now)
        chosen = _family(intention) if wanted.is_for_all else [intention]
        cancelled = [one for one in chosen if one.status in OPEN_STATUSES]
        for one in cancelled:
            _cancel(one, wanted, by_guest=one.pk == intention.pk, asker=asker, now=now)
        mine = next(one for one in chosen if one.pk == intention.pk)
        ids = {mine.pk, *(one.pk for one in cancelled)}
        return Cancelled(intention=mine, cancelled_ids=sorted(ids))

    return _in_transaction(work)


def delete(intention_id: str, *, asker: Asker, now: dt.datetime) -> None:
    """Remove a plan for good, with the invitations that are parts of it.

    :raises NotFound: also the second time.
    """

    def work() -> None:
        intention = _locked(asker, intention_id)
        chosen = _family(intention) if intention.parent_id is None else [intention]
        for one in sorted(chosen, key=lambda each: each.parent_id is None):
            _let_go(one, asker=asker, now=now)
            intention_writes.delete(one, now=now)

    _in_transaction(work)


def visible_to(asker: Asker) -> QuerySet[Intention]:
    """Select the plans that a tenant sees: those of its people and teams; on the website one's own."""
    found = Intention.objects.select_related(
        "site", "layer", "zone", "room__site", "person__organization", "team", "invited_by"
    ).select_related("meeting", "parent__meeting", "parent__person")
    if asker.person is not None:
        return found.filter(person=asker.person)
    if asker.tenant.is_operator:
        return found
    return found.filter(organization=asker.tenant.organization_id)


def _in_transaction(work: Callable[[], Done]) -> Done:
    try:
        return reservations.in_transaction(work)
    except SlotTaken as refusal:
        raise intention_requests.room_taken(refusal) from refusal


def _locked(asker: Asker, intention_id: str, *, known: Known = ANYTHING) -> Intention:
    """Lock the room, the person and the plan, and see that it is what the writer knew."""
    seen = visible_to(asker).filter(pk=intention_id).first()
    if seen is None:
        raise missing("intention_id", "Intention")
    intention_rooms.lock(seen)
    if seen.person_id:
        intention_people.lock(seen.person_id)
    rows = visible_to(asker).select_for_update(of=("self",)).filter(pk=intention_id)
    intention = rows.first()
    if intention is None:  # deleted by somebody else in this very moment
        raise missing("intention_id", "Intention")
    if known.is_stale(intention):
        raise StaleVersion
    return intention


def _family(intention: Intention) -> list[Intention]:
    rows = Intention.objects.select_related(
        "site", "room", "team", "person", "invited_by", "meeting", "parent"
    )
    family = rows.filter(intention_invitations.family_of(intention)).order_by("pk")
    return list(family.select_for_update(of=("self",)))


def _next(intention: Intention, verb: Verb, *, now: dt.datetime) -> str:
    return intention_states.next_status(
        intention.status,
        verb,
        is_invitation=intention.invited_by_id is not None or intention.parent_id is not None,
        is_over=intention.ends_at <= now,
    )


def _accept(intention: Intention, *, asker: Asker, is_forced: bool, now: dt.datetime) -> None:
    site = intention.site
    superseded = intention_conflicts.check(
        intention,
        place=Place(layer=intention.layer, zone=intention.zone, room=intention.room),
        when=intention_times.at(site, starts_at=intention.starts_at, ends_at=intention.ends_at),
        is_forced=is_forced,
        now=now,
    )
    booked: Mapping[str, Any] = {}
    if intention_rooms.needs_booking(intention):
        token = intention_requests.token_of(asker)
        intention_rooms.book(
            intention,
            booker=intention_rooms.booker_of(intention.person, intention.team, token=token),
            attendees=1 + intention.children.filter(status__in=OPEN_STATUSES).count(),
            api_token=token,
            now=now,
        )
        booked = {"meeting": intention.meeting, "ends_at": intention.ends_at}
    intention_writes.change(
        intention, status=IntentionStatus.ACCEPTED, reason="", now=now, **booked
    )
    intention_requests.supersede(superseded, by=intention, now=now)


def _withdraw(
    intention: Intention,
    *,
    status: IntentionStatus,
    reason: str,
    asker: Asker,
    now: dt.datetime,
) -> None:
    intention_writes.withdraw(intention, status=status, reason=reason, by=asker.person, now=now)


def _cancel(
    one: Intention, wanted: Cancellation, *, by_guest: bool, asker: Asker, now: dt.datetime
) -> None:
    _withdraw(one, status=IntentionStatus.CANCELLED, reason=wanted.reason, asker=asker, now=now)
    if one.parent_id is not None and not by_guest:
        intention_invitations.tell_cancelled(one, now=now)


def _note(intention: Intention, wanted: Cancellation, *, asker: Asker, now: dt.datetime) -> None:
    """Write what else the call says about the plan."""
    fields: dict[str, Any] = {}
    if wanted.preferences is not None and list(wanted.preferences) != intention.preferences:
        fields["preferences"] = list(wanted.preferences)
    team = intention_people.team(asker, wanted.team, of=intention.person)
    if team is not None and team.pk != intention.team_id:
        fields["team"] = team
    if fields:
        intention_writes.change(intention, now=now, **fields)


def _check_inviter(intention: Intention, asker: Asker) -> None:
    """Refuse to cancel for all unless the inviter asks, their organization's key, or an administrator.

    :raises NotAllowed:
    """
    root = intention.parent or intention
    if asker.person is not None:
        is_inviter = asker.person.pk in (root.person_id, root.created_by_id)
    else:
        organization_id = asker.tenant.organization_id
        is_inviter = organization_id is not None and organization_id == root.organization_id
    if not (is_inviter or asker.may_override):
        raise NotAllowed(message="Only the inviter can cancel for all who are invited")


def _let_go(intention: Intention, *, asker: Asker, now: dt.datetime) -> None:
    """Give back what a plan holds before it is removed; a meeting that has begun goes on."""
    if intention.meeting is not None and intention.meeting.starts_at > now:
        intention_rooms.give_back(intention, reason="", by=asker.person, now=now)
    intention_writes.release_seats(intention, now=now)
