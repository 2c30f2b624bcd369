"""GET /api/organization-info."""

import datetime as dt
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.authentication import token_of
from apitokens.models import Scope
from config import clock
from config.api import inputs
from config.api.envelope import ok
from config.api.views import ApiView
from config.money import json_number
from contracts.domain import customers
from contracts.domain.customers import Contract
from contracts.models import ContractOption
from sites_app.models import RoomLease, Site


class OrganizationInfoView(ApiView):
    """Tells an organization's contract: rooms, sites, options and monthly rent."""

    required_scope = {"GET": Scope.READ}

    def get(self, request: Request) -> Response:
        given = inputs.query(request)
        given.require("id")
        organization_id = given.object_id("id", message="Invalid organization ID format")
        assert organization_id is not None
        contract = customers.contract_of(
            organization_id, asker=token_of(request).owner, now=clock.now()
        )
        return ok(_data(contract))


def _data(contract: Contract) -> dict[str, Any]:
    organization = contract.organization
    return {
        "_id": organization.pk,
        "name": organization.name,
        "isArchived": organization.is_archived,
        "contractEndDate": _day(organization.rental_end_on),
        "renewalMonths": organization.renewal_months,
        "allocatedRooms": [_room(lease) for lease in contract.leases],
        "accessibleSites": [_site(site) for site in contract.sites],
        "basePrice": json_number(organization.base_price),
        "contractOptions": [_option(option) for option in contract.options],
    }


def _room(lease: RoomLease) -> dict[str, Any]:
    return {
        "_id": lease.room_id,
        "name": lease.room.name,
        "contractEndDate": _day(lease.own_end_on),
        "price": json_number(lease.price),
        "siteId": lease.room.site_id,
    }


def _site(site: Site) -> dict[str, Any]:
    return {"_id": site.pk, "name": site.name, "country": site.country.lower()}


def _option(option: ContractOption) -> dict[str, Any]:
    return {
        "id": option.number,
        "name": option.name,
        "key": option.key,
        "quantity": option.quantity,
        "price": json_number(option.price),
        "pricePromo": json_number(option.price_promo),
        "startDate": _day(option.start_on),
        "endDate": _day(option.end_on),
    }


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
