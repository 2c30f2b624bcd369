"""Columns of meetings, their series, and times that staff keep for themselves."""

from apitokens.models import ApiToken
from backoffice.bulk import codecs
from backoffice.bulk.fields import CREATED, NO, TEXT, YES, Field, Form, reference
from booking.models import Meeting, MeetingSeries, MeetingStatus, Reservation, ReservationKind
from organizations.models import (
    Language,
    Organization,
    User,
)
from sites_app.models import (
    Room,
    default_cancellation_terms,
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
        Field("description", "description", TEXT),
        Field("contactEmail", "contact_email", codecs.email(required=True), is_required=True),
        Field("contactName", "contact_name", codecs.text(longest=200)),
        Field("isPrivate", "is_private", NO),
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
        Field("holds", "holds", YES),
        Field("kind", "kind", codecs.choice(BLOCK_KINDS, empty="block")),
        Field("reason", "reason", codecs.text(longest=200)),
    ),
)
