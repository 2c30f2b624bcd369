"""The bulk form of what people wait or asked for, of the limits to it, and of companies' checks.

Source: public-api, section 6 ("Bulk data": pending approvals).
"""

from apitokens.models import ApiAccessRequest, ApiToken, RequestStatus
from backoffice.bulk import codecs
from backoffice.bulk.fields import CREATED, MOST_SMALL, Field, Form, reference
from booking.models import (
    BookingLimit,
    LimitPeriod,
    LimitScope,
    Meeting,
    Registration,
    RegistrationStatus,
    WaitlistEntry,
    WaitlistStatus,
)
from organizations.models import (
    CheckOutcome,
    CompanyCheck,
    JoinRequest,
    JoinStatus,
    Language,
    Organization,
    User,
)
from sites_app.models import Room, RoomType, Site

COMPANY_CHECKS = Form(
    "companyChecks",
    CompanyCheck,
    (
        reference("organization", "organization_id", Organization, is_required=True),
        Field("country", "country", codecs.country(required=True), is_required=True),
        Field("companyNumber", "company_number", codecs.text(longest=32), is_required=True),
        Field("outcome", "outcome", codecs.choice(CheckOutcome.values), is_required=True),
        Field("source", "source", codecs.text(longest=16), is_required=True),
        Field("confidence", "confidence", codecs.integer(most=100), is_required=True),
        Field("verifiedName", "verified_name", codecs.text(longest=200)),
        Field("verifiedNumber", "verified_number", codecs.text(longest=32)),
        Field("nameLikeness", "name_likeness", codecs.integer(most=100, empty=None)),
        Field("attempts", "attempts", codecs.integer(most=MOST_SMALL)),
        Field("nextAttemptAt", "next_attempt_at", codecs.moment()),
        Field("checkedAt", "checked_at", codecs.moment(), is_required=True),
    ),
)

JOIN_REQUESTS = Form(
    "joinRequests",
    JoinRequest,
    (
        reference("person", "person_id", User, is_required=True),
        reference("organization", "organization_id", Organization, is_required=True),
        Field("status", "status", codecs.choice(JoinStatus.values, empty="waiting")),
        Field("decidedAt", "decided_at", codecs.moment()),
        reference("decidedBy", "decided_by_id", User),
        Field("settledAt", "settled_at", codecs.moment()),
        CREATED,
    ),
)

API_ACCESS_REQUESTS = Form(
    "apiAccessRequests",
    ApiAccessRequest,
    (
        reference("person", "person_id", User, is_required=True),
        Field("purpose", "purpose", codecs.text(longest=2000), is_required=True),
        Field("status", "status", codecs.choice(RequestStatus.values, empty="waiting")),
        Field("decidedAt", "decided_at", codecs.moment()),
        CREATED,
    ),
)

REGISTRATIONS = Form(
    "registrations",
    Registration,
    (
        Field("status", "status", codecs.choice(RegistrationStatus.values), is_required=True),
        Field("email", "email", codecs.email(required=True), is_required=True),
        Field("told", "told", codecs.json_object(empty=dict)),
        Field("comments", "comments", codecs.text()),
        reference("person", "person_id", User),
        reference("organization", "organization_id", Organization),
        reference("roomOfInterest", "room_of_interest_id", Room),
        reference("apiToken", "api_token_id", ApiToken, is_secret=True),
        Field("attempts", "attempts", codecs.integer(most=MOST_SMALL)),
        Field("nextAttemptAt", "next_attempt_at", codecs.moment()),
        Field("termsAcceptedAt", "terms_accepted_at", codecs.moment()),
        CREATED,
    ),
)

BOOKING_LIMITS = Form(
    "bookingLimits",
    BookingLimit,
    (
        Field("scope", "scope", codecs.choice(LimitScope.values), is_required=True),
        Field("roomType", "room_type", codecs.choice(RoomType.values, empty="")),
        Field("period", "period", codecs.choice(LimitPeriod.values), is_required=True),
        Field("count", "count", codecs.integer(least=1, empty=None)),
        Field("minutes", "minutes", codecs.integer(least=1, empty=None)),
    ),
)

WAITLIST = Form(
    "waitlist",
    WaitlistEntry,
    (
        reference("site", "site_id", Site, is_required=True),
        reference("room", "room_id", Room),
        Field("from", "starts_at", codecs.moment(), is_required=True),
        Field("to", "ends_at", codecs.moment(), is_required=True),
        Field("duration", "duration_minutes", codecs.integer(least=1), is_required=True),
        Field("people", "attendees", codecs.integer(least=1, empty=1)),
        Field("contactEmail", "contact_email", codecs.email(required=True), is_required=True),
        Field("contactName", "contact_name", codecs.text(longest=200)),
        Field("language", "language", codecs.choice(Language.values, empty="en")),
        Field("status", "status", codecs.choice(WaitlistStatus.values, empty="waiting")),
        reference("meeting", "meeting_id", Meeting),
        reference("apiToken", "api_token_id", ApiToken, is_secret=True),
        CREATED,
    ),
)
