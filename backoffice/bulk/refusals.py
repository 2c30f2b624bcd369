"""What the database refused, put in terms of the file: which entry, which field, why."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence

from django.db import IntegrityError

from backoffice.bulk.entries import Entry
from backoffice.bulk.problems import BulkError, at
from backoffice.bulk.takings import Taking
from booking.models import Reservation

_ID = re.compile(r"\b[0-9a-f]{24}\b")
_STARTS = {"blocks": "from", "meetings": "bookedAt"}
_OVERLAP = re.compile(r'=\(([0-9a-f]{24}), \["?([^",]+)"?,')
_SENTENCES: Mapping[str, tuple[str, str]] = {
    "room_max_duration_not_below_min": (
        "maxDurationBooking",
        "must be 0 or at least minDurationBooking",
    ),
    "room_max_person_not_below_min": ("maxPerson", "must be 0 or at least minPerson"),
    "organization_contract_ends_after_start": ("rentalEndAt", "must not be before rentalStartAt"),
    "rate_special_vat_has_a_rate": ("vatRate", 'goes with vatType "special", and only with it'),
    "lease_ends_after_start": ("rooms", "a lease must not end before it starts"),
    "lease_one_tenant_at_a_time": ("rooms", "the room is let to another tenant in that time"),
    "closure_ends_after_start": ("closures", "a closure must end after it starts"),
    "contract_option_ends_after_start": ("contractOptions", "endAt must not be before startAt"),
    "contract_option_unique_key_once": ("contractOptions", "holds twice what can be held once"),
    "statement_once_a_month": ("month", "the organization has a statement of it in that currency"),
    "statement_month_is_its_first": ("month", "must be the first day of a month"),
    "statement_adds_up": ("gross", "must be net and vat together"),
    "statement_final_has_its_moment": ("finalizedAt", "goes with status final, and only with it"),
    "join_request_one_waiting_a_person": ("status", "the person waits for a company already"),
    "join_request_decided_has_its_time": ("decidedAt", "goes with every status but waiting"),
    "api_access_request_waits_once": ("status", "the person has asked already"),
    "api_access_request_decided_has_moment": ("decidedAt", "goes with every status but waiting"),
    "company_check_later_has_its_time": (
        "nextAttemptAt",
        "goes with outcome later, and only with it",
    ),
    "booking_limit_limits_something": ("count", "or minutes must be given"),
    "booking_limit_once": ("scope", "there is a limit for it, this room type and period already"),
    "waitlist_ends_after_start": ("to", "must be after its start"),
    "waitlist_one_place_a_wish": ("contactEmail", "waits for the same already"),
    "access_card_blocked_from_goes_with_blocked": ("accessCards", "blockedFrom goes with blocked"),
    "api_token_goes_with_its_kind": ("scopes", "or organization do not go with kind"),
    "site_external_id_once": ("external_id", "is that of another site"),
    "user_external_id_once": ("externalId", "is that of somebody else of the organization"),
    "layer_name_once": ("name", "is that of another layer of the site"),
    "zone_name_once": ("name", "is that of another zone of the layer"),
    "zone_lies_at_both_or_nowhere": ("x", "goes with y"),
    "team_external_id_once": ("externalId", "is that of another team of the organization"),
    "team_membership_one_is_primary": ("members", "have another primary team"),
    "team_location_max_not_below_min": ("settings", "max_capacity must not be below min_capacity"),
    "intention_ends_after_start": ("ends_at", "must be after starts_at"),
    "intention_external_id_once": ("external_id", "is that of another plan of the configuration"),
    "intention_of_a_configuration_has_its_id": ("external_id", "goes with configuration_id"),
    "allocation_is_of_a_person_or_team": ("people_id", "or team_id must be given"),
    "allocation_room_goes_with_its_type": ("room_id", "goes with type ROOM, and only with it"),
    "allocation_person_sits_once": ("people_id", "has another seat at that time"),
    "allocation_space_one_person": ("spaces", "are another person's at that time"),
    "allocation_space_one_team": ("spaces", "are another team's at that time"),
    "attendance_day_once": ("day", "is counted already"),
    "api_token_hash_is_sha256": ("tokenHash", "must be a SHA-256 in lower-case hexadecimal"),
}


def explain(
    error: IntegrityError, *, entries: Iterable[Entry], takings: Sequence[Taking]
) -> BulkError:
    """Say what the database refused, after its transaction was rolled back."""
    diagnosis = getattr(error.__cause__, "diag", None)
    constraint = getattr(diagnosis, "constraint_name", None) or ""
    detail = getattr(diagnosis, "message_detail", None) or ""
    if constraint == "reservation_no_overlap":
        return _overlap(detail, takings)
    by_id = {entry.id: entry for entry in entries}
    culprit = next((by_id[one] for one in _ID.findall(detail) if one in by_id), None)
    if culprit is None:
        return BulkError(f"The database refuses the file: {detail or error}")
    field, problem = _SENTENCES.get(constraint, ("_id", f"the database refuses it: {detail}"))
    return at(culprit.place, field, problem)


def _overlap(detail: str, takings: Sequence[Taking]) -> BulkError:
    found = [(room_id, dt.datetime.fromisoformat(at_)) for room_id, at_ in _OVERLAP.findall(detail)]
    ours = [taking for taking in takings if _slot(taking.row) in found]
    if not ours:
        return BulkError(f"The database refuses the file: {detail}")
    last = max(ours, key=takings.index)
    field = _STARTS.get(last.entry.place.collection, "starts_at")
    other = next((one for one in ours if one.entry is not last.entry), None)
    known = str(other.entry.place) if other else _stored(last)
    return at(last.entry.place, field, f"overlaps {known} in room {last.row.room_id}")


def _slot(row: Reservation) -> tuple[str, dt.datetime]:
    return row.room_id, row.blocked.lower


def _stored(last: Taking) -> str:
    """Name the stored reservation that is in the way."""
    rows = Reservation.objects.filter(
        room=last.row.room_id, holds=True, blocked__overlap=last.row.blocked
    ).exclude(id=last.row.id)
    other = rows.order_by("id").first()
    if other is None or other.meeting_id is None:
        return "a time that staff keep free"
    return f"the meeting {other.meeting_id}"
