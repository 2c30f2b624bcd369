"""Reads for the secret calendars of people and companies."""

import datetime as dt

from django.db.models import Q

from booking.models import CalendarLink, Meeting, MeetingStatus

MOST_EVENTS = 2_000
"""How many meetings a calendar holds: the latest; programs refuse feeds of many megabytes."""


def by_hash(secret_hash: str) -> CalendarLink | None:
    """Return the link with its person, their company or its company."""
    links = CalendarLink.objects.select_related("person__organization", "organization")
    return links.filter(secret_hash=secret_hash).first()


def of_person(person_id: str) -> CalendarLink | None:
    """Return the person's link."""
    return CalendarLink.objects.filter(person=person_id).first()


def of_organization(organization_id: str | None) -> CalendarLink | None:
    """Return the company's link."""
    return (
        CalendarLink.objects.filter(organization=organization_id).first()
        if organization_id
        else None
    )


def meetings_of(
    link: CalendarLink, *, since: dt.datetime, gone_since: dt.datetime, now: dt.datetime
) -> list[Meeting]:
    """List the owner's meetings that end after `since`, with room, site and entry, by start.

    Confirmed ones, live holds, and for a while what is no longer: what was cancelled or ran out
    after `gone_since`, so that programs take it out.
    """
    owner = Q(organizer=link.person_id) if link.person_id else Q(organization=link.organization_id)
    is_held = Q(status=MeetingStatus.PENDING, hold_expires_at__gt=now)
    is_gone = Q(
        status__in=(MeetingStatus.CANCELLED, MeetingStatus.EXPIRED), revised_at__gt=gone_since
    )
    chosen = (
        Meeting.objects.filter(owner, ends_at__gt=since)
        .filter(Q(status=MeetingStatus.CONFIRMED) | is_held | is_gone)
        .select_related("room__site", "calendar_entry")
        .order_by("-starts_at", "-id")
    )
    return list(chosen[:MOST_EVENTS])[::-1]
