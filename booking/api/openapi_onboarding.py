"""What the OpenAPI document says about registering a company."""

from config.api.openapi import (
    BOOLEAN,
    INTEGER,
    NUMBER,
    OBJECT_ID,
    STRING,
    Schema,
    answer,
    nullable,
    outcome_envelope,
    post,
    record,
    refusals,
)

_TEXT: Schema = {"type": ["string", "null"]}
_ROOM = record({"_id": OBJECT_ID, "name": STRING, "siteName": STRING, "siteId": OBJECT_ID})
_VERIFICATION = record(
    {
        "source": {"enum": ["insee_siret", "kbo", "vies_vat", "checksum"]},
        "confidence": NUMBER,
        "verifiedName": nullable(STRING),
        "verifiedNumber": nullable(STRING),
    }
)
_REGISTERED = record(
    {
        "userId": nullable(OBJECT_ID),
        "userEmail": STRING,
        "userRole": STRING,
        "userCreated": BOOLEAN,
        "organizationId": nullable(OBJECT_ID),
        "organizationName": STRING,
        "organizationCreated": BOOLEAN,
        "meetingsUpdated": INTEGER,
        "roomOfInterest": nullable(_ROOM),
        "identityVerification": nullable(_VERIFICATION),
    },
    {"pendingApproval": {"const": True}},
)
_KNOWN = record({"userId": OBJECT_ID, "organizationId": OBJECT_ID})


def paths() -> Schema:
    """Describe `/api/register`."""
    return {"/api/register": {"post": _register()}}


def _register() -> Schema:
    return post(
        summary="Register an organization",
        description=(
            "Registers a company and its first person, who is mailed a link to prove the address and "
            "choose a password. A company number or VAT number that is here already lets the person "
            "wait for that company's administrator (`pendingApproval`). At least one of `siteId`, "
            "`roomId` and `meetingId` is needed."
        ),
        tag="Registration",
        body={
            "type": "object",
            "required": ["name", "firstName", "email", "phone", "maxResidentUsers"],
            "properties": {
                "name": {"type": "string", "maxLength": 200},
                "firstName": {"type": "string", "maxLength": 100},
                "lastName": _TEXT,
                "email": {"type": "string", "format": "email"},
                "phone": STRING,
                "country": {"type": ["string", "null"], "description": "fr, be, ie, …"},
                "maxResidentUsers": {"type": "integer", "minimum": 1},
                "companyNumber": {
                    "type": ["string", "null"],
                    "description": "SIRET or SIREN, enterprise number, or VAT number",
                },
                "address": _TEXT,
                "vatNumber": _TEXT,
                "language": {"type": ["string", "null"], "enum": ["fr", "en", "", None]},
                "comments": _TEXT,
                "siteId": _TEXT,
                "roomId": _TEXT,
                "meetingId": _TEXT,
                "dryRun": {"type": ["boolean", "null"]},
            },
        },
        example={
            "name": "Acme Corp",
            "firstName": "Jean",
            "lastName": "Dupont",
            "email": "jean.dupont@acme.com",
            "phone": "+33612345678",
            "maxResidentUsers": 5,
            "companyNumber": "12345678901234",
            "address": "123 rue de la Paix, 75001 Paris, France",
            "vatNumber": "FR12345678901",
            "language": "fr",
            "siteId": "507f1f77bcf86cd799439011",
            "roomId": "507f191e810c19729de860ea",
        },
        responses={
            "200": answer(
                "Registered, or known already",
                outcome_envelope(
                    {"CREATED": _REGISTERED, "UPDATED": _REGISTERED, "USER_EXISTS": _KNOWN},
                    dryRun=BOOLEAN,
                ),
            ),
            **refusals(),
        },
    )
