"""Intentions as the Workplace API shows them. Source: Workplace API, section 8, "Object"."""

from typing import Any

from workplace.domain import times
from workplace.models import Intention


def intention(row: Intention) -> dict[str, Any]:
    """Show a plan that `selectors_intentions` fetched."""
    return {
        "_id": row.pk,
        "status": row.status,
        "type": row.type,
        "location_id": row.site_id,
        "external_location_id": row.site.external_id or None,
        "layer_id": row.layer_id,
        "zone_id": row.zone_id,
        "room_id": row.room_id,
        "space_id": row.space_id,
        **_who(row),
        "starts_at": times.written(row.starts_at),
        "ends_at": times.written(row.ends_at),
        "timezone": row.timezone,
        "date": row.day.isoformat(),
        "preferences": row.preferences,
        "invited_by": row.invited_by_id,
        "parent_intention_id": row.parent_id,
        "invitees": [_invitee(child) for child in row.invitations],  # type: ignore[attr-defined]  # fetched beside
        "external_id": row.external_id or None,
        "external_type": row.external_type or None,
        "source": row.source,
        "allocation_id": next((seat.pk for seat in row.live_allocations), None),  # type: ignore[attr-defined]  # as above
        "reason": row.reason or None,
        "version": row.version,
        "created_at": times.written(row.created_at),
        "updated_at": times.written(row.updated_at),
    }


def _who(row: Intention) -> dict[str, Any]:
    person, team = row.person, row.team
    return {
        "people_id": row.person_id,
        "people_first_name": person.first_name or None if person else None,
        "people_last_name": person.last_name or None if person else None,
        "people_email": person.email if person else None,
        "team_id": row.team_id,
        "team_name": team.name if team else None,
    }


def _invitee(child: Intention) -> dict[str, Any]:
    return {"people_id": child.person_id, "intention_id": child.pk, "status": child.status}
