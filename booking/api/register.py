"""POST /api/register."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.authentication import token_of
from apitokens.domain import enquiries
from apitokens.models import Scope
from booking.domain import onboarding
from booking.domain.registration_outcomes import RegistrationOutcome, RegistrationOutcomeStatus
from booking.domain.registration_requests import RegistrationRequest
from config import clock
from config.api import inputs
from config.api.envelope import done, mark_of
from config.api.views import ApiView
from organizations.domain.identity_checks import IdentityVerification
from organizations.models import Language
from sites_app.models import Room

MESSAGES = {
    RegistrationOutcomeStatus.CREATED: (
        "Organization registered successfully. A verification email has been sent."
    ),
    RegistrationOutcomeStatus.UPDATED: (
        "Registration successful. Your organization has been updated."
    ),
    RegistrationOutcomeStatus.USER_EXISTS: "User already registered with an organization.",
}


class RegisterView(ApiView):
    """Registers a company with its first person."""

    required_scope = {"POST": Scope.WRITE_REGISTRATIONS}

    def prepare(self, request: Request, *_args: Any, **_kwargs: Any) -> None:
        """Read the call and wait for the company register, before the transaction of a call with a key."""
        token = token_of(request)
        now = clock.now()
        enquiries.admit(token, now=now)
        wanted = _read(inputs.body(request), token_id=token.pk)
        self.application = onboarding.look_up(wanted, now=now)

    def post(self, request: Request) -> Response:
        token = token_of(request)
        now = clock.now()
        try:
            outcome = onboarding.register(self.application, now=now)
        except onboarding.AccountArchived:
            enquiries.record(token, endpoint="register", was_known=True, now=now)
            raise
        is_known = outcome.status == RegistrationOutcomeStatus.USER_EXISTS
        enquiries.record(token, endpoint="register", was_known=is_known, now=now)
        beside = mark_of(dry_run=self.application.request.dry_run)
        return done(
            status=outcome.status, message=MESSAGES[outcome.status], data=_data(outcome), **beside
        )


def _read(body: inputs.Reader, *, token_id: str) -> RegistrationRequest:
    body.require("name", "firstName", "email", "phone", "maxResidentUsers")
    return RegistrationRequest(
        name=body.line("name"),
        first_name=body.line("firstName", max_length=100),
        last_name=body.line("lastName", max_length=100),
        email=body.text("email"),
        phone=body.line("phone", max_length=64),
        country=body.line("country", max_length=100),
        max_resident_users=body.integer("maxResidentUsers", minimum=1) or 1,
        company_number=body.line("companyNumber", max_length=32),
        address=body.text("address", max_length=500),
        vat_number=body.line("vatNumber", max_length=32),
        language=body.choice("language", among=Language.values),
        comments=body.text("comments", max_length=2000),
        site_id=body.object_id("siteId", message="Site not found") or "",
        room_id=body.object_id("roomId", message="Room not found") or "",
        meeting_id=body.object_id("meetingId", message="Meeting request not found") or "",
        api_token_id=token_id,
        dry_run=body.boolean("dryRun"),
    )


def _data(outcome: RegistrationOutcome) -> dict[str, Any]:
    if outcome.status == RegistrationOutcomeStatus.USER_EXISTS:
        return {"userId": outcome.person_id, "organizationId": outcome.organization_id}
    found = outcome.verification
    return {
        "userId": outcome.person_id,
        "userEmail": outcome.email,
        "userRole": outcome.role,
        "userCreated": outcome.is_new_person,
        "organizationId": outcome.organization_id,
        "organizationName": outcome.organization_name,
        "organizationCreated": outcome.is_new_organization,
        "meetingsUpdated": outcome.meetings_updated,
        "roomOfInterest": _room(outcome.room) if outcome.room else None,
        "identityVerification": _verification(found) if found else None,
        **({"pendingApproval": True} if outcome.waits_for_approval else {}),
    }


def _room(room: Room) -> dict[str, str]:
    return {
        "_id": room.pk,
        "name": room.display_name,
        "siteName": room.site.name,
        "siteId": room.site_id,
    }


def _verification(found: IdentityVerification) -> dict[str, Any]:
    return {
        "source": found.source,
        "confidence": found.confidence,
        "verifiedName": found.verified_name,
        "verifiedNumber": found.verified_number,
    }
