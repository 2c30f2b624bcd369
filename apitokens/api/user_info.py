"""GET /api/user-info."""

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.authentication import token_of
from apitokens.domain import callers, enquiries
from apitokens.models import Scope
from config import clock
from config.api import inputs
from config.api.envelope import ok
from config.api.errors import InvalidInput
from config.api.views import ApiView
from config.errors import DomainError
from organizations import selectors
from organizations.domain import accounts
from organizations.models import User


class UserNotFound(DomainError):
    """Nobody has that id or address, or nobody whom this caller may see."""

    code = "USER_NOT_FOUND"
    status = 404
    message = "User not found"


class UserInfoView(ApiView):
    """Tells who somebody is, and in which organization."""

    required_scope = {"GET": Scope.READ}

    def get(self, request: Request) -> Response:
        token = token_of(request)
        now = clock.now()
        enquiries.admit(token, now=now)
        person = _wanted(inputs.query(request))
        is_shown = person is not None and callers.may_see(
            token.owner, organization_id=person.organization_id
        )
        enquiries.record(token, endpoint="user-info", was_known=is_shown, now=now)
        if person is None or not is_shown:
            raise UserNotFound
        return ok(_data(person))


def _wanted(query: inputs.Reader) -> User | None:
    """Find by id, which takes priority, or by address."""
    person_id = query.object_id("id", message="Invalid user ID format")
    if person_id is not None:
        return selectors.person_by_id(person_id)
    if query.raw("email") is None:
        raise InvalidInput("Missing required parameter: id or email")
    return selectors.person_by_email(accounts.normalise_email(query.text("email")))


def _data(person: User) -> dict[str, object]:
    organization = person.organization
    return {
        "_id": person.id,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "email": person.email,
        "role": person.shown_role,
        "isUserArchived": person.is_archived,
        "organizationId": person.organization_id,
        "organizationName": organization.name if organization else None,
        "isOrganizationArchived": organization.is_archived if organization else None,
    }
