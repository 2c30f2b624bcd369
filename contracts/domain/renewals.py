"""The end of contracts: notices before it, renewal on it, rooms free after it.

Each organization is handled in a transaction of its own, under its rooms' and its row's lock; a
notice is a row of its own, so that whoever comes second finds it told. Rooms need no freeing: a
lease without an end of its own ends with the contract.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction

from apitokens.domain import events
from contracts import selectors
from contracts.domain import allocations, contract_mails, months
from contracts.domain.allocations import RoomChange
from contracts.models import ContractNotice, NoticeKind
from organizations.models import Organization

NOTICE_DAYS = {NoticeKind.SIXTY_DAYS: 60, NoticeKind.THIRTY_DAYS: 30}

log = structlog.get_logger(__name__)


def run(*, now: dt.datetime) -> int:
    """Renew what ends today or ended lately, and tell of what ends soon; return how many were handled.

    What goes wrong with one organization is logged and holds up no other; the next run tries again.
    """
    today = now.date()
    found = selectors.contracts_ending(
        since=today - dt.timedelta(days=settings.RENEWAL_GRACE_DAYS),
        until=today + dt.timedelta(days=max(NOTICE_DAYS.values())),
    )
    count = 0
    for organization_id in found:
        try:
            count += handle(organization_id, now=now)
        except Exception:
            log.exception("contracts.end_failed", organization=organization_id)
    return count


@transaction.atomic
def handle(organization_id: str, *, now: dt.datetime) -> bool:
    """Renew one contract or tell of its end, whichever is due; tell whether anything was."""
    rooms = allocations.lock_rooms(organization_id, RoomChange())
    locked = Organization.objects.select_for_update(no_key=True)
    organization = locked.get(pk=organization_id)
    end, today = organization.rental_end_on, now.date()
    if end is None or organization.is_archived:
        return False
    if end > today:
        return _give_notice(organization, days_left=(end - today).days, now=now)
    if organization.renewal_months and (today - end).days <= settings.RENEWAL_GRACE_DAYS:
        return _renew(organization, rooms, now=now)
    return False


def _renew(organization: Organization, rooms: Mapping[str, Any], *, now: dt.datetime) -> bool:
    """Move the end on, as often as it takes to lie ahead; rooms that follow the contract do so.

    A room that is already let to the next tenant keeps the contract from renewing: staff decide.
    """
    old, today = organization.rental_end_on, now.date()
    assert old is not None
    assert organization.renewal_months
    end, times = old, 0
    while end <= today:
        times += 1
        end = months.renewed_end(old, months=times * organization.renewal_months)
    organization.rental_end_on, organization.updated_at = end, now
    try:
        with transaction.atomic():
            organization.save(update_fields=["rental_end_on", "updated_at"])
            allocations.write(
                organization, RoomChange(), rooms=rooms, starts_with_contract=False, now=now
            )
    except (allocations.RoomAllocated, IntegrityError) as refusal:
        log.warning("contracts.not_renewed", organization=organization.pk, why=str(refusal))
        return False
    _record("contract.renewed", organization, {"from": str(old), "until": str(end)}, now=now)
    contract_mails.renewed(organization, now=now)
    return True


def _give_notice(organization: Organization, *, days_left: int, now: dt.datetime) -> bool:
    """Tell of the end once for each notice; one that was missed is overtaken by the next."""
    end = organization.rental_end_on
    assert end is not None
    due = [kind for kind, days in NOTICE_DAYS.items() if days_left <= days]
    if not due:
        return False
    kind = min(due, key=lambda one: NOTICE_DAYS[one])
    _notice, is_new = ContractNotice.objects.get_or_create(
        organization=organization,
        kind=kind,
        ends_on=end,
        defaults={"at": now},
    )
    if not is_new:
        return False
    data = {
        "endsOn": str(end),
        "days": NOTICE_DAYS[kind],
        "renewalMonths": organization.renewal_months,
    }
    _record("contract.ending", organization, data, now=now)
    contract_mails.ending(organization, now=now)
    return True


def _record(
    type_: str, organization: Organization, data: Mapping[str, Any], *, now: dt.datetime
) -> None:
    events.record(
        type=type_,
        kind="organization",
        object_id=organization.pk,
        organization_id=organization.pk,
        data=data,
        now=now,
    )
