"""GET /api/usage. Source: public-api, sections 5 and 7."""

from dataclasses import asdict
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens import selectors_calls
from apitokens.authentication import token_of
from apitokens.domain import call_log, usage
from apitokens.models import ApiCall, Scope
from config import clock, instants
from config.api.envelope import ok
from config.api.views import ApiView


class UsageView(ApiView):
    """What the owner's tokens have used and may use, and this token's own last calls."""

    required_scope = {"GET": Scope.READ}

    def get(self, request: Request) -> Response:
        token = token_of(request)
        standing = usage.standing(owner_id=token.owner_id, now=clock.now(), running=1)
        recent = selectors_calls.calls_of_token(token.pk, limit=call_log.KEPT_CALLS)
        return ok({**asdict(standing), "recent": [_call(call) for call in recent]})


def _call(call: ApiCall) -> dict[str, Any]:
    return {
        "at": instants.written(call.at),
        "method": call.method,
        "path": call.path,
        "status": call.status,
        "ms": call.ms,
        "requestId": call.request_id,
    }
