"""Leases: until which day a room is let.

Source: Public API, GET /api/organization-info, `allocatedRooms[].contractEndDate`.
"""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import DateField, F, Value
from django.db.models.functions import Coalesce

from config.errors import DomainError
from organizations.models import Organization


class RoomLetToAnother(DomainError):
    """The lease would run into one of another tenant."""

    code = "ROOM_LET_TO_ANOTHER"
    status = 409
    message = "A room of this contract is let to another tenant in that time."


def end_of(*, own_end_on: dt.date | None, contract_end_on: dt.date | None) -> dt.date | None:
    """Return the last day of a lease: its own end, else the contract's, else none."""
    return own_end_on or contract_end_on


def follow_contract(organization: Organization) -> None:
    """Bring the ends of an organization's leases up to date after its contract's end has changed.

    :raises RoomLetToAnother: when one would run into the next tenant's; nothing is changed then.
    """
    contract_end = Value(organization.rental_end_on, output_field=DateField())
    try:
        with transaction.atomic():
            organization.leases.update(ends_on=Coalesce(F("own_end_on"), contract_end))
    except IntegrityError as error:
        raise RoomLetToAnother from error
