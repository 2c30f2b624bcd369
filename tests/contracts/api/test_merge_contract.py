"""POST /api/merge-contract: every example, parameter, note and refusal of the document."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from apitokens.models import Event
from contracts.models import ContractOption
from organizations.models import Organization
from sites_app.models import RoomLease
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.contracts import ContractOptionFactory, RateFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import (
    RoomFactory,
    RoomLeaseFactory,
    SiteFactory,
    SiteMembershipFactory,
)

pytestmark = pytest.mark.django_db

URL = "/api/merge-contract"
NOW = dt.datetime(2025, 3, 3, 10, tzinfo=dt.UTC)
TODAY, YESTERDAY = dt.date(2025, 3, 3), dt.date(2025, 3, 2)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def token():
    return ApiTokenFactory()


@pytest.fixture
def send(client, token):
    def _send(headers=token.header, **body):
        return client.post(URL, body, content_type="application/json", headers=headers)

    return _send


@pytest.fixture
def site():
    return SiteFactory()


@pytest.fixture
def acme(site):
    made = OrganizationFactory(id="507f1f77bcf86cd799439011", name="Acme Corp")
    SiteMembershipFactory(site=site, organization=made)
    return made


@pytest.fixture
def merge(send, acme):
    def _merge(**body):
        return send(organizationId=acme.id, **body)

    return _merge


@pytest.fixture
def office(site):
    return RoomFactory(site=site, private_office=True, name="Bureau A12")


def refused(answer, status, message):
    assert (answer.status_code, answer.json()) == (status, {"retcode": -1, "message": message})


def merged(answer):
    assert answer.status_code == 200, answer.json()
    assert answer.json() == {
        "retcode": 1,
        "message": "OK",
        "data": {"organizationId": "507f1f77bcf86cd799439011", "organizationName": "Acme Corp"},
    }


def rooms_of(organization):
    """The rooms that the organization has today or will have."""
    leases = RoomLease.objects.filter(organization=organization).exclude(ends_on__lt=TODAY)
    return list(leases.order_by("pk").values_list("room_id", flat=True))


def options_of(organization):
    found = ContractOption.objects.filter(organization=organization).order_by("number")
    return list(found.values_list("number", "key", "quantity"))


def everything():
    """All that a merge could change."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Organization, RoomLease, ContractOption, Event)
    ]


# --- the document's examples -------------------------------------------------------------------


def test_documented_example(merge, acme):
    RateFactory(id="507f1f77bcf86cd799439099", key="parking", name="Parking space")
    RoomFactory(id="507f191e810c19729de860ea", private_office=True)

    answer = merge(
        rentalPrice="1500€",
        rentalEndAt="2025-12-31",
        rentalRenewal=12,
        contractOptionsToAdd=[
            {
                "optionModelId": "507f1f77bcf86cd799439099",
                "key": "parking",
                "name": "Place de parking",
                "quantity": 2,
                "price": 150,
            }
        ],
        roomsToAdd=["507f191e810c19729de860ea"],
    )

    merged(answer)
    acme.refresh_from_db()
    assert (acme.rental_price_text, acme.base_price) == ("1500€", 1500)
    assert (acme.rental_end_on, acme.renewal_months) == (dt.date(2025, 12, 31), 12)
    option = ContractOption.objects.get()
    assert (option.number, option.key, option.name) == (1, "parking", "Place de parking")
    assert (option.quantity, option.price, option.price_promo) == (2, 150, None)
    lease = RoomLease.objects.get()
    assert (lease.organization_id, lease.room_id) == (acme.id, "507f191e810c19729de860ea")
    assert (lease.starts_on, lease.own_end_on, lease.ends_on, lease.price) == (
        TODAY,
        None,
        dt.date(2025, 12, 31),
        500,
    )


