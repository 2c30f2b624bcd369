"""How API callers are known, in REST framework's views and in plain ones."""

from collections.abc import Mapping
from typing import Any

import pghistory
import structlog
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apitokens.domain import callers
from apitokens.domain.call_log import Call
from apitokens.domain.callers import Caller
from apitokens.models import ApiToken
from config import clock
from organizations.models import User

SCHEME = "Bearer"
KEY_HEADER = "x-api-key"


def caller_of(request: HttpRequest, *, scope: str | None) -> Caller | None:
    """Return who calls a plain view whose token is optional: nobody without a header.

    A header that is there but bad is refused, never silently the public view.
    """
    header = request.headers.get("Authorization")
    if header is None:
        return None
    token = callers.identify(header)
    _tell(request, token)
    caller = callers.admit(token, scope=scope, now=clock.now())
    request.api_call.was_let_in = True  # type: ignore[attr-defined]  # set by `_tell`
    request.answer_headers.update(caller.headers)  # type: ignore[attr-defined]  # see `public_read`
    return caller


def token_of(request: Request) -> ApiToken:
    """Return the token by which the caller of a view is known that lets nobody in without one."""
    assert isinstance(request.auth, ApiToken)
    return request.auth


class KeyAuthentication(BaseAuthentication):
    """Knows a caller of the Workplace API by the key in `x-api-key`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = request.headers.get(KEY_HEADER)
        if header is None:
            return None
        token = callers.identify_key(header)
        _tell(request._request, token)
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the framework's hook
        return KEY_HEADER


class TokenAuthentication(BaseAuthentication):
    """Knows a caller by the token in `Authorization: Bearer …`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = request.headers.get("Authorization")
        if header is None:
            return None
        token = callers.identify(header)
        _tell(request._request, token)
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the framework's hook
        return SCHEME


class HasTokenAndScope(BasePermission):
    """Lets a caller in who has what the view asks for; such a call counts."""

    nobody: type[callers.Unauthorized] = callers.MissingHeader

    def has_permission(self, request: Request, view: Any) -> bool:
        policy = getattr(view, "token", "required")
        if policy == "ignored":
            return True
        token = request.auth
        if not isinstance(token, ApiToken):
            if policy == "optional":
                return True
            raise self.nobody
        scopes: Mapping[str, str] = getattr(view, "required_scope", {})
        caller = callers.admit(token, scope=scopes.get(request.method or ""), now=clock.now())
        request.api_call.was_let_in = True  # type: ignore[attr-defined]  # set by `_tell`
        view.headers = {**view.headers, **caller.headers}
        return True


class HasKeyAndScope(HasTokenAndScope):
    """Lets a caller of the Workplace API in."""

    nobody = callers.MissingKey


def _tell(request: HttpRequest, token: ApiToken) -> None:
    """Name the token in the audit history of what this request changes, in its log lines and the call log."""
    request.api_call = Call(token)  # type: ignore[attr-defined]  # for `CallLogMiddleware`
    pghistory.context(token=token.pk, user=token.owner_id)
    structlog.contextvars.bind_contextvars(token_id=token.pk, user_id=token.owner_id)
