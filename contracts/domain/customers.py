"""An organization and its contract, for those who may see it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from apitokens.domain import callers
from apitokens.domain.customers import OrganizationNotFound
from contracts import selectors
from contracts.models import ContractOption
from organizations.models import Organization, User
from sites_app.domain import local_days
from sites_app.models import RoomLease, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """An organization with the rooms it has or will have, its sites in order, and its options."""

    organization: Organization
    leases: Sequence[RoomLease]
    sites: Sequence[Site]
    options: Sequence[ContractOption]


def contract_of(organization_id: str, *, asker: User, now: dt.datetime) -> Contract:
    """Return an organization's contract as a token of `asker` may read it.

    :raises OrganizationNotFound: alike for unknown ones and for those of others. Source: safety, S-11.
    """
    may_see = callers.may_see(asker, organization_id=organization_id)
    found = selectors.organization_with_contract(organization_id) if may_see else None
    if found is None:
        raise OrganizationNotFound
    return Contract(
        organization=found,
        leases=[row for row in found.leases.all() if not local_days.is_over(row, now=now)],
        sites=[row.site for row in found.site_memberships.all()],
        options=list(found.contract_options.all()),
    )