def test_documented_example_after_its_dates(clock, merge, acme, office):
    """A contract that is over may still be written down; its rooms are free."""
    clock.move_to(dt.datetime(2026, 11, 21, tzinfo=dt.UTC))

    merged(merge(rentalEndAt="2025-12-31", roomsToAdd=[office.id]))
    merged(merge(rentalEndAt="2025-12-31", roomsToAdd=[office.id], rooms=[office.id]))

    lease = RoomLease.objects.get()
    assert (lease.starts_on, lease.ends_on) == (dt.date(2025, 12, 31),) * 2


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({}, 400, "Missing required parameter: organizationId"),
        ({"organizationId": None}, 400, "Missing required parameter: organizationId"),
        ({"organizationId": "abc"}, 400, "Invalid organizationId format"),
        ({"organizationId": 7}, 400, "Invalid organizationId format"),
        ({"organizationId": "f" * 24}, 404, "Organization not found"),
    ],
)
def test_documented_refusals(send, body, status, message):
    refused(send(**body), status, message)


def test_needs_a_token(send, acme):
    refused(
        send(headers={}, organizationId=acme.id),
        401,
        "Unauthorized: Authorization header is required. Use: Authorization: Bearer <your_token>",
    )


# --- who may -----------------------------------------------------------------------------------


def test_scope_is_needed(send, acme):
    token = ApiTokenFactory(scopes=["read", "bookings:write", "registrations:write"])

    refused(
        send(headers=token.header, organizationId=acme.id, rentalComment="x"),
        403,
        "Forbidden: this token lacks the scope contracts:write",
    )


def test_own_organization_is_for_application_administrators(send, acme):
    own = ApiTokenFactory(owner=UserFactory(organization=acme, api_role="api-developer"))
    staff = ApiTokenFactory(owner=UserFactory(organization=acme, api_role="app-admin"))
    body = {"organizationId": acme.id, "rentalComment": "cheap"}

    refused(
        send(headers=own.header, **body),
        403,
        "Forbidden: a token cannot change the contract of its owner's organization",
    )
    merged(send(headers=staff.header, **body))


def test_another_organization_is_unknown_to_a_company(send, acme):
    other = ApiTokenFactory(
        owner=UserFactory(organization=OrganizationFactory(), api_role="api-developer")
    )
    before = everything()

    refused(
        send(headers=other.header, organizationId=acme.id, rentalComment="x"),
        404,
        "Organization not found",
    )
    assert everything() == before


def test_nothing_but_the_contract_is_written(merge, acme):
    """Source: safety, S-12."""
    merged(
        merge(
            isArchived=True,
            memberOf=["f" * 24],
            role="admin",
            name="Evil",
            isMember=True,
            basePrice=1,
            next_option_number=99,
            status="pending",
            rentalComment="the one thing",
        )
    )

    after = Organization.objects.get()
    assert after.rental_comment == "the one thing"
    assert (after.name, after.status, after.is_member) == ("Acme Corp", "active", False)
    assert (after.is_archived, after.base_price, after.next_option_number) == (False, None, 1)
    assert after.accessible_sites.count() == 1


# --- terms -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1500€", "1500"),
        ("1 500,50 €", "1500.50"),
        ("€1,500.50", "1500.50"),
        ("0", "0"),
    ],
)
def test_rental_price_keeps_its_text_and_feeds_the_base_price(merge, acme, text, amount):
    merged(merge(rentalPrice=text))

    acme.refresh_from_db()
    assert (acme.rental_price_text, acme.base_price) == (text, Decimal(amount))


@pytest.mark.parametrize("empty", ["", None])
def test_empty_terms_are_cleared(merge, acme, empty):
    Organization.objects.update(
        rental_price_text="9",
        base_price=9,
        rental_comment="x",
        rental_start_on=TODAY,
        rental_end_on=TODAY,
        rental_url="https://drive.example/x",
        renewal_months=3,
    )

    merged(
        merge(
            rentalPrice=empty,
            rentalComment=empty,
            rentalStartAt=empty,
            rentalEndAt=empty,
            rentalUrl=empty,
            rentalRenewal=empty,
        )
    )

    acme.refresh_from_db()
    assert (acme.rental_price_text, acme.base_price, acme.rental_comment) == ("", None, "")
    assert (acme.rental_start_on, acme.rental_end_on) == (None, None)
    assert (acme.rental_url, acme.renewal_months) == ("", None)


def test_absent_terms_stay(merge, acme):
    Organization.objects.update(
        rental_price_text="9€", base_price=9, rental_comment="x", rental_start_on=TODAY
    )

    merged(merge(rentalRenewal=6))

    acme.refresh_from_db()
    assert (acme.rental_price_text, acme.base_price, acme.rental_comment) == ("9€", 9, "x")
    assert (acme.rental_start_on, acme.renewal_months) == (TODAY, 6)


