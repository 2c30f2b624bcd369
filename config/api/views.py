"""The base of every API view."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.views import APIView

from config.api import reads
from config.api.envelope import failed


class ApiView(APIView):
    """An endpoint: one class per path, one method per HTTP verb, wrong verbs refused before authentication.

    `required_scope` names the scope a token needs, by HTTP method; `token` says who needs one at all:
    "required", "optional" or "ignored".
    """

    token = "required"  # noqa: S105 - a policy's name, not a secret
    required_scope: dict[str, str] = {}

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Tell the methods to whoever asks, without a token; open public reads to scripts of any site."""
        if request.method == "OPTIONS":
            return self._preflight()
        response: Any = super().dispatch(request, *args, **kwargs)
        return response if self.token == "required" else reads.open_to_any_origin(response)  # noqa: S105

    def _preflight(self) -> HttpResponse:
        if self.token == "required":  # noqa: S105 - no yes for scripts of other sites
            return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods)})
        return reads.open_to_any_origin(reads.preflight())

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method and request.method.lower() not in self.implemented_methods():
            raise exceptions.MethodNotAllowed(request.method)
        super().initial(request, *args, **kwargs)

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Leave the header unread where the policy ignores it."""
        return [] if self.token == "ignored" else super().get_authenticators()  # noqa: S105

    def implemented_methods(self) -> set[str]:
        return {name for name in self.http_method_names if hasattr(self, name)}


def unknown_path(_request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Answer any other path under /api/ in the envelope."""
    return failed("Not found", http_status=404)
