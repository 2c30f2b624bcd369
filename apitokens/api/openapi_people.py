"""What the OpenAPI document says about people."""

from pathlib import Path

from config.api.openapi import (
    BOOLEAN,
    NEEDS_TOKEN,
    OBJECT_ID,
    STRING,
    Schema,
    answer,
    get,
    in_query,
    nullable,
    read_envelope,
    record,
    refusals,
)
from config.api.openapi_examples import with_examples

_EXAMPLES = Path(__file__).parent / "examples"
_ROLES = ["principal-admin", "admin", "user", "temp", "api-developer", "app-admin"]

PERSON = record(
    {
        "_id": OBJECT_ID,
        "firstName": STRING,
        "lastName": STRING,
        "email": STRING,
        "role": {"type": "string", "enum": _ROLES},
        "isUserArchived": BOOLEAN,
        "organizationId": nullable(OBJECT_ID),
        "organizationName": nullable(STRING),
        "isOrganizationArchived": nullable(BOOLEAN),
    }
)


def paths() -> Schema:
    """Describe `/api/user-info`."""
    every = {
        "/api/user-info": {
            "get": get(
                summary="User information",
                description=(
                    "Tells who a person is, by id or e-mail address; one of the two is required and "
                    "the id takes priority. A token whose owner is in an organization finds its "
                    "people alone."
                ),
                tag="People",
                parameters=[
                    in_query("id", STRING, "User id; takes priority over the address"),
                    in_query("email", STRING, "E-mail address, in any case"),
                ],
                responses={"200": answer("The person", read_envelope(PERSON)), **refusals()},
                security=NEEDS_TOKEN,
            )
        }
    }
    return with_examples(every, folder=_EXAMPLES)