PRICE = "Invalid rentalPrice: must be one amount, such as 1500€"
ADDRESS = "Invalid rentalUrl: must be an http or https address"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"rentalPrice": "a lot"}, PRICE),
        ({"rentalPrice": "-5"}, PRICE),
        ({"rentalPrice": 1500}, "Invalid rentalPrice: must be a string"),
        ({"rentalPrice": "1" * 65}, "Invalid rentalPrice: must be at most 64 characters"),
        ({"rentalComment": 5}, "Invalid rentalComment: must be a string"),
        (
            {"rentalComment": "a\x00b"},
            "Invalid rentalComment: must not contain control characters",
        ),
        ({"rentalStartAt": "31/12/2025"}, "Invalid rentalStartAt: must be a date (YYYY-MM-DD)"),
        ({"rentalStartAt": "2025-02-30"}, "Invalid rentalStartAt: must be a date (YYYY-MM-DD)"),
        ({"rentalEndAt": "2025-12-31T00:00"}, "Invalid rentalEndAt: must be a date (YYYY-MM-DD)"),
        ({"rentalEndAt": 20251231}, "Invalid rentalEndAt: must be a string"),
        (
            {"rentalStartAt": "2025-12-31", "rentalEndAt": "2025-12-30"},
            "Invalid rentalEndAt: must not be before rentalStartAt",
        ),
        ({"rentalRenewal": "12"}, "Invalid rentalRenewal: must be a number"),
        ({"rentalRenewal": 1.5}, "Invalid rentalRenewal: must be a whole number"),
        ({"rentalRenewal": -1}, "Invalid rentalRenewal: must be at least 0"),
        ({"rentalRenewal": 601}, "Invalid rentalRenewal: must be at most 600"),
        ({"rentalUrl": "javascript:alert(1)"}, ADDRESS),
        ({"rentalUrl": "ftp://files.example.com/"}, ADDRESS),
        ({"rentalUrl": "http://169.254.169.254/latest"}, ADDRESS),
        ({"rentalUrl": "https://a@b.example/"}, ADDRESS),
        ({"rooms": "x"}, "Invalid rooms: must be an array of room IDs"),
        ({"roomsToAdd": ["x"]}, "Invalid roomsToAdd: must be an array of room IDs"),
        ({"roomsToRemove": [5]}, "Invalid roomsToRemove: must be an array of room IDs"),
        (
            {"contractOptionsToRemove": ["1"]},
            "Invalid contractOptionsToRemove: must be an array of contract option IDs",
        ),
        (
            {"contractOptionsToAdd": {}},
            "Invalid contractOptionsToAdd: must be an array of contract options",
        ),
        (
            {"contractOptions": ["x"]},
            "Invalid contractOptions: must be an array of contract options",
        ),
        ({"dryRun": "yes"}, "Invalid dryRun: must be true or false"),
    ],
)
def test_wrong_input_is_named_and_changes_nothing(merge, acme, body, message):
    before = everything()

    refused(merge(**{"rentalComment": "new"} | body), 400, message)
    assert everything() == before


def test_end_is_compared_with_the_stored_start(merge, acme):
    Organization.objects.update(rental_start_on=TODAY)

    refused(
        merge(rentalEndAt="2025-03-02"),
        400,
        "Invalid rentalEndAt: must not be before rentalStartAt",
    )
    merged(merge(rentalEndAt="2025-03-03"))


def test_zero_months_is_no_renewal(merge, acme):
    merged(merge(rentalRenewal=0))

    acme.refresh_from_db()
    assert acme.renewal_months is None


def test_address_of_documents_is_kept(merge, acme, settings):
    settings.RENTAL_URL_HOSTS = ["drive.google.com"]
    address = "https://drive.google.com/drive/folders/1a2B?usp=sharing"

    merged(merge(rentalUrl=address))
    acme.refresh_from_db()
    assert acme.rental_url == address
    refused(
        merge(rentalUrl="https://drive.google.com.example/x"), 400, f"{ADDRESS} at drive.google.com"
    )


# --- rooms -------------------------------------------------------------------------------------


