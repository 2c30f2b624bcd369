"""How API callers are known."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class TokenAuthentication(BaseAuthentication):
    """Knows a caller by the token in `Authorization: Bearer …`."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        return None


class HasTokenAndScope(BasePermission):
    """Lets a caller in who has what the view asks for."""
