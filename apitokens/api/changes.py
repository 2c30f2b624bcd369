"""GET /api/changes. Source: public-api, sections 5 and 7."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.authentication import token_of
from apitokens.domain import change_feed
from apitokens.models import Event, Scope
from config import clock, instants
from config.api import inputs
from config.api.envelope import ok
from config.api.errors import InvalidInput
from config.api.views import ApiView

MOST = 500
USUAL = 100


class ChangesView(ApiView):
    """What has happened, in order, for callers who ask again and again."""

    required_scope = {"GET": Scope.READ}

    def get(self, request: Request) -> Response:
        params = inputs.query(request)
        token = token_of(request)
        stretch = change_feed.read(
            owner=token.owner,
            cursor=params.text("cursor", max_length=100),
            limit=limit_of(params, usual=USUAL, most=MOST),
            now=clock.now(),
        )
        return ok([_entry(event) for event in stretch.events], nextCursor=stretch.next_cursor)


def limit_of(params: inputs.Reader, *, usual: int, most: int) -> int:
    """Read how many entries are wanted at most."""
    limit = params.integer("limit", minimum=1, default=usual) or usual
    if limit > most:
        raise InvalidInput(f"Invalid limit: must be at most {most}")
    return limit


def _entry(event: Event) -> dict[str, Any]:
    return {
        "id": event.pk,
        "type": event.type,
        "at": instants.written(event.at),
        "object": {"kind": event.object_kind, "id": event.object_id},
        "data": event.data,
    }
