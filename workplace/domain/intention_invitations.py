"""Invitations: plans that wait for the answer of the people they name, as parts of another's plan.

Source: Workplace API, section 8, `invitees` and "Team-only intention"; sections 9 and 13, "Intentions".
"""

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.db.models import Q

from organizations.domain import outbox, typed_texts
from organizations.models import ScheduleVisibility, User
from sites_app.domain import workplace_settings
from workplace.domain import intention_conflicts, intention_times, intention_writes
from workplace.domain.intention_conflicts import InTheWay
from workplace.domain.intention_people import Asker
from workplace.domain.places import Place
from workplace.domain.refusals import Detail, Invalid
from workplace.models import Intention, IntentionSource, IntentionStatus, TeamMembership


class NotOpenToInvitation(Invalid):
    """The person's schedule is hidden, or open only to the people of their teams."""

    code = "not_open_to_invitation"


def check_open(guest: User, *, inviter: User | None) -> None:
    """Refuse to invite who does not want to be; a restricted schedule is open to their teams' people.

    :raises NotOpenToInvitation:
    """
    visibility = guest.schedule_visibility
    if visibility == ScheduleVisibility.OPEN:
        return
    if visibility == ScheduleVisibility.RESTRICTED and _share_a_team(guest, inviter):
        return
    message = "This person is not open to invitation"
    raise NotOpenToInvitation([Detail(path="invitees", message=message)])


def _share_a_team(guest: User, inviter: User | None) -> bool:
    if inviter is None:
        return False
    theirs = TeamMembership.objects.filter(person=inviter.pk).values("team")
    return TeamMembership.objects.filter(person=guest.pk, team__in=theirs).exists()


def invite(
    parent: Intention, guests: Sequence[User], *, asker: Asker, is_answered: bool, now: dt.datetime
) -> list[Intention]:
    """Write an invitation for each guest, who is locked, and mail those who have to answer.

    Where the location accepts invitations at once (and the call lets it: `is_answered`), those that
    nothing is in the way of are.
    """
    inviter = parent.person or asker.person
    accepts = is_answered and workplace_settings.read(parent.site.workplace_settings).auto_accept
    made = []
    for guest in guests:
        invitation = _invitation(parent, guest, inviter=inviter, asker=asker)
        if accepts and _is_free(invitation, parent, now=now):
            invitation.status = IntentionStatus.ACCEPTED
        intention_writes.insert(invitation, now=now)
        if invitation.status == IntentionStatus.PENDING:
            _mail("intention_invited", invitation, inviter=inviter, now=now)
        made.append(invitation)
    return made


def _invitation(parent: Intention, guest: User, *, inviter: User | None, asker: Asker) -> Intention:
    return Intention(
        organization_id=guest.organization_id,
        status=IntentionStatus.PENDING,
        type=parent.type,
        site=parent.site,
        layer=parent.layer,
        zone=parent.zone,
        room=parent.room,
        person=guest,
        team=parent.team,
        starts_at=parent.starts_at,
        ends_at=parent.ends_at,
        timezone=parent.timezone,
        day=parent.day,
        invited_by=inviter,
        parent=parent,
        created_by=asker.person,
        source=IntentionSource.INVITE,
    )


def _is_free(invitation: Intention, parent: Intention, *, now: dt.datetime) -> bool:
    when = intention_times.at(parent.site, starts_at=parent.starts_at, ends_at=parent.ends_at)
    place = Place(layer=parent.layer, zone=parent.zone, room=parent.room)
    try:
        return not intention_conflicts.check(
            invitation, place=place, when=when, is_forced=False, now=now
        )
    except InTheWay:
        return False


def family_of(intention: Intention) -> Q:
    """Return the condition for a plan, what it is part of, and all parts of that."""
    root = intention.parent_id or intention.pk
    return Q(pk=root) | Q(parent=root)


def tell_cancelled(invitation: Intention, *, now: dt.datetime) -> None:
    """Tell a guest that what they were invited to is off."""
    _mail("intention_cancelled", invitation, inviter=invitation.invited_by, now=now)


def tell_declined(invitation: Intention, *, now: dt.datetime) -> None:
    """Tell who invited that a guest does not come, and why if the guest says so."""
    inviter, guest = invitation.invited_by, invitation.person
    if inviter is None or guest is None or inviter.is_archived:
        return
    facts = _facts(invitation, inviter=inviter) | {
        "guest": typed_texts.harmless(guest.full_name or guest.email),
        "reason": typed_texts.harmless(invitation.reason),
    }
    outbox.enqueue(
        template="intention_declined",
        to=inviter.email,
        language=inviter.language,
        context=facts,
        now=now,
    )


def _mail(template: str, invitation: Intention, *, inviter: User | None, now: dt.datetime) -> None:
    guest = invitation.person
    assert guest is not None
    outbox.enqueue(
        template=template,
        to=guest.email,
        language=guest.language,
        context=_facts(invitation, inviter=inviter),
        now=now,
    )


def _facts(invitation: Intention, *, inviter: User | None) -> dict[str, str]:
    """Return what a mail tells, as JSON; instants are in the location's zone."""
    tz = ZoneInfo(invitation.site.time_zone)
    return {
        "inviter": typed_texts.harmless(inviter.full_name if inviter else ""),
        "site": invitation.site.name,
        "room": invitation.room.display_name if invitation.room else "",
        "team": typed_texts.harmless(invitation.team.name if invitation.team else ""),
        "starts_at": invitation.starts_at.astimezone(tz).isoformat(),
        "ends_at": invitation.ends_at.astimezone(tz).isoformat(),
        "day": invitation.day.isoformat(),
    }
