"""Merging contracts: terms, rooms and options of one organization changed at once, or not at all.

Rooms are locked first, in id order, then the organization's row, so that two merges for the same
rooms or the same organization follow each other.
Source: Public API, POST /api/merge-contract; public-api, section 2; safety, S-12.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError

from apitokens.domain import callers, events
from apitokens.domain.customers import OrganizationNotFound
from config import rehearsal
from config.errors import DomainError
from contracts.domain import allocations, ordered_options, rental_terms
from contracts.domain.allocations import RoomChange
from contracts.domain.ordered_options import OptionChange
from organizations.models import ApiRole, Organization, User
from sites_app.domain.leases import RoomLetToAnother

_LEASE_CONSTRAINT = "lease_one_tenant_at_a_time"


class OwnContract(DomainError):
    """Nobody but an application administrator sets the terms of their own organization."""

    code = "OWN_CONTRACT"
    status = 403
    message = "Forbidden: a token cannot change the contract of its owner's organization"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What is to change; `terms` holds, by column, only the terms that were given."""

    organization_id: str
    terms: Mapping[str, Any] = field(default_factory=dict)
    rooms: RoomChange = field(default_factory=RoomChange)
    options: OptionChange = field(default_factory=OptionChange)
    dry_run: bool = False


def merge(wanted: Merge, *, by: User, now: dt.datetime) -> Organization:
    """Change an organization's contract as `by` asks; what changed is an event and stands in the history.

    :raises OrganizationNotFound: :raises OwnContract: :raises rental_terms.InvalidTerms:
    :raises RoomNotFound: :raises allocations.RoomNotLeasable:
    :raises allocations.RoomAllocated: :raises ordered_options.OptionNotFound:
    :raises ordered_options.OptionHeldTwice: :raises ordered_options.InvalidOptionDates:
    """
    _check_may_change(wanted.organization_id, by=by)
    try:
        with rehearsal.transaction_unless(dry_run=wanted.dry_run):
            return _merge(wanted, now=now)
    except IntegrityError as error:
        # Somebody who does not lock rooms, such as an import, was faster.
        if _LEASE_CONSTRAINT in str(error):
            raise RoomLetToAnother from error
        raise


def _check_may_change(organization_id: str, *, by: User) -> None:
    if by.api_role == ApiRole.APP_ADMIN:
        return
    if by.organization_id == organization_id:
        raise OwnContract
    if not callers.may_see(by, organization_id=organization_id):
        raise OrganizationNotFound


def _merge(wanted: Merge, *, now: dt.datetime) -> Organization:
    if not Organization.objects.filter(pk=wanted.organization_id).exists():
        raise OrganizationNotFound
    rooms = allocations.lock_rooms(wanted.organization_id, wanted.rooms)
    locked = Organization.objects.select_for_update(no_key=True)
    organization = locked.get(pk=wanted.organization_id)
    changed = rental_terms.write(organization, wanted.terms, now=now)
    if not wanted.rooms.is_none or "rentalEndAt" in changed:
        rooms_changed = allocations.write(
            organization,
            wanted.rooms,
            rooms=rooms,
            starts_with_contract="rental_start_on" in wanted.terms,
            now=now,
        )
        changed += ["rooms"] if rooms_changed else []
    if ordered_options.write(organization, wanted.options, now=now):
        changed.append("contractOptions")
    if changed:
        _record(organization, changed, now=now)
    return organization


def _record(organization: Organization, changed: list[str], *, now: dt.datetime) -> None:
    events.record(
        type="contract.changed",
        kind="organization",
        object_id=organization.pk,
        organization_id=organization.pk,
        data={"changed": changed},
        now=now,
    )
