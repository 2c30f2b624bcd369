"""The bulk form: which field of which collection is which column, in the order of the file.

Source: public-api, section 3 ("Bulk data"; "Further fields") and section 6 ("Bulk data").
"""

from decimal import Decimal

from apitokens.models import ApiToken, Scope, TokenKind, WorkplaceScope
from backoffice.bulk import codecs
from backoffice.bulk.fields import CREATED, UPDATED, Field, Form, reference
from booking.models import Meeting, MeetingSeries, MeetingStatus, Reservation, ReservationKind
from contracts.models import Rate, RateType, Statement, StatementStatus, VatType
from organizations.models import (
    AccessCardStatus,
    ApiRole,
    Language,
    Organization,
    OrganizationStatus,
    Role,
    ScheduleVisibility,
    User,
)
from sites_app.models import (
    Equipment,
    Room,
    RoomState,
    RoomType,
    Site,
    default_cancellation_terms,
)

_YES, _NO = codecs.boolean(empty=True), codecs.boolean(empty=False)
_TEXT = codecs.text()
_NAME = codecs.text(longest=200, required=True)
_SMALL = 32_767
_AMOUNT = codecs.decimal(digits=14, empty=Decimal(0))

SITES = Form(
    "sites",
    Site,
    (
        Field("name", "name", _NAME, is_required=True),
        Field("country", "country", codecs.country(required=True), is_required=True),
        Field("isPublic", "is_public", _YES),
        Field("timeZone", "time_zone", codecs.time_zone()),
        Field("currency", "currency", codecs.currency()),
        Field("address", "address", codecs.text(longest=300)),
        Field("city", "city", codecs.text(longest=100)),
        Field("postalCode", "postal_code", codecs.text(longest=20)),
        Field("latitude", "latitude", codecs.decimal(digits=9, places=6, signed=True)),
        Field("longitude", "longitude", codecs.decimal(digits=9, places=6, signed=True)),
        Field("email", "email", codecs.email()),
        Field("phone", "phone", codecs.phone()),
        Field("description", "description", _TEXT),
        Field("closedDates", "closed_dates", codecs.dates()),
        Field("publicHolidays", "public_holidays", _NO),
        Field("busyOnly", "busy_only", _NO),
        Field("operating_hours", "operating_hours", codecs.operating_hours()),
        Field("capacity", "capacity", codecs.integer(empty=None)),
        Field("holiday_country", "holiday_country", codecs.country(required=False)),
        Field("holiday_subdivision", "holiday_subdivision", codecs.text(longest=10)),
        Field("external_id", "external_id", codecs.text(longest=200)),
        Field("workplace_settings", "workplace_settings", codecs.workplace_settings()),
        CREATED,
        UPDATED,
    ),
)

ROOMS = Form(
    "rooms",
    Room,
    (
        reference("site", "site_id", Site, is_required=True),
        Field("name", "name", _NAME, is_required=True),
        Field("publicName", "public_name", codecs.text(longest=200)),
        Field("type", "type", codecs.choice(RoomType.values), is_required=True),
        Field("defaultState", "default_state", codecs.choice(RoomState.values, empty="bookable")),
        Field("surfaceCommercial", "surface_commercial", codecs.decimal(digits=8)),
        Field("surfaceComputed", "surface_computed", codecs.decimal(digits=8)),
        Field("description", "description", _TEXT),
        Field("minPerson", "min_person", codecs.integer()),
        Field("maxPerson", "max_person", codecs.integer()),
        Field("nbSeat", "nb_seat", codecs.integer()),
        Field("configuration", "configuration", codecs.text(longest=60)),
        Field("otherConfiguration", "other_configuration", codecs.text(longest=300)),
        Field("equipment", "equipment", codecs.choices(Equipment.values)),
        Field("minDurationBooking", "min_duration", codecs.integer()),
        Field("maxDurationBooking", "max_duration", codecs.integer()),
        Field("stepDurationBooking", "step_duration", codecs.integer()),
        Field("setupMinutes", "setup_minutes", codecs.integer(most=_SMALL)),
        Field("cleaningMinutes", "cleaning_minutes", codecs.integer(most=_SMALL)),
        Field("slotWeek", "slot_week", codecs.slots()),
        Field("slotSaturday", "slot_saturday", codecs.slots()),
        Field("slotSunday", "slot_sunday", codecs.slots()),
        Field("pricePerHour", "price_per_hour", codecs.decimal()),
        Field("pricePerHalfDay", "price_per_half_day", codecs.decimal()),
        Field("pricePerDay", "price_per_day", codecs.decimal()),
        Field("pricePerWeek", "price_per_week", codecs.decimal()),
        Field("pricePerMonth", "price_per_month", codecs.monthly_price()),
        Field(
            "memberDiscountPercent",
            "member_discount_percent",
            codecs.decimal(percent=True, empty=Decimal(0)),
        ),
        Field("supplementPerPerson", "supplement_per_person", codecs.decimal()),
        Field(
            "cancellationTerms",
            "cancellation_terms",
            codecs.cancellation_terms(default_cancellation_terms),
        ),
        Field("checkInRequired", "check_in_required", _NO),
        CREATED,
        UPDATED,
    ),
)

