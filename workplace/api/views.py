"""The base of every view of the Workplace API.

A view names its resource, reads its input by `inputs`, makes one call of the domain, and answers by
`self.ok`. Checks come in this order: method, key, scope, content type, body shape, ids, rules.
Source: workplace-api, section 0; section 13, Errors.
"""

from collections.abc import Callable, Mapping
from typing import Any

from rest_framework.response import Response

from apitokens.authentication import HasKeyAndScope, KeyAuthentication, token_of
from apitokens.models import WorkplaceScope
from config import clock
from config.api.views import ApiView
from workplace.api import envelope, errors
from workplace.api.inputs import WorkplaceJSONParser
from workplace.domain.refusals import NotAllowed
from workplace.selectors_tenants import Tenant

VERBS = {"GET": "get", "HEAD": "get", "POST": "create", "PUT": "update", "DELETE": "delete"}


class WorkplaceView(ApiView):
    """An endpoint under /workplace/v1.

    `resource` is what the identifiers of its answers speak of; where a method speaks of another, or
    by another verb, `identifiers` says so by method. `keeps_answers` is off where a repeated POST is
    harmless by itself.
    """

    authentication_classes = [KeyAuthentication]
    permission_classes = [HasKeyAndScope]
    parser_classes = [WorkplaceJSONParser]
    varies_on = "x-api-key"
    required_scope = {
        "GET": WorkplaceScope.READ,
        "HEAD": WorkplaceScope.READ,
        "POST": WorkplaceScope.WRITE,
        "PUT": WorkplaceScope.WRITE,
        "DELETE": WorkplaceScope.WRITE,
    }
    resource = ""
    identifiers: Mapping[str, str] = {}

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        envelope.name_request()
        return super().dispatch(request, *args, **kwargs)

    @property
    def identifier(self) -> str:
        """Return what the answer to this call is called, without its ending."""
        method = self.request.method or ""
        verb = VERBS.get(method, method.lower())
        return self.identifiers.get(method) or f"{verb}_{self.resource}"

    @property
    def tenant(self) -> Tenant:
        """Return whose workplace the caller sees."""
        organization_id = token_of(self.request).organization_id
        return Tenant(organization_id=organization_id, now=clock.now())

    def has_scope(self, scope: str) -> bool:
        """Say whether the caller's key has one scope more than the method asks for."""
        return scope in token_of(self.request).scopes

    def need_scope(self, scope: str) -> None:
        """Refuse a key that lacks one scope more than the method asks for.

        :raises NotAllowed:
        """
        if not self.has_scope(scope):
            raise NotAllowed(message=f"Forbidden: this key lacks the scope {scope}")

    def ok(self, data: Mapping[str, Any]) -> Response:
        return envelope.succeeded(data, identifier=self.identifier)

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response]:
        return errors.handle
