"""POST /api/check-email."""

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.authentication import token_of
from apitokens.domain import enquiries
from apitokens.models import Scope
from config import clock
from config.api import inputs
from config.api.envelope import done
from config.api.views import ApiView
from organizations import selectors
from organizations.domain import accounts
from organizations.models import User

MESSAGES = {
    "EXISTING_USER": "This e-mail belongs to an existing user.",
    "NEW_USER": "This e-mail is not registered yet.",
    "ARCHIVED": "Your account is no longer valid. Please contact an administrator to restore it.",
}


class CheckEmailView(ApiView):
    """Tells what a booking by an address would come to."""

    required_scope = {"POST": Scope.READ}

    def post(self, request: Request) -> Response:
        token = token_of(request)
        now = clock.now()
        enquiries.admit(token, now=now)
        body = inputs.body(request)
        body.require("email")
        beside = {"dryRun": True} if body.boolean("dryRun") else {}
        email = accounts.normalise_email(body.text("email"))
        person = selectors.person_by_email(email)
        enquiries.record(token, endpoint="check-email", was_known=person is not None, now=now)
        status = _status(person)
        return done(status=status, message=MESSAGES[status], data=_data(person), **beside)


def _status(person: User | None) -> str:
    if person is None:
        return "NEW_USER"
    if person.counts_as_archived:
        return "ARCHIVED"
    return "EXISTING_USER" if person.is_existing else "NEW_USER"


def _data(person: User | None) -> dict[str, object]:
    organization_id = person.organization_id if person else None
    return {
        "exists": person is not None,
        "isArchived": person is not None and person.counts_as_archived,
        "userId": person.id if person else None,
        "organizationId": organization_id,
        "registrationRequired": organization_id is None,
    }
