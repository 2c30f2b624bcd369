"""The database has the last word: whatever code path writes it, a broken row is refused."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from booking.models import BookingLimit, Meeting, Reservation, WaitlistEntry
from contracts.models import ContractOption, Rate, Statement
from organizations.models import (
    CompanyCheck,
    EmailVerification,
    Organization,
    RegisterAnswer,
    User,
)
from sites_app.models import Closure, OpeningException, Room, RoomLease, Site
from tests.factories.apitokens import (
    ApiTokenFactory,
    WebhookDeliveryFactory,
    WebhookEndpointFactory,
)
from tests.factories.booking import MeetingFactory
from tests.factories.demand import BookingLimitFactory, WaitlistEntryFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, RoomLeaseFactory, SiteFactory

pytestmark = pytest.mark.django_db

DAY = dt.date(2030, 1, 7)
NOON = dt.datetime(2030, 1, 7, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def refused(constraint: str, write: Callable[[], Any]) -> None:
    """Assert that the named constraint refuses the write."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
    assert constraint in str(caught.value)


def block(room: Room, start: dt.datetime, end: dt.datetime, **fields: Any) -> Reservation:
    return Reservation.objects.create(
        room=room, kind="block", blocked=DateTimeTZRange(start, end), **fields
    )


@pytest.mark.parametrize("wrong", ["", "5F0000000000000000000001", "5f", "z" * 24])
def test_id_is_24_lower_hex(wrong):
    refused("id_check", lambda: Site.objects.create(id=wrong, name="x", country="FR"))


@pytest.mark.parametrize(
    ("model", "fields", "constraint"),
    [
        (Site, {"country": "fr"}, "site_country_is_iso"),
        (Site, {"currency": "€"}, "site_currency_is_iso"),
        (Room, {"max_duration": 30}, "room_max_duration_not_below_min"),
        (Room, {"max_person": 1}, "room_max_person_not_below_min"),
        (Room, {"member_discount_percent": 101}, "room_member_discount_is_percent"),
        (Room, {"price_per_hour": -1}, "room_price_per_hour_not_negative"),
        (Room, {"supplement_per_person": -1}, "room_supplement_per_person_not_negative"),
        (Organization, {"country": "France"[:2]}, "organization_country_is_iso"),
        (
            Organization,
            {"rental_start_on": DAY, "rental_end_on": DAY - dt.timedelta(days=1)},
            "organization_contract_ends_after_start",
        ),
        (User, {"email": "Upper@example.com"}, "user_email_is_lower_case"),
        (Meeting, {"ends_at": NOON - 1000 * 24 * HOUR}, "meeting_ends_after_start"),
        (Meeting, {"attendees": 0}, "meeting_has_an_attendee"),
        (Meeting, {"status": "pending"}, "meeting_pending_has_an_end"),
        (BookingLimit, {"count": None}, "booking_limit_limits_something"),
        (BookingLimit, {"count": 0}, "booking_limit_limits_something"),
        (BookingLimit, {"minutes": 0}, "booking_limit_limits_something"),
        (WaitlistEntry, {"ends_at": NOON - 1000 * 24 * HOUR}, "waitlist_ends_after_start"),
        (WaitlistEntry, {"attendees": 0}, "waitlist_has_length_and_attendee"),
        (WaitlistEntry, {"duration_minutes": 0}, "waitlist_has_length_and_attendee"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_row_that_breaks_a_rule_is_refused(model, fields, constraint):
    row = {
        Site: SiteFactory,
        Room: RoomFactory,
        Organization: OrganizationFactory,
        User: UserFactory,
        Meeting: MeetingFactory,
        BookingLimit: BookingLimitFactory,
        WaitlistEntry: WaitlistEntryFactory,
    }[model]()

    refused(constraint, lambda: model.objects.filter(pk=row.pk).update(**fields))


def test_token_hash_is_a_sha256():
    token = ApiTokenFactory()

    refused(
        "api_token_hash_is_sha256",
        lambda: type(token).objects.filter(pk=token.pk).update(token_hash="ww_dev_plain"),
    )


def test_verification_expires_after_it_was_made():
    user = UserFactory()

    refused(
        "verification_expires_after_creation",
        lambda: EmailVerification.objects.create(
            user=user, email=user.email, created_at=NOON, expires_at=NOON
        ),
    )


def company_check(**fields: Any) -> CompanyCheck:
    values = {
        "organization": OrganizationFactory(),
        "country": "FR",
        "company_number": "73282932000074",
        "outcome": "found",
        "source": "insee_siret",
        "confidence": 100,
        "checked_at": NOON,
    }
    return CompanyCheck.objects.create(**values | fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"confidence": 101}, "company_check_confidence_is_percent"),
        ({"outcome": "later"}, "company_check_later_has_its_time"),
        ({"next_attempt_at": NOON}, "company_check_later_has_its_time"),
    ],
)
def test_company_check_that_breaks_a_rule_is_refused(fields, constraint):
    refused(constraint, lambda: company_check(**fields))


