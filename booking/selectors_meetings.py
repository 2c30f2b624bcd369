"""Reads of single meetings and of series, as far as somebody may see them."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from booking.models import Meeting, MeetingStatus
from organizations.models import ApiRole, User

STANDING = (MeetingStatus.CONFIRMED, MeetingStatus.PENDING)


def visible_to(person: User) -> QuerySet[Meeting]:
    """Select the meetings that a person made or that belong to their organization; app-admins see all.

    Source: public-api, section 1, Roles, "Cancelling and changing through the API".
    """
    found = Meeting.objects.select_related(
        "room__site", "organizer__organization", "organization", "series"
    )
    if person.api_role == ApiRole.APP_ADMIN:
        return found
    mine = Q(organizer=person) | Q(api_token__owner=person)
    if person.organization_id is not None:
        mine |= Q(organization=person.organization_id)
    return found.filter(mine)


def meeting(meeting_id: str, *, person: User) -> Meeting | None:
    """Return a meeting with its room, site and people, None when the person may not see it."""
    return visible_to(person).filter(id=meeting_id).first()


def stands(meeting_id: str) -> bool:
    """Whether a meeting is confirmed or held, so that there is something to move or cancel."""
    return Meeting.objects.filter(pk=meeting_id, status__in=STANDING).exists()


def of_series(series_id: str, *, person: User) -> Sequence[Meeting]:
    """Return the meetings of a series that the person may see, by start."""
    return list(visible_to(person).filter(series=series_id).order_by("starts_at", "id"))


def to_come_with(meeting: Meeting) -> Sequence[Meeting]:
    """Return all meetings of the same series and contact, by start, with their room and site."""
    if meeting.series_id is None:
        return []
    found = Meeting.objects.select_related("room__site").filter(
        series=meeting.series_id,
        contact_email=meeting.contact_email,
        organization=meeting.organization_id,
    )
    return list(found.order_by("starts_at", "id"))
