"""Where a call to the Workplace API has its values: in a JSON body, or in a query string.

Source: workplace-api, section 0; section 13, Errors.
"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from config import ids
from config.api.inputs import StrictJSONParser
from workplace.api.fields import BAD_ID, MOST_VALUES, Fields
from workplace.domain.refusals import Detail, Invalid

MAX_BODY_BYTES = 10_000_000


class WorkplaceJSONParser(StrictJSONParser):
    """Parses bodies of up to 10 MB."""

    max_bytes = MAX_BODY_BYTES


def body(request: Any) -> Fields:
    """Read a JSON object body.

    :raises Invalid: when it is something else.
    """
    if not isinstance(request.data, dict):
        raise Invalid([Detail(path="", message="The body must be a JSON object")])
    return Fields(values=request.data)


def query(request: HttpRequest | Any) -> Fields:
    """Read the query string; of a repeated parameter the last counts."""
    return Fields(values=request.GET.dict(), from_text=True)


def many_ids(request: HttpRequest | Any, params: Fields, name: str) -> Sequence[str]:
    """Read a filter that may name several ids: repeated, as `name[]`, or parted by commas."""
    sent = [*request.GET.getlist(name), *request.GET.getlist(f"{name}[]")]
    texts = [part.strip() for value in sent for part in value.split(",") if part.strip()]
    if len(texts) > MOST_VALUES:
        params.note(name, f"must have at most {MOST_VALUES} values")
        return ()
    read = [ids.normalise(text) for text in texts]
    if None in read:
        params.note(name, BAD_ID)
    return list(dict.fromkeys(value for value in read if value))
