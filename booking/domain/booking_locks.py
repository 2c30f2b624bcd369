"""The locks of a booking: its rooms, then its person and their company, in one statement.

What the plan knows of the person was read without a lock; under it, it is looked at again, so that
nobody who was archived meanwhile gets a booking.
Source: architecture, "rooms by id, then the person, then meetings".
"""

from typing import Any

from booking.domain import reservations
from config import prepared
from config.errors import DomainError
from organizations.models import User

Standing = tuple[Any, ...]

# The rooms are named in the condition on the person, so that they are locked first.
_LOCK = f"""
WITH locked AS MATERIALIZED ({reservations.LOCK}),
rooms AS MATERIALIZED (SELECT coalesce(array_agg(id ORDER BY id), '{{}}') AS ids FROM locked),
person AS MATERIALIZED (
    SELECT * FROM organizations_user
     WHERE id = %(person)s AND (SELECT ids FROM rooms) IS NOT NULL FOR SHARE
),
company AS MATERIALIZED (
    SELECT * FROM organizations_organization
     WHERE id = (SELECT organization_id FROM person) FOR SHARE
)
SELECT rooms.ids, person.is_archived, person.role, person.email_verified_at,
       person.organization_id, coalesce(company.is_archived, false)
  FROM rooms LEFT JOIN person ON true LEFT JOIN company ON true
"""  # noqa: S608 - our own statements


class PersonChanged(DomainError):
    """The person or their company became somebody else for the rules between the look and the lock."""

    code = "PERSON_CHANGED"
    status = 409
    message = "The account was changed at this moment. Please try again."


def lock(room_id: str, *, known: User | None) -> list[str]:
    """Lock the room with its parts, and the person if any; return the rooms' ids.

    Others may go on booking for the same person; who archives them waits.

    :raises PersonChanged: when the person is not as known.
    """
    parameters = {"rooms": [room_id], "person": known.pk if known else None}
    row = prepared.first_row(_LOCK, parameters)
    assert row is not None  # its first table has one row
    room_ids, *standing = row
    if known is not None and tuple(standing) != _standing(known):
        raise PersonChanged
    return list(room_ids)


def check_unchanged(person: User, *, known: User | None) -> None:
    """Compare a person who is locked already with what was known of them before.

    :raises PersonChanged:
    """
    if known is not None and _standing(person) != _standing(known):
        raise PersonChanged


def _standing(person: User) -> Standing:
    """Return all by which a person is existing, new or archived."""
    company = person.organization
    return (
        person.is_archived,
        person.role,
        person.email_verified_at,
        person.organization_id,
        company is not None and company.is_archived,
    )
