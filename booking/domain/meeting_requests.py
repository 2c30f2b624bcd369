"""Meeting requests: the one way in which a booking is made, for the API, the website and staff.

First everything is checked without a lock, which refuses nearly all that will be refused. Then, in
one transaction, the rooms are locked, stale holds let go, the time looked at again, and the
meeting, its reservations, its event and its mail written.
Source: Public API, POST /api/meeting-request; public-api, section 2; architecture.
"""

import datetime as dt

from booking.domain import alternatives, booking_writes, refused_demand, reservations
from booking.domain.booking_locks import PersonChanged
from booking.domain.booking_plans import InvalidStart, MeetingRequest, Plan, RulesBroken, Source
from booking.domain.booking_writes import TooManyOpenRequests
from booking.domain.limits import LimitReached
from booking.domain.outcomes import MeetingOutcome, OutcomeStatus
from booking.domain.reservations import SlotTaken
from config.errors import DomainError

__all__ = [
    "InvalidStart",
    "LimitReached",
    "MeetingOutcome",
    "MeetingRequest",
    "OutcomeStatus",
    "PersonChanged",
    "RulesBroken",
    "SlotTaken",
    "Source",
    "TooManyOpenRequests",
    "request_meeting",
]


def request_meeting(request: MeetingRequest, *, now: dt.datetime) -> MeetingOutcome:
    """Book the room: at once for existing people, held until registration or a mailed link for others.

    A stranger on the website gets the same answer for every address, and the slot is held in every
    case, because anybody can look at the calendar; only the mailbox is told what is the matter.

    :raises RoomNotFound: :raises RoomNotPublic: :raises ContractRequired: :raises InvalidEmail:
    :raises InvalidStart: :raises RulesBroken: :raises InvalidQuote: :raises TooManyOpenRequests:
    :raises LimitReached: :raises PersonChanged: when that happened twice in this moment.
    :raises SlotTaken: with alternatives that can be booked instead.
    """
    try:
        return _request(request, now=now)
    except PersonChanged:  # archived, for one, between the look and the lock
        return _request(request, now=now)


def _request(request: MeetingRequest, *, now: dt.datetime) -> MeetingOutcome:
    plan = Plan.make(request)
    if (
        plan.person is not None
        and plan.person.counts_as_archived
        and not request.is_anonymous_visit
    ):
        return plan.archived()
    try:
        plan.check(now=now)
        meeting = reservations.in_transaction(
            lambda: booking_writes.book(plan, now=now), dry_run=request.dry_run
        )
    except SlotTaken as refusal:
        refusal.alternatives = alternatives.find(plan.wish, now=now)
        _note(plan, refusal, now=now)
        raise
    except (TooManyOpenRequests, LimitReached) as refusal:
        _note(plan, refusal, now=now)
        raise
    return plan.outcome(meeting)


def _note(plan: Plan, refusal: DomainError, *, now: dt.datetime) -> None:
    if not plan.request.dry_run:
        refused_demand.note_booking(plan, reason=refusal.code, now=now)
