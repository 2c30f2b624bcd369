"""GET /api/contract-options."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.models import Scope
from config.api import inputs
from config.api.envelope import ok
from config.api.views import ApiView
from config.money import json_number
from contracts.domain import option_catalogue
from contracts.models import Rate


class ContractOptionsView(ApiView):
    """Lists what can be ordered at a site beside its rooms."""

    required_scope = {"GET": Scope.READ}

    def get(self, request: Request) -> Response:
        given = inputs.query(request)
        given.require("site")
        site_id = given.object_id("site", message="Invalid site ID format")
        assert site_id is not None
        return ok([_data(rate) for rate in option_catalogue.at_site(site_id)])


def _data(rate: Rate) -> dict[str, Any]:
    return {
        "_id": rate.pk,
        "key": rate.key,
        "name": rate.name,
        "nameFr": rate.name_fr,
        "nameEn": rate.name_en,
        "type": rate.type,
        "isUnique": rate.is_unique,
        "isGeneric": not rate.is_unique,
        "supportsQuantity": rate.supports_quantity,
        "pricing": {
            "publicBase": json_number(rate.public_base),
            "memberBase": json_number(rate.member_base),
            "publicPromo": json_number(rate.public_promo),
            "memberPromo": json_number(rate.member_promo),
            "promoMonthDuration": rate.promo_months,
            "setupFees": json_number(rate.setup_fees),
        },
        "vat": {"type": rate.vat_type, "rate": json_number(rate.vat_rate)},
    }