def test_rooms_are_added_and_removed(merge, acme, site):
    kept, gone, new = RoomFactory.create_batch(3, site=site, private_office=True)
    merged(merge(roomsToAdd=[kept.id, gone.id]))

    merged(merge(roomsToRemove=[gone.id], roomsToAdd=[new.id, kept.id]))

    assert sorted(rooms_of(acme)) == sorted([kept.id, new.id])


def test_rooms_replace_the_list_and_those_that_stay_keep_their_terms(merge, acme, site):
    stays, goes, comes = RoomFactory.create_batch(3, site=site, private_office=True)
    own = RoomLeaseFactory(
        room=stays, organization=acme, price=7, own_end_on="2025-06-30", ends_on="2025-06-30"
    )
    RoomLeaseFactory(room=goes, organization=acme, starts_on="2024-01-01")

    merged(merge(rooms=[comes.id, stays.id]))

    assert sorted(rooms_of(acme)) == sorted([comes.id, stays.id])
    own.refresh_from_db()
    assert (own.price, own.own_end_on) == (7, dt.date(2025, 6, 30))
    assert RoomLease.objects.get(room=goes).ends_on == YESTERDAY


@pytest.mark.parametrize("empty", [[], None, ""])
def test_empty_list_gives_all_rooms_back(merge, acme, office, empty):
    merged(merge(roomsToAdd=[office.id]))

    merged(merge(rooms=empty))

    assert rooms_of(acme) == []


def test_replacement_then_removal_then_addition(merge, acme, site):
    one, two, three = RoomFactory.create_batch(3, site=site, private_office=True)
    RoomLeaseFactory(room=one, organization=acme, price=7, starts_on="2024-01-01")

    merged(
        merge(rooms=[one.id, two.id], roomsToRemove=[one.id, two.id], roomsToAdd=[three.id, one.id])
    )

    assert sorted(rooms_of(acme)) == sorted([one.id, three.id])
    assert RoomLease.objects.get(room=one, starts_on=TODAY).price == one.price_per_month


def test_removing_what_is_not_there_does_nothing(merge, acme, office):
    before = everything()

    merged(
        merge(roomsToRemove=[office.id, "f" * 24], contractOptionsToRemove=[1, 99], roomsToAdd=[])
    )
    assert everything() == before


def test_room_of_another_organization_is_refused_by_name(merge, acme, office):
    RoomLeaseFactory(room=office)
    other = RoomFactory(private_office=True)
    before = everything()

    refused(
        merge(rentalComment="new", roomsToAdd=[other.id, office.id]),
        409,
        "Room Bureau A12 is already allocated to another organization",
    )
    refused(
        merge(rooms=[office.id]),
        409,
        "Room Bureau A12 is already allocated to another organization",
    )
    assert everything() == before


def test_lease_of_another_that_is_over_does_not_block(merge, acme, office):
    RoomLeaseFactory(room=office, ends_on=YESTERDAY)

    merged(merge(rentalStartAt="2025-01-01", roomsToAdd=[office.id]))

    assert RoomLease.objects.get(organization=acme).starts_on == TODAY


def test_lease_of_another_blocks_on_its_last_day(merge, acme, office):
    RoomLeaseFactory(room=office, ends_on=TODAY)

    answer = merge(roomsToAdd=[office.id])

    assert answer.status_code == 409


def test_room_given_back_is_free_at_once(send, merge, acme, office):
    RoomLeaseFactory(room=office, organization=acme)
    next_one = OrganizationFactory()

    merged(merge(roomsToRemove=[office.id]))
    answer = send(organizationId=next_one.id, roomsToAdd=[office.id])

    assert answer.status_code == 200
    assert (rooms_of(acme), rooms_of(next_one)) == ([], [office.id])


def test_room_added_and_given_back_the_same_day_leaves_no_lease(merge, acme, office):
    merged(merge(roomsToAdd=[office.id]))
    merged(merge(roomsToRemove=[office.id]))

    assert RoomLease.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "start"),
    [
        ({}, "2025-03-03"),
        ({"rentalStartAt": "2025-05-01"}, "2025-05-01"),
        ({"rentalStartAt": "2025-01-01"}, "2025-01-01"),
    ],
)
def test_day_on_which_a_new_lease_begins(merge, acme, office, body, start):
    merged(merge(roomsToAdd=[office.id], **body))

    assert RoomLease.objects.get().starts_on.isoformat() == start