def test_company_has_one_check():
    check = company_check()

    refused("organization_id", lambda: company_check(organization=check.organization))


def register_answer(**fields: Any) -> RegisterAnswer:
    values = {"register": "vies", "asked_number": "1", "kind": "found", "answered_at": NOON}
    return RegisterAnswer.objects.create(**values | {"expires_at": NOON + HOUR} | fields)


def test_register_answers_a_question_once():
    register_answer()
    register_answer(register="kbo")

    refused("register_answer_once_a_number", register_answer)


def test_register_answer_expires_after_it_came():
    refused("register_answer_expires_after_it_came", lambda: register_answer(expires_at=NOON))


def test_email_belongs_to_one_person():
    UserFactory(email="a@example.com")

    refused("organizations_user_email", lambda: UserFactory(email="a@example.com"))


def test_closure_ends_after_it_starts():
    site = SiteFactory()

    refused(
        "closure_ends_after_start",
        lambda: Closure.objects.create(site=site, starts_at=NOON, ends_at=NOON),
    )


def test_day_has_one_opening_exception():
    site = SiteFactory()
    OpeningException.objects.create(site=site, date=DAY)

    refused(
        "opening_exception_once_a_day", lambda: OpeningException.objects.create(site=site, date=DAY)
    )


# --- one tenant at a time ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ((None, None), (None, None), True),
        ((None, DAY), (DAY, None), True),
        ((None, DAY), (DAY + dt.timedelta(days=1), None), False),
        ((DAY, DAY), (DAY, DAY), True),
    ],
)
def test_room_has_one_tenant_at_a_time(first, second, clash):
    lease = RoomLeaseFactory(starts_on=first[0], ends_on=first[1])

    def let_again() -> RoomLease:
        return RoomLeaseFactory(room=lease.room, starts_on=second[0], ends_on=second[1])

    if clash:
        refused("lease_one_tenant_at_a_time", let_again)
    else:
        let_again()
        assert lease.room.leases.count() == 2


# --- one meeting at a time ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "clash"),
    [
        (NOON, NOON + HOUR, True),
        (NOON - HOUR, NOON, False),
        (NOON + HOUR, NOON + 2 * HOUR, False),
        (NOON - HOUR, NOON + dt.timedelta(minutes=1), True),
        (NOON + dt.timedelta(minutes=59), NOON + 2 * HOUR, True),
        (NOON + dt.timedelta(minutes=15), NOON + dt.timedelta(minutes=30), True),
        (NOON - HOUR, NOON + 2 * HOUR, True),
    ],
)
def test_reservations_of_a_room_never_overlap(start, end, clash):
    room = RoomFactory()
    block(room, NOON, NOON + HOUR)

    if clash:
        refused("reservation_no_overlap", lambda: block(room, start, end))
    else:
        block(room, start, end)
        assert room.reservations.count() == 2


def test_reservation_that_does_not_hold_may_overlap():
    room = RoomFactory()
    block(room, NOON, NOON + HOUR)

    block(room, NOON, NOON + HOUR, holds=False)

    assert room.reservations.count() == 2


def test_another_room_may_be_reserved_at_the_same_time():
    block(RoomFactory(), NOON, NOON + HOUR)
    block(RoomFactory(), NOON, NOON + HOUR)

    assert Reservation.objects.count() == 2


