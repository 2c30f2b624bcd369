"""Columns of organizations, people, their cards and their API tokens."""

from apitokens.models import ApiToken, Scope, TokenKind, WorkplaceScope
from backoffice.bulk import codecs
from backoffice.bulk.fields import (
    CREATED,
    MOST_SMALL,
    NAME,
    NO,
    TEXT,
    UPDATED,
    YES,
    Field,
    Form,
    reference,
)
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

ORGANIZATIONS = Form(
    "organizations",
    Organization,
    (
        Field("name", "name", NAME, is_required=True),
        # A company that an operator lists is a customer already: only self-registration is pending.
        Field("status", "status", codecs.choice(OrganizationStatus.values, empty="active")),
        Field("email", "email", codecs.email()),
        Field("phone", "phone", codecs.phone()),
        Field("country", "country", codecs.country(required=False)),
        Field("companyNumber", "company_number", codecs.text(longest=32)),
        Field("vatNumber", "vat_number", codecs.text(longest=32)),
        Field("address", "address", TEXT),
        Field("language", "language", codecs.choice(Language.values, empty="en")),
        Field("isArchived", "is_archived", NO),
        Field("isMember", "is_member", NO),
        Field("maxResidentUsers", "max_resident_users", codecs.integer(empty=1)),
        Field("comments", "comments", TEXT),
        Field("identityVerification", "identity_verification", codecs.json_object()),
        Field("rentalPrice", "rental_price_text", codecs.rental_price()),
        Field("basePrice", "base_price", codecs.decimal(digits=12)),
        Field("rentalComment", "rental_comment", TEXT),
        Field("rentalStartAt", "rental_start_on", codecs.date()),
        Field("rentalEndAt", "rental_end_on", codecs.date()),
        Field("rentalUrl", "rental_url", codecs.web_address()),
        Field("rentalRenewal", "renewal_months", codecs.integer(most=MOST_SMALL, empty=None)),
        Field("nextOptionId", "next_option_number", codecs.integer(least=1, empty=1)),
        Field("person_forecasts", "person_forecasts", NO),
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
        Field("isArchived", "is_archived", NO),
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
        Field("isActive", "is_active", YES),
        Field("regeneratedAt", "regenerated_at", codecs.moment()),
        Field("lastUsedAt", "last_used_at", codecs.moment()),
        CREATED,
    ),
)

CARD_STATUS = codecs.choice(AccessCardStatus.values, empty="ordered")