def test_leases_follow_the_contracts_end(merge, acme, site):
    follows, own = RoomFactory.create_batch(2, site=site, private_office=True)
    RoomLeaseFactory(room=follows, organization=acme, ends_on="2025-04-30")
    RoomLeaseFactory(room=own, organization=acme, own_end_on="2025-06-30", ends_on="2025-06-30")

    merged(merge(rentalEndAt="2026-12-31"))

    ends = dict(RoomLease.objects.values_list("room_id", "ends_on"))
    assert ends == {follows.id: dt.date(2026, 12, 31), own.id: dt.date(2025, 6, 30)}


def test_longer_contract_does_not_run_into_the_next_tenant(merge, acme, office):
    Organization.objects.update(rental_end_on="2025-06-30")
    RoomLeaseFactory(room=office, organization=acme, ends_on="2025-06-30")
    RoomLeaseFactory(room=office, starts_on="2025-07-01")
    before = everything()

    refused(
        merge(rentalEndAt="2025-07-01"),
        409,
        "Room Bureau A12 is already allocated to another organization",
    )
    assert everything() == before


def test_lease_that_would_begin_after_the_contracts_new_end_is_dropped(merge, acme, office):
    RoomLeaseFactory(room=office, organization=acme, starts_on="2025-06-01")

    merged(merge(rentalEndAt="2025-05-31"))

    assert RoomLease.objects.count() == 0


@pytest.mark.parametrize(
    "kind",
    [
        "publicOffice",
        "office",
        "privateOffice",
        "sharedOffice",
        "meeting",
        "privateMeeting",
        "sharedMeeting",
        "conference",
        "privateAccess",
        "other",
    ],
)
def test_every_other_type_can_be_let(merge, acme, kind):
    merged(merge(roomsToAdd=[RoomFactory(type=kind).id]))


def test_public_meeting_room_cannot_be_let(merge, acme):
    refused(
        merge(roomsToAdd=[RoomFactory(name="M1").id]),
        400,
        "Room M1 is a public meeting room and cannot be allocated",
    )


def test_unknown_room(merge, acme):
    refused(merge(roomsToAdd=["f" * 24]), 404, "Room not found")


def test_catalogue_shows_the_tenant_at_once(client, merge, token, acme, office):
    def seen():
        rooms = client.get("/api/rooms", headers=token.header).json()["data"]
        return [(room["_id"], room.get("organizationName")) for room in rooms]

    assert seen() == [(office.id, None)]
    merged(merge(roomsToAdd=[office.id]))
    assert seen() == [(office.id, "Acme Corp")]


# --- options -----------------------------------------------------------------------------------


def test_options_get_ids_that_are_never_used_again(merge, acme):
    rate = RateFactory()
    order = {"optionModelId": rate.id}

    merged(merge(contractOptionsToAdd=[order, order]))
    merged(merge(contractOptionsToRemove=[2]))
    merged(merge(contractOptionsToAdd=[order]))
    assert [number for number, *_ in options_of(acme)] == [1, 3]
    merged(merge(contractOptions=[order]))
    assert [number for number, *_ in options_of(acme)] == [4]


def test_ids_are_counted_for_each_organization(send, merge, acme, site):
    rate = RateFactory()
    other = SiteMembershipFactory(site=site).organization

    merged(merge(contractOptionsToAdd=[{"optionModelId": rate.id}]))
    send(organizationId=other.id, contractOptionsToAdd=[{"optionModelId": rate.id}])

    assert options_of(acme) == options_of(other) == [(1, rate.key, 1)]


def test_options_are_replaced_then_removed_then_added(merge, acme):
    old, parking, wifi = (RateFactory(key=key) for key in ("tv_rental", "parking", "private_wifi"))
    ContractOptionFactory(organization=acme, rate=old)
    Organization.objects.update(next_option_number=2)

    merged(
        merge(
            contractOptions=[{"optionModelId": old.id}, {"optionModelId": parking.id}],
            contractOptionsToRemove=[1, 3],
            contractOptionsToAdd=[{"optionModelId": parking.id}, {"optionModelId": wifi.id}],
        )
    )

    assert options_of(acme) == [
        (2, "tv_rental", 1),
        (4, "parking", 1),
        (5, "private_wifi", 1),
    ]