ORGANIZATIONS = Form(
    "organizations",
    Organization,
    (
        Field("name", "name", _NAME, is_required=True),
        # A company that an operator lists is a customer already: only self-registration is pending.
        Field("status", "status", codecs.choice(OrganizationStatus.values, empty="active")),
        Field("email", "email", codecs.email()),
        Field("phone", "phone", codecs.phone()),
        Field("country", "country", codecs.country(required=False)),
        Field("companyNumber", "company_number", codecs.text(longest=32)),
        Field("vatNumber", "vat_number", codecs.text(longest=32)),
        Field("address", "address", _TEXT),
        Field("language", "language", codecs.choice(Language.values, empty="en")),
        Field("isArchived", "is_archived", _NO),
        Field("isMember", "is_member", _NO),
        Field("maxResidentUsers", "max_resident_users", codecs.integer(empty=1)),
        Field("comments", "comments", _TEXT),
        Field("identityVerification", "identity_verification", codecs.json_object()),
        Field("rentalPrice", "rental_price_text", codecs.rental_price()),
        Field("basePrice", "base_price", codecs.decimal(digits=12)),
        Field("rentalComment", "rental_comment", _TEXT),
        Field("rentalStartAt", "rental_start_on", codecs.date()),
        Field("rentalEndAt", "rental_end_on", codecs.date()),
        Field("rentalUrl", "rental_url", codecs.web_address()),
        Field("rentalRenewal", "renewal_months", codecs.integer(most=_SMALL, empty=None)),
        Field("nextOptionId", "next_option_number", codecs.integer(least=1, empty=1)),
        Field("person_forecasts", "person_forecasts", _NO),
        CREATED,
        UPDATED,
    ),
)

USERS = Form(
    "users",
    User,
    (
        Field("email", "email", codecs.email(required=True), is_required=True),
        Field("firstName", "first_name", codecs.text(longest=100)),
        Field("lastName", "last_name", codecs.text(longest=100)),
        Field("phone", "phone", codecs.phone()),
        reference("organization", "organization_id", Organization),
        Field("role", "role", codecs.choice([*Role.values, *filter(None, ApiRole.values)])),
        Field("apiRole", "api_role", codecs.choice(ApiRole.values, empty="")),
        Field("language", "language", codecs.choice(Language.values, empty="en")),
        Field("isArchived", "is_archived", _NO),
        Field("emailVerifiedAt", "email_verified_at", codecs.moment()),
        Field("externalId", "external_id", codecs.text(longest=200)),
        Field(
            "scheduleVisibility",
            "schedule_visibility",
            codecs.choice(ScheduleVisibility.values, empty="open"),
        ),
        Field("lastLoginAt", "last_login", codecs.moment()),
        Field("passwordHash", "password", codecs.text(longest=128), is_secret=True),
        CREATED,
        UPDATED,
    ),
)

RATES = Form(
    "rates",
    Rate,
    (
        reference("site", "site_id", Site),
        Field("key", "key", codecs.text(longest=60, required=True), is_required=True),
        Field("name", "name", _NAME, is_required=True),
        Field("nameFr", "name_fr", codecs.text(longest=200)),
        Field("nameEn", "name_en", codecs.text(longest=200)),
        Field("type", "type", codecs.choice(RateType.values, empty="other")),
        Field("publicBase", "public_base", codecs.decimal(empty=Decimal(0))),
        Field("memberBase", "member_base", codecs.decimal(empty=Decimal(0))),
        Field("publicPromo", "public_promo", codecs.decimal()),
        Field("memberPromo", "member_promo", codecs.decimal()),
        Field("promoMonthDuration", "promo_months", codecs.integer(most=_SMALL, empty=None)),
        Field("setupFees", "setup_fees", codecs.decimal(empty=Decimal(0))),
        Field("vatType", "vat_type", codecs.choice(VatType.values, empty="standard")),
        Field("vatRate", "vat_rate", codecs.decimal(percent=True)),
        Field("isActive", "is_active", _YES),
    ),
)

