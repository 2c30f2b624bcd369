"""Leases: on which days a room is let.

Source: Public API, GET /api/organization-info, `allocatedRooms[].contractEndDate`.
"""

import datetime as dt
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.db.models import DateField, F, Value
from django.db.models.functions import Coalesce

from config.errors import DomainError
from organizations.models import Organization
from sites_app.models import RoomLease


class RoomLetToAnother(DomainError):
    """The lease would run into one of another tenant."""

    code = "ROOM_LET_TO_ANOTHER"
    status = 409
    message = "A room of this contract is let to another tenant in that time."


class ContractEndsTooSoon(DomainError):
    """The contract would be over before one of its rooms is let."""

    code = "CONTRACT_ENDS_TOO_SOON"
    status = 409
    message = "The contract would end before a room of it is let."

    def __init__(self, lease: RoomLease) -> None:
        assert lease.starts_on is not None  # none is without beginning that begins too late
        super().__init__(
            f"The lease of {lease.room.display_name} begins on {lease.starts_on}, after that day."
        )
        self.room, self.starts_on = lease.room.display_name, lease.starts_on


class LetDays(Protocol):
    """What says when a room is let: local days, both of the lease; None is without bound."""

    @property
    def starts_on(self) -> dt.date | None: ...

    @property
    def ends_on(self) -> dt.date | None: ...


def covers(lease: LetDays, day: dt.date) -> bool:
    """Say whether a room is let on a day; the lease's first and last day are its own."""
    has_begun = lease.starts_on is None or lease.starts_on <= day
    return has_begun and (lease.ends_on is None or day <= lease.ends_on)


def end_of(*, own_end_on: dt.date | None, contract_end_on: dt.date | None) -> dt.date | None:
    """Return the last day of a lease: its own end, else the contract's, else none."""
    return own_end_on or contract_end_on


def check_contract_end(organization_id: str, end_on: dt.date | None) -> None:
    """Refuse an end of the contract before a lease that follows it has begun.

    :raises ContractEndsTooSoon: naming the first such room.
    """
    following = RoomLease.objects.filter(organization=organization_id, own_end_on=None)
    late = following.filter(starts_on__gt=end_on) if end_on else following.none()
    if lease := late.select_related("room").order_by("starts_on", "id").first():
        raise ContractEndsTooSoon(lease)


def terms_of(organization_id: str) -> set[tuple[Any, ...]]:
    """Return the leases of an organization, each as its room's id, first and last day, and price."""
    found = RoomLease.objects.filter(organization=organization_id)
    return set(found.values_list("room_id", "starts_on", "ends_on", "price"))


def follow_contract(organization: Organization) -> None:
    """Bring the ends of an organization's leases up to date after its contract's end has changed.

    Nothing is changed when it is refused.

    :raises ContractEndsTooSoon: when one would be over before it begins.
    :raises RoomLetToAnother: when one would run into the next tenant's.
    """
    check_contract_end(organization.pk, organization.rental_end_on)
    contract_end = Value(organization.rental_end_on, output_field=DateField())
    try:
        with transaction.atomic():
            organization.leases.update(ends_on=Coalesce(F("own_end_on"), contract_end))
    except IntegrityError as error:
        raise RoomLetToAnother from error
