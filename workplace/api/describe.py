"""The words by which the OpenAPI document of the Workplace API describes its endpoints.

Source: workplace-api, section 0.
"""

from collections.abc import Sequence
from typing import Any

from config.api.openapi import (
    IDEMPOTENCY_KEY,
    INTEGER,
    OBJECT_ID,
    STRING,
    Schema,
    answer,
    array,
    in_query,
    record,
)
from workplace.api.paging import MOST, USUAL

KEY: list[Schema] = [{"key": []}]
ID_FILTER: Schema = {"type": "string", "pattern": "^([0-9a-fA-F]{24})?$"}  # blank is not sent
DATE: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string"}  # a date, a date-time, or one without zone beside `timezone`
VERSION: Schema = {"type": "integer", "minimum": 0}
NAME: Schema = {"type": "string", "maxLength": 200}

PAGINATION = record(
    {
        "current_results": record({"from": INTEGER, "to": INTEGER}),
        "total_results": INTEGER,
    }
)
_DETAIL = record(
    {"path": STRING, "message": STRING, "code": STRING, "conflict_id": STRING},
    may_lack=("code", "conflict_id"),
)
_REFUSALS = {
    400: ("validation_failed", "Something in the call is wrong; `details` says what and where"),
    401: ("unauthorised", "Missing, unknown or revoked key"),
    403: ("forbidden", "The key lacks a scope, or may not do this"),
    404: ("resource_not_found", "Something the call names does not exist for this key"),
    405: ("method_not_allowed", "Wrong method"),
    409: ("conflict", "Conflict with what is stored; `details[].code` names the rule"),
    413: ("payload_too_large", "The body is over 10 MB"),
    415: ("unsupported_media_type", "The body is not JSON"),
    422: ("idempotency_key_reused", "The Idempotency-Key was sent before with another body"),
    429: ("rate_limited", "Too many calls; see Retry-After"),
    500: ("internal_error", "Internal server error"),
    503: ("service_unavailable", "Temporarily unavailable; see Retry-After"),
}
_WITH_BODY = (413, 415)

UNMODIFIED_SINCE: Schema = {
    "name": "If-Unmodified-Since",
    "in": "header",
    "required": False,
    "schema": STRING,
    "description": (
        "When the caller read what this changes, as a date of HTTP or as `updated_at` was written: "
        "what was changed since is not overwritten (409 `stale_version`). `version` does the same for "
        "each item."
    ),
}


def paged(sorts: Sequence[str], *, default: str) -> list[Schema]:
    """Describe the parameters of every list."""
    return [
        in_query("skip", {"type": "integer", "minimum": 0, "default": 0}, "Rows to leave out."),
        in_query(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
            "Rows to return at most.",
        ),
        in_query("sort", {"enum": list(sorts), "default": default}, "What the rows are sorted by."),
        in_query("order", {"enum": ["asc", "desc"], "default": "asc"}, "In which direction."),
    ]


def ranged() -> list[Schema]:
    """Describe the parameters of a range of time."""
    either = "A date-time with `Z` or an offset, or a date"
    return [
        in_query("starts_at", MOMENT, f"{either}, which means its first moment. Inclusive."),
        in_query("ends_at", MOMENT, f"{either}, which means its last moment. Inclusive."),
        in_query(
            "timezone",
            STRING,
            "An IANA time zone: the digits of `starts_at` and `ends_at` are meant on its clocks. Without "
            "it a date is a day at the location where one is named, else in UTC.",
        ),
    ]


def one_id(name: str, description: str, *, required: bool = False) -> Schema:
    return in_query(name, OBJECT_ID if required else ID_FILTER, description, required=required)


def several_ids(name: str, description: str) -> Schema:
    """Describe a filter that may be repeated, or list ids parted by commas."""
    return in_query(name, array(OBJECT_ID, maxItems=200), description)


def in_path(name: str, description: str) -> Schema:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": OBJECT_ID,
        "description": description,
    }


def listed(name: str, row: Schema) -> Schema:
    """Describe the data of a page of rows."""
    return record({name: array(row, maxItems=MOST), "pagination": PAGINATION})


def operation(
    *,
    identifier: str,
    summary: str,
    description: str,
    tag: str,
    scope: str,
    data: Schema,
    parameters: Sequence[Schema] = (),
    body: Schema | None = None,
    example: Any = None,
    takes_key: bool = False,
    more_refusals: dict[int, str] | None = None,
) -> Schema:
    """Describe one method; `takes_key` says that it honours Idempotency-Key.

    `more_refusals` gives, by status, another general word that may stand there.
    """
    described: Schema = {
        "operationId": "".join(part.title() for part in identifier.split("_")),
        "summary": summary,
        "description": f"{description} Needs the scope `{scope}`.",
        "tags": [tag],
        "parameters": [*parameters, *([IDEMPOTENCY_KEY] if takes_key else [])],
        "responses": {
            "200": answer(summary, _success(data, identifier)),
            **_refusals(
                identifier,
                has_body=body is not None,
                takes_key=takes_key,
                more=more_refusals or {},
            ),
        },
        "security": KEY,
    }
    if body is not None:
        content = {"schema": body} | ({} if example is None else {"example": example})
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
    return described


def _success(data: Schema, identifier: str) -> Schema:
    return record(
        {
            "success": {"const": True},
            "data": data,
            "identifier": {"const": f"{identifier}_successful"},
        }
    )


def _refusals(
    identifier: str, *, has_body: bool, takes_key: bool, more: dict[int, str]
) -> dict[str, Schema]:
    left_out = (() if has_body else _WITH_BODY) + (() if takes_key else (422,))
    return {
        str(status): answer(
            text,
            _failure(
                [word, more[status]] if status in more else [word],
                "authorise" if status == 401 else identifier,
            ),
        )
        for status, (word, text) in _REFUSALS.items()
        if status not in left_out
    }


def _failure(words: list[str], identifier: str) -> Schema:
    error = record(
        {
            "code": {"enum": words},
            "message": STRING,
            "details": array(_DETAIL),
            "request_id": STRING,
        }
    )
    return record(
        {
            "success": {"const": False},
            "error": error,
            "identifier": {"const": f"{identifier}_failed"},
        }
    )
