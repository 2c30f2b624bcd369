"""What the OpenAPI document says about contracts."""

from pathlib import Path

from config.api.openapi import (
    BOOLEAN,
    INTEGER,
    NEEDS_TOKEN,
    NUMBER,
    OBJECT_ID,
    STRING,
    Schema,
    answer,
    array,
    get,
    in_query,
    nullable,
    post,
    read_envelope,
    record,
    refusals,
)
from config.api.openapi_examples import with_examples
from contracts.models import RateType, VatType

_EXAMPLES = Path(__file__).parent / "examples"
_DAY: Schema = {"type": "string", "pattern": r"^(\d{4}-\d{2}-\d{2})?$"}
_PRICING = record(
    {
        "publicBase": NUMBER,
        "memberBase": NUMBER,
        "publicPromo": nullable(NUMBER),
        "memberPromo": nullable(NUMBER),
        "promoMonthDuration": nullable(INTEGER),
        "setupFees": NUMBER,
    }
)
_RATE = record(
    {
        "_id": OBJECT_ID,
        "key": STRING,
        "name": STRING,
        "nameFr": STRING,
        "nameEn": STRING,
        "type": {"type": "string", "enum": RateType.values},
        "isUnique": BOOLEAN,
        "isGeneric": BOOLEAN,
        "supportsQuantity": BOOLEAN,
        "pricing": _PRICING,
        "vat": record(
            {"type": {"type": "string", "enum": VatType.values}, "rate": nullable(NUMBER)}
        ),
    }
)
_ROOM = record(
    {
        "_id": OBJECT_ID,
        "name": STRING,
        "contractEndDate": _DAY,
        "price": nullable(NUMBER),
        "siteId": nullable(OBJECT_ID),
    }
)
_OPTION = record(
    {
        "id": INTEGER,
        "name": STRING,
        "key": STRING,
        "quantity": INTEGER,
        "price": nullable(NUMBER),
        "pricePromo": nullable(NUMBER),
        "startDate": _DAY,
        "endDate": _DAY,
    }
)
_ORGANIZATION = record(
    {
        "_id": OBJECT_ID,
        "name": STRING,
        "isArchived": BOOLEAN,
        "contractEndDate": _DAY,
        "renewalMonths": nullable(INTEGER),
        "allocatedRooms": array(_ROOM),
        "accessibleSites": array(record({"_id": OBJECT_ID, "name": STRING, "country": STRING})),
        "basePrice": nullable(NUMBER),
        "contractOptions": array(_OPTION),
    }
)
_ORDER: Schema = {
    "type": "object",
    "required": ["optionModelId"],
    "properties": {
        "optionModelId": OBJECT_ID,
        "key": STRING,
        "name": STRING,
        "quantity": {"type": "integer", "minimum": 1, "maximum": 1000},
        "price": nullable(NUMBER),
        "pricePromo": nullable(NUMBER),
        "promoMonthDuration": nullable(INTEGER),
        "startAt": nullable(_DAY),
        "endAt": nullable(_DAY),
    },
}
_MERGE: Schema = {
    "type": "object",
    "required": ["organizationId"],
    "properties": {
        "organizationId": OBJECT_ID,
        "rentalPrice": nullable(STRING),
        "rentalComment": nullable(STRING),
        "rentalStartAt": nullable(_DAY),
        "rentalEndAt": nullable(_DAY),
        "rentalUrl": nullable(STRING),
        "rentalRenewal": nullable(INTEGER),
        "contractOptionsToAdd": array(_ORDER),
        "contractOptionsToRemove": array(INTEGER),
        "contractOptions": array(_ORDER),
        "rooms": array(OBJECT_ID),
        "roomsToAdd": array(OBJECT_ID),
        "roomsToRemove": array(OBJECT_ID),
        "dryRun": BOOLEAN,
    },
}
_EXAMPLE = {
    "organizationId": "507f1f77bcf86cd799439011",
    "rentalPrice": "1500€",
    "rentalEndAt": "2025-12-31",
    "rentalRenewal": 12,
    "contractOptionsToAdd": [
        {
            "optionModelId": "507f1f77bcf86cd799439099",
            "key": "parking",
            "name": "Place de parking",
            "quantity": 2,
            "price": 150,
        }
    ],
    "roomsToAdd": ["507f191e810c19729de860ea"],
}


def paths() -> Schema:
    """Describe `/api/contract-options`, `/api/organization-info` and `/api/merge-contract`."""
    every = {
        "/api/contract-options": {"get": _contract_options()},
        "/api/organization-info": {"get": _organization_info()},
        "/api/merge-contract": {"post": _merge_contract()},
    }
    return with_examples(every, folder=_EXAMPLES)


def _contract_options() -> Schema:
    return get(
        summary="Contract options",
        description=(
            "What can be ordered at a site beside its rooms, with monthly net prices; a site's rate "
            "hides the general one of the same key."
        ),
        tag="Contracts",
        parameters=[in_query("site", STRING, "The site's id", required=True)],
        responses={"200": answer("The options", read_envelope(array(_RATE))), **refusals()},
        security=NEEDS_TOKEN,
    )


def _organization_info() -> Schema:
    return get(
        summary="Organization information",
        description=(
            "An organization's contract: rooms, sites, options and monthly rent. A token whose owner "
            "is in an organization reads that one alone."
        ),
        tag="Contracts",
        parameters=[in_query("id", STRING, "The organization's id", required=True)],
        responses={"200": answer("The organization", read_envelope(_ORGANIZATION)), **refusals()},
        security=NEEDS_TOKEN,
    )


def _merge_contract() -> Schema:
    merged = record({"organizationId": OBJECT_ID, "organizationName": STRING})
    return post(
        summary="Merge contract",
        description=(
            "Changes an organization's rental terms, rooms and options, all of it or nothing: lists "
            "are replaced first, then taken from, then added to. An absent field stays, an empty one "
            "is cleared. Needs the scope `contracts:write`. A room that another organization has is "
            "409 and named."
        ),
        tag="Contracts",
        body=_MERGE,
        example=_EXAMPLE,
        responses={
            "200": answer("Merged", read_envelope(merged, dryRun=BOOLEAN)),
            **refusals(),
        },
    )