@pytest.mark.parametrize("empty", [[], None])
def test_empty_list_clears_the_options(merge, acme, empty):
    ContractOptionFactory(organization=acme)

    merged(merge(contractOptions=empty))

    assert options_of(acme) == []


def test_unique_option_is_held_once(merge, acme):
    parking = RateFactory(key="parking")
    order = {"optionModelId": parking.id}
    message = "Contract option parking can only be subscribed once per organization"

    refused(merge(contractOptionsToAdd=[order, order]), 409, message)
    merged(merge(contractOptionsToAdd=[order]))
    before = everything()
    refused(merge(rentalComment="new", contractOptionsToAdd=[order]), 409, message)
    assert everything() == before
    merged(merge(contractOptionsToRemove=[1], contractOptionsToAdd=[order]))


def test_every_field_of_an_option(merge, acme):
    rate = RateFactory(key="tv_rental", name="TV rental")

    merged(
        merge(
            contractOptionsToAdd=[
                {
                    "optionModelId": rate.id.upper(),
                    "key": "parking",
                    "name": "Écran du hall",
                    "quantity": 2,
                    "price": 150.5,
                    "pricePromo": 0,
                    "promoMonthDuration": 3,
                    "startAt": "2024-01-01",
                    "endAt": "2024-12-31",
                }
            ]
        )
    )

    option = ContractOption.objects.get()
    assert (option.rate_id, option.key, option.name) == (rate.id, "tv_rental", "Écran du hall")
    assert (option.quantity, option.price, option.price_promo) == (2, Decimal("150.5"), 0)
    assert (option.promo_months, option.start_on) == (3, dt.date(2024, 1, 1))
    assert option.end_on == dt.date(2024, 12, 31)


@pytest.mark.parametrize("default", [-1, None, ""])
def test_prices_that_are_the_rates(merge, acme, default):
    rate = RateFactory(name="TV rental")

    merged(
        merge(
            contractOptionsToAdd=[
                {"optionModelId": rate.id, "price": default, "pricePromo": default, "endAt": ""}
            ]
        )
    )

    option = ContractOption.objects.get()
    assert (option.price, option.price_promo, option.name) == (None, None, "TV rental")
    assert (option.quantity, option.promo_months) == (1, None)
    assert (option.start_on, option.end_on) == (None, None)


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ({"optionModelId": None}, "Missing required parameter: optionModelId"),
        ({"optionModelId": "x"}, "Invalid optionModelId format"),
        ({"key": 5}, "Invalid key: must be a string"),
        ({"name": 5}, "Invalid name: must be a string"),
        ({"quantity": 0}, "Invalid quantity: must be at least 1"),
        ({"quantity": 1001}, "Invalid quantity: must be at most 1000"),
        ({"quantity": "2"}, "Invalid quantity: must be a number"),
        ({"price": -2}, "Invalid price: must be at least 0, or -1 for the default rate"),
        ({"price": 1e9}, "Invalid price: must be at least 0, or -1 for the default rate"),
        ({"price": 1.005}, "Invalid price: must have at most two decimals"),
        ({"pricePromo": "5"}, "Invalid pricePromo: must be a number"),
        ({"promoMonthDuration": -1}, "Invalid promoMonthDuration: must be at least 0"),
        ({"startAt": "soon"}, "Invalid startAt: must be a date (YYYY-MM-DD)"),
        (
            {"startAt": "2025-01-02", "endAt": "2025-01-01"},
            "Invalid endAt: must not be before startAt",
        ),
    ],
)
@pytest.mark.parametrize("name", ["contractOptions", "contractOptionsToAdd"])
def test_wrong_field_of_an_option(merge, acme, name, field, message):
    order = {"optionModelId": RateFactory().id} | field
    before = everything()

    refused(merge(**{name: [order]}, rentalComment="new"), 400, message)
    assert everything() == before


