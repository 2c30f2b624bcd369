"""Who asks, as the domain of intentions knows them. Source: Workplace API, section 0, Tenancy and Scopes."""

from rest_framework.request import Request

from apitokens.authentication import token_of
from apitokens.models import WorkplaceScope
from workplace.api import configurations
from workplace.api.views import WorkplaceView
from workplace.domain.intention_people import Asker


def asker(view: WorkplaceView, request: Request) -> Asker:
    """Return the caller of a view, with the configuration that may make people known."""
    return Asker(
        tenant=view.tenant,
        token_id=token_of(request).pk,
        may_override=view.has_scope(WorkplaceScope.ADMIN),
        provisions_for=configurations.if_any(request, view.tenant),
    )