@pytest.mark.parametrize("span", [(NOON, None), (None, NOON), (NOON, NOON)])
def test_reservation_is_a_finite_time(span):
    room = RoomFactory()

    refused("reservation_is_a_finite_time", lambda: block(room, *span))


def test_reservation_of_a_meeting_names_it():
    room = RoomFactory()

    refused(
        "reservation_meeting_has_its_meeting",
        lambda: Reservation.objects.create(
            room=room, kind="meeting", blocked=DateTimeTZRange(NOON, NOON + HOUR)
        ),
    )


# --- contracts ---------------------------------------------------------------------------------


def rate(**fields: Any) -> Rate:
    return Rate.objects.create(**{"key": "parking", "name": "Parking"} | fields)


def option(organization: Organization, number: int, **fields: Any) -> ContractOption:
    made = rate(key=fields.get("key", "tv_rental"))
    return ContractOption.objects.create(
        **{
            "organization": organization,
            "number": number,
            "rate": made,
            "key": made.key,
            "name": made.name,
        }
        | fields
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"vat_type": "special"},
        {"vat_type": "none", "vat_rate": Decimal(10)},
        {"vat_type": "standard", "vat_rate": Decimal(10)},
    ],
)
def test_special_vat_and_only_that_has_a_rate(fields):
    refused("rate_special_vat_has_a_rate", lambda: rate(**fields))


def test_option_number_is_used_once_in_an_organization():
    organization = OrganizationFactory()
    option(organization, 1)
    option(OrganizationFactory(), 1)

    refused("contract_option_number_once", lambda: option(organization, 1))


def test_unique_option_is_ordered_once():
    organization = OrganizationFactory()
    option(organization, 1, key="parking")

    refused("contract_option_unique_key_once", lambda: option(organization, 2, key="parking"))


def test_generic_option_is_ordered_many_times():
    organization = OrganizationFactory()
    option(organization, 1, key="tv_rental")
    option(organization, 2, key="tv_rental")

    assert organization.contract_options.count() == 2


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"quantity": 0}, "contract_option_quantity_at_least_one"),
        (
            {"start_on": DAY, "end_on": DAY - dt.timedelta(days=1)},
            "contract_option_ends_after_start",
        ),
    ],
)
def test_option_that_breaks_a_rule_is_refused(fields, constraint):
    organization = OrganizationFactory()

    refused(constraint, lambda: option(organization, 1, **fields))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"event_types": []}, "webhook_events_are_documented"),
        ({"event_types": ["*", "meeting.moved"]}, "webhook_events_are_documented"),
        ({"is_active": False}, "webhook_off_has_its_reason"),
        ({"switched_off": "gone"}, "webhook_off_has_its_reason"),
        ({"sealed_former_secret": "x"}, "webhook_former_secret_has_an_end"),
        ({"former_secret_until": NOON}, "webhook_former_secret_has_an_end"),
    ],
)
def test_webhook_that_breaks_a_rule_is_refused(fields, constraint):
    refused(constraint, lambda: WebhookEndpointFactory(**fields))


def test_event_goes_to_an_address_once():
    delivery = WebhookDeliveryFactory()

    refused(
        "webhook_delivery_once",
        lambda: WebhookDeliveryFactory(endpoint=delivery.endpoint, event=delivery.event),
    )


def statement(**fields: Any) -> Statement:
    amounts = {"net": 100, "vat": 20, "gross": 120}
    facts = {"organization": OrganizationFactory(), "month": dt.date(2030, 1, 1), "made_at": NOON}
    return Statement.objects.create(**facts | amounts | fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"month": DAY}, "statement_month_is_its_first"),
        ({"gross": 121}, "statement_adds_up"),
        ({"status": "final"}, "statement_final_has_its_moment"),
        ({"finalized_at": NOON}, "statement_final_has_its_moment"),
    ],
)
def test_statement_that_breaks_a_rule_is_refused(fields, constraint):
    refused(constraint, lambda: statement(**fields))