def test_option_of_a_site_of_the_organization(merge, acme, office):
    elsewhere = RoomFactory(private_office=True)
    hidden = RateFactory(key="parking")
    usable = [
        RateFactory(key="tv_rental"),
        RateFactory(key="parking", site=office.site),
        RateFactory(key="private_wifi", site=elsewhere.site),
    ]
    unusable = [hidden, RateFactory(site=SiteFactory()), RateFactory(is_active=False)]
    merged(merge(roomsToAdd=[elsewhere.id]))
    Organization.objects.get().accessible_sites.add(office.site)

    for rate in usable:
        merged(merge(contractOptionsToAdd=[{"optionModelId": rate.id}]))
    # the general one is hidden at one site, but still offered at the other
    refused(
        merge(contractOptionsToAdd=[{"optionModelId": hidden.id}]),
        409,
        "Contract option parking can only be subscribed once per organization",
    )
    for rate in (*unusable[1:], None):
        refused(
            merge(contractOptionsToAdd=[{"optionModelId": rate.id if rate else "f" * 24}]),
            404,
            "Contract option not found",
        )


def test_general_option_that_the_only_site_replaces_is_not_found(merge, acme, site):
    general = RateFactory(key="parking")
    RateFactory(key="parking", site=site)

    refused(
        merge(contractOptionsToAdd=[{"optionModelId": general.id}]),
        404,
        "Contract option not found",
    )


# --- all of it or nothing, told and remembered -----------------------------------------------------


def test_dry_run_answers_and_changes_nothing(merge, acme, office):
    rate = RateFactory()
    before = everything()

    answer = merge(
        dryRun=True,
        rentalPrice="9€",
        roomsToAdd=[office.id],
        contractOptionsToAdd=[{"optionModelId": rate.id}],
    )

    assert answer.json() == {
        "retcode": 1,
        "message": "OK",
        "data": {"organizationId": acme.id, "organizationName": "Acme Corp"},
        "dryRun": True,
    }
    assert everything() == before


def test_dry_run_refuses_like_the_real_thing(merge, acme, office):
    RoomLeaseFactory(room=office)

    assert merge(dryRun=True, roomsToAdd=[office.id]).status_code == 409


def test_change_is_an_event(merge, acme, office):
    rate = RateFactory()

    merged(
        merge(
            rentalPrice="9€",
            rentalComment="",
            roomsToAdd=[office.id],
            contractOptionsToAdd=[{"optionModelId": rate.id}],
        )
    )

    event = Event.objects.get(type="contract.changed")
    assert (event.type, event.object_kind, event.object_id) == (
        "contract.changed",
        "organization",
        acme.id,
    )
    assert (event.organization_id, event.at) == (acme.id, NOW)
    assert event.data == {"changed": ["rentalPrice", "rooms", "contractOptions"]}


def test_merge_that_changes_nothing_is_no_event(merge, acme):
    merged(merge(rentalComment="", rooms=[], contractOptions=[]))

    assert Event.objects.count() == 0


def test_history_names_the_token(merge, token, acme, office):
    rate = RateFactory()
    merged(
        merge(
            rentalPrice="9€",
            roomsToAdd=[office.id],
            contractOptionsToAdd=[{"optionModelId": rate.id}],
        )
    )

    for model in (Organization, RoomLease, ContractOption):
        last = model.pgh_event_model.objects.order_by("-pgh_id").first()
        assert last.pgh_context.metadata["token"] == token.pk


def test_one_key_has_one_effect(client, token, acme):
    rate = RateFactory()
    headers = token.header | {"Idempotency-Key": "k1"}
    body = {"organizationId": acme.id, "contractOptionsToAdd": [{"optionModelId": rate.id}]}

    answers = [
        client.post(URL, body, content_type="application/json", headers=headers) for _ in range(2)
    ]

    assert answers[0].content == answers[1].content
    assert len(options_of(acme)) == 1


def test_followers_hear_of_the_rooms_whose_leases_changed(merge, acme, site):
    goes, comes, stays = (RoomFactory(site=site, type="office") for _ in range(3))
    for room in (goes, stays):
        RoomLeaseFactory(room=room, organization=acme, starts_on="2024-01-01")

    merge(roomsToAdd=[comes.id], roomsToRemove=[goes.id])

    def announced():
        found = Event.objects.filter(type="room.changed").values_list("object_id", flat=True)
        return sorted(found)

    assert announced() == sorted([goes.id, comes.id])
    merge(rentalComment="Nothing about rooms")
    assert len(announced()) == 2