MEETING_SERIES = Form(
    "meetingSeries",
    MeetingSeries,
    (
        reference("room", "room_id", Room, is_required=True),
        Field("rule", "rule", codecs.text(longest=200, required=True), is_required=True),
        Field("startsOn", "starts_on", codecs.date(), is_required=True),
        Field("time", "wall_time", codecs.clock_time(), is_required=True),
        Field("duration", "duration_minutes", codecs.integer(least=1), is_required=True),
        Field("skipped", "skipped", codecs.skipped_dates()),
        CREATED,
    ),
)

MEETINGS = Form(
    "meetings",
    Meeting,
    (
        reference("bookedRoom", "room_id", Room, is_required=True),
        Field("bookedAt", "starts_at", codecs.moment(local=True), is_required=True),
        Field("bookedUser", "attendees", codecs.integer(least=1, empty=1)),
        Field("name", "name", codecs.text(longest=200)),
        Field("description", "description", _TEXT),
        Field("contactEmail", "contact_email", codecs.email(required=True), is_required=True),
        Field("contactName", "contact_name", codecs.text(longest=200)),
        Field("isPrivate", "is_private", _NO),
        Field("status", "status", codecs.choice(MeetingStatus.values, empty="confirmed")),
        Field("holdExpiresAt", "hold_expires_at", codecs.moment()),
        Field("language", "language", codecs.choice(Language.values, empty="en")),
        reference("organizer", "organizer_id", User),
        reference("organization", "organization_id", Organization),
        reference("apiToken", "api_token_id", ApiToken, is_secret=True),
        reference("series", "series_id", MeetingSeries),
        Field("price", "price", codecs.decimal()),
        Field("priceGross", "price_gross", codecs.decimal()),
        Field("vatRate", "vat_rate", codecs.decimal(percent=True)),
        Field("currency", "currency", codecs.currency()),
        Field("priceLines", "price_lines", codecs.json_list()),
        Field(
            "cancellationTerms",
            "cancellation_terms",
            codecs.cancellation_terms(default_cancellation_terms),
        ),
        Field("cancellationFee", "cancellation_fee", codecs.decimal()),
        Field("cancelledAt", "cancelled_at", codecs.moment()),
        Field("cancelReason", "cancel_reason", codecs.text(longest=500)),
        Field("termsAcceptedAt", "terms_accepted_at", codecs.moment()),
        Field("handedOverAt", "handed_over_at", codecs.moment()),
        Field("sequence", "sequence", codecs.integer()),
        Field("revisedAt", "revised_at", codecs.moment()),
        CREATED,
    ),
)

BLOCK_KINDS = [kind.value for kind in (ReservationKind.BLOCK, ReservationKind.WORKPLACE)]
"""The reservations that have no meeting: times of staff, and rooms of a team."""

BLOCKS = Form(
    "blocks",
    Reservation,
    (
        reference("room", "room_id", Room, is_required=True),
        Field("from", "starts_at", codecs.moment(local=True), is_required=True),
        Field("to", "ends_at", codecs.moment(local=True), is_required=True),
        Field("holds", "holds", _YES),
        Field("kind", "kind", codecs.choice(BLOCK_KINDS, empty="block")),
        Field("reason", "reason", codecs.text(longest=200)),
    ),
)

API_TOKENS = Form(
    "apiTokens",
    ApiToken,
    (
        reference("owner", "owner_id", User, is_required=True),
        Field("name", "name", codecs.text(longest=100, required=True), is_required=True),
        Field("prefix", "prefix", codecs.text(longest=16), is_required=True),
        Field("tokenHash", "token_hash", codecs.text(longest=64), is_required=True),
        Field("kind", "kind", codecs.choice(TokenKind.values, empty="public")),
        reference("organization", "organization_id", Organization),
        Field("scopes", "scopes", codecs.choices([*Scope.values, *WorkplaceScope.values])),
        Field("isActive", "is_active", _YES),
        Field("regeneratedAt", "regenerated_at", codecs.moment()),
        Field("lastUsedAt", "last_used_at", codecs.moment()),
        CREATED,
    ),
)

STATEMENTS = Form(
    "statements",
    Statement,
    (
        reference("organization", "organization_id", Organization, is_required=True),
        Field("month", "month", codecs.date(), is_required=True),
        Field("currency", "currency", codecs.currency()),
        Field("status", "status", codecs.choice(StatementStatus.values, empty="draft")),
        Field("net", "net", _AMOUNT, is_required=True),
        Field("vat", "vat", _AMOUNT, is_required=True),
        Field("gross", "gross", _AMOUNT, is_required=True),
        Field("madeAt", "made_at", codecs.moment(), is_required=True),
        Field("finalizedAt", "finalized_at", codecs.moment()),
    ),
)

CARD_STATUS = codecs.choice(AccessCardStatus.values, empty="ordered")