def test_organization_has_one_statement_a_month_and_currency():
    first = statement()
    statement(organization=first.organization, currency="CHF")
    statement(organization=first.organization, month=dt.date(2030, 2, 1))

    refused("statement_once_a_month", lambda: statement(organization=first.organization))


# --- history -----------------------------------------------------------------------------------

TRACKED = {
    "organizations_organization": "name = 'y'",
    "organizations_departure": "settled_at = at",
    "organizations_invitation": "status = 'waiting'",
    "organizations_joinrequest": "status = 'waiting'",
    "organizations_user": "first_name = 'y'",
    "organizations_accesscard": "number = 'y'",
    "apitokens_apitoken": "name = 'y'",
    "apitokens_apiquota": "daily_limit = 7",
    "apitokens_apiaccessrequest": "purpose = 'y'",
    "apitokens_webhookendpoint": "description = 'y'",
    "sites_app_room": "name = 'y'",
    "sites_app_roomlease": "price = 7",
    "contracts_rate": "name = 'y'",
    "contracts_contractoption": "name = 'y'",
    "contracts_statement": "currency = 'USD'",
    "contracts_statementline": "label = 'y'",
    "booking_bookinglimit": "count = 2",
    "booking_calendarlink": "made_by_id = NULL",
    "booking_waitlistentry": "attendees = 2",
    "booking_meeting": "name = 'y'",
    "booking_meetingseries": "rule = 'y'",
    "booking_reservation": "reason = 'y'",
    "workplace_allocation": "seats = 7",
    "workplace_allocationspace": "holds = false",
    "workplace_configuration": "name = 'y'",
    "workplace_defaultlocation": "site_id = site_id",
    "workplace_intention": "status = 'PENDING'",
    "workplace_layer": "name = 'y'",
    "workplace_roomplacement": "layer_id = layer_id",
    "workplace_space": "name = 'y'",
    "workplace_team": "name = 'y'",
    "workplace_teamlocationsettings": "target = 7",
    "workplace_teammembership": "is_primary = false",
    "workplace_teamsettings": "priority = 'low'",
    "workplace_zone": "capacity = 7",
}


def test_money_contract_booking_user_and_token_tables_keep_a_history():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'"
        )
        assert {name for (name,) in cursor.fetchall()} == set(TRACKED)


def test_history_sees_raw_sql_and_bulk_updates():
    RoomFactory.create_batch(3)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE sites_app_room SET {TRACKED['sites_app_room']}")
        cursor.execute("DELETE FROM sites_app_room")
        cursor.execute("SELECT pgh_label, count(*) FROM sites_app_roomevent GROUP BY 1 ORDER BY 1")

        assert cursor.fetchall() == [("delete", 3), ("insert", 3), ("update", 3)]


def test_history_keeps_neither_passwords_nor_token_hashes():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name IN ('organizations_userevent', 'apitokens_apitokenevent',"
            " 'apitokens_webhookendpointevent', 'booking_calendarlinkevent')"
        )
        columns = {name for (name,) in cursor.fetchall()}

    secrets = {"password", "token_hash", "sealed_secret", "sealed_former_secret", "secret_hash"}
    assert columns & secrets == set()
    assert {"email", "prefix"} <= columns


def test_now_is_never_asked_of_the_database_for_business_times():
    """Times that rules compare come from the clock that tests can set."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE column_default ILIKE '%now()%' OR column_default ILIKE '%statement_timestamp%'"
        )

        assert cursor.fetchall() == [("booking_cataloguechange", "at")]


def test_a_limit_of_one_sort_is_there_once():
    BookingLimitFactory()

    refused("booking_limit_once", BookingLimitFactory)


@pytest.mark.parametrize("with_room", [True, False])
def test_a_wish_waits_once(with_room):
    entry = WaitlistEntryFactory()
    wish = {"room": entry.room, "site": entry.site, "contact_email": entry.contact_email}
    if not with_room:
        WaitlistEntry.objects.update(room=None)
        wish["room"] = None

    refused("waitlist_one_place_a_wish", lambda: WaitlistEntryFactory(**wish))
    WaitlistEntry.objects.update(status="left")
    WaitlistEntryFactory(**wish)
