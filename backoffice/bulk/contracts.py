"""Companies of a bulk file: their terms, the sites they may enter, the rooms and options they have."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backoffice.bulk import children
from backoffice.bulk.children import Child
from backoffice.bulk.files import File
from backoffice.bulk.rows import Change
from config import money
from contracts.models import ContractOption, Rate
from organizations.models import Organization, OrganizationStatus
from sites_app.domain import leases
from sites_app.models import RoomLease, SiteMembership


def settle(changes: Sequence[Change], file: File) -> None:
    lists = file.lists_of("organizations", children.CONTRACT_OPTIONS)
    stored: dict[str, list[ContractOption]] = {}
    for option in ContractOption.objects.filter(organization__in=lists).order_by("number"):
        stored.setdefault(option.organization_id, []).append(option)
    for change in changes:
        row, given = change.row, change.entry.values
        if "status" not in given and change.is_new:
            row.status = OrganizationStatus.ACTIVE
        if "rental_price_text" in given and "base_price" not in given:
            text = row.rental_price_text
            row.base_price = money.parse_amount(text) if text else None
        _number_options(row, lists.get(change.entry.id, ()), stored.get(change.entry.id, ()))


def _number_options(
    organization: Organization, options: Sequence[Child], stored: Iterable[ContractOption]
) -> None:
    """Give options without an id that of the stored one of their rate, else the next, never used before."""
    numbers = {child.values["number"] for child in options} - {None}
    free = [option for option in stored if option.number not in numbers]
    following = max([organization.next_option_number, *(number + 1 for number in numbers)])
    for child in (child for child in options if child.values["number"] is None):
        same = next((one for one in free if one.rate_id == child.values["rate_id"]), None)
        if same is not None:
            free.remove(same)
            child.values["number"] = same.number
        else:
            child.values["number"] = following
            following += 1
    organization.next_option_number = following


def write(file: File) -> None:
    _write_memberships(file)
    _write_leases(file)
    options = file.lists_of("organizations", children.CONTRACT_OPTIONS)
    used = {child.values["rate_id"] for found in options.values() for child in found}
    rates = Rate.objects.in_bulk(list(used))
    for child in (child for found in options.values() for child in found):
        rate = rates[child.values["rate_id"]]
        # The rate's own key wins over a contradicting one.
        child.values["key"] = rate.key
        child.values["name"] = child.values["name"] or rate.name
    children.save(children.CONTRACT_OPTIONS, options)
    notices = file.lists_of("organizations", children.CONTRACT_NOTICES)
    children.save(children.CONTRACT_NOTICES, notices)


def _write_memberships(file: File) -> None:
    for entry in file.entries["organizations"]:
        wanted = entry.ids("memberOf")
        if wanted is None:
            continue
        memberships = SiteMembership.objects.filter(organization=entry.id)
        stored = memberships.order_by("position", "id").values_list("site_id", flat=True)
        if list(stored) == wanted:
            continue
        memberships.delete()
        SiteMembership.objects.bulk_create(
            SiteMembership(site_id=site_id, organization_id=entry.id, position=position)
            for position, site_id in enumerate(wanted)
        )


def _write_leases(file: File) -> None:
    wanted = file.lists_of("organizations", children.LEASES)
    ids_ = [entry.id for entry in file.entries["organizations"]]
    contracts = dict(Organization.objects.filter(pk__in=ids_).values_list("pk", "rental_end_on"))
    for organization_id, found in wanted.items():
        for child in found:
            child.values["ends_on"] = leases.end_of(
                own_end_on=child.values["own_end_on"],
                contract_end_on=contracts[organization_id],
            )
    # A room that moves from one tenant of the file to another is free in between.
    for organization_id, found in wanted.items():
        kept = {child.values["room_id"] for child in found}
        RoomLease.objects.filter(organization=organization_id).exclude(room__in=kept).delete()
    children.save(children.LEASES, wanted)
    _follow_contracts(file, wanted, contracts)


def _follow_contracts(
    file: File, wanted: Mapping[str, Any], contracts: Mapping[str, dt.date | None]
) -> None:
    for entry in file.entries["organizations"]:
        if entry.id not in wanted and "rental_end_on" in entry.values:
            stale = [
                lease
                for lease in RoomLease.objects.filter(organization=entry.id, own_end_on=None)
                if lease.ends_on != contracts[entry.id]
            ]
            for lease in stale:
                lease.ends_on = contracts[entry.id]
            RoomLease.objects.bulk_update(stale, ["ends_on"])
