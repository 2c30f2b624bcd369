"""The base of every API view."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.views import APIView

from config.api import conditional, deprecations, origins
from config.api.envelope import failed

Handler = Callable[..., Any]


class ApiView(APIView):
    """An endpoint: one class per path, one method per HTTP verb, wrong verbs refused before authentication.

    `required_scope` names the scope a token needs, or several with a blank between, by HTTP method;
    `token` says who needs one at all: "required", "optional" or "ignored"; `varies_on` names the header
    that tells who calls. Where a repeated POST is harmless by itself, `keeps_answers` is off: its answers
    need not be kept by key.
    """

    token = "required"  # noqa: S105 - a policy's name, not a secret
    required_scope: Mapping[str, str] = {}
    varies_on = "Authorization"
    keeps_answers = True

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Tell the methods to whoever asks, without a token; open answers to scripts that may read them."""
        if request.method == "OPTIONS":
            response: Any = origins.preflight(self.allowed_methods)
        else:
            response = super().dispatch(request, *args, **kwargs)
            deprecations.announce(request, response, sent=self._sent_names(request))
            if self.token != "ignored":  # noqa: S105 - a policy's name
                response.headers.setdefault("Cache-Control", conditional.PRIVATE)
                patch_vary_headers(response, [self.varies_on])
        return origins.open_to_scripts(request, response, is_public=self.token != "required")  # noqa: S105 - a policy's name

    def _sent_names(self, request: HttpRequest) -> set[str]:
        """Return the names of parameters and body fields, where it matters; a body not read has none."""
        if not deprecations.concerns_fields_of(request):
            return set()
        try:
            body = self.request.data
        except exceptions.APIException:  # it was refused before or because of its body
            body = {}
        return {*request.GET, *(body if isinstance(body, dict) else ())}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method and request.method.lower() not in self.implemented_methods():
            raise exceptions.MethodNotAllowed(request.method)
        super().initial(request, *args, **kwargs)
        if request.method == "POST" and self.keeps_answers:
            # REST framework looks the method up after this; a view serves one request, then it is gone
            self.__dict__["post"] = partial(self._post_by_policy, getattr(self, "post"))  # noqa: B009 - not declared

    def prepare(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Do what a POST needs from outside the house, before its transaction opens.

        A POST sent with an Idempotency-Key runs in one transaction, in which nobody may be waited for.
        """

    def _post_by_policy(
        self, handler: Handler, request: Request, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Let the policy that the settings name decide whether the handler runs, and in which transaction."""

        def told(work: Handler) -> Any:
            try:
                return work(request, *args, **kwargs)
            except Exception as error:  # noqa: BLE001 - told in the envelope, and logged there
                return self.handle_exception(error)

        policy = import_string(settings.API_POST_POLICY)
        answered: HttpResponse = policy(
            request, prepare=partial(told, self.prepare), answer=partial(told, handler)
        )
        return answered

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Leave the header unread where the policy ignores it."""
        return [] if self.token == "ignored" else super().get_authenticators()  # noqa: S105 - as above

    def implemented_methods(self) -> set[str]:
        return {name for name in self.http_method_names if hasattr(self, name)}


def unknown_path(_request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Answer any other path under /api/ in the envelope."""
    return failed("Not found", http_status=404)
