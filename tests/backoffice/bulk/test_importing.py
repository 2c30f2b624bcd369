"""Loading a bulk file: what arrives, what an update changes, what is refused and how that is said."""

import copy
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from apitokens.models import Event
from backoffice.bulk import importing
from backoffice.bulk.problems import BulkError
from booking.models import Meeting, Reservation
from contracts.models import ContractOption, Rate
from organizations.models import AccessCard, Organization, User
from sites_app.models import Closure, Room, RoomImage, RoomLease, Site

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[2] / "data"
NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
BOARD, PENDING, CANCELLED, SALON = (f"65f00000000000000000000{number}" for number in (1, 2, 3, 4))
ROOM, SMALL, WHOLE = (f"65b00000000000000000000{number}" for number in (1, 2, 3))


@pytest.fixture
def operator() -> dict[str, Any]:
    return json.loads((DATA / "operator.json").read_text(encoding="utf-8"))


def load(data: dict[str, Any], *, now: dt.datetime = NOW) -> importing.Loaded:
    return importing.load(copy.deepcopy(data), folder=DATA, now=now)


def refusal(data: dict[str, Any]) -> str:
    with pytest.raises(BulkError) as refused:
        load(data)
    return refused.value.message


def utc(*moment: int) -> dt.datetime:
    return dt.datetime(*moment, tzinfo=dt.UTC)


def test_everything_arrives(operator):
    loaded = load(operator)

    counts = {"sites": 2, "rooms": 5, "organizations": 2, "users": 3, "rates": 2}
    assert {name: count for name, count in loaded.new.items() if count} == counts | {
        "meetings": 4,
        "blocks": 1,
    }
    assert set(loaded.changed.values()) == {0}
    assert loaded.warnings == ()


def test_values_are_read_as_documented(operator):
    load(operator)

    site = Site.objects.get(pk="65a000000000000000000002")
    assert (site.country, site.currency, site.is_public) == ("IE", "EUR", False)
    room = Room.objects.get(pk=ROOM)
    assert (room.price_per_hour, room.price_per_day) == (Decimal("37.50"), Decimal(220))
    assert Room.objects.get(pk=WHOLE).parts.count() == 2
    closure = Closure.objects.get(reason="New carpet")
    assert closure.starts_at == utc(2027, 3, 1, 7)
    company = Organization.objects.get(name="ACME Conseil")
    assert (company.email, company.phone) == ("billing@acme.example", "+33142000002")
    assert (company.base_price, company.status) == (Decimal("1500.50"), "active")


def test_a_lease_ends_with_itself_or_the_contract(operator):
    load(operator)
    ends = dict(RoomLease.objects.values_list("room__name", "ends_on"))
    assert ends == {"O-201": dt.date(2027, 12, 31), "Liffey": dt.date(2026, 12, 31)}

    load(
        {"organizations": [{"_id": "65c000000000000000000001", "rentalEndAt": "2028-06-30"}]},
        now=LATER,
    )
    ends = dict(RoomLease.objects.values_list("room__name", "ends_on"))
    assert ends == {"O-201": dt.date(2028, 6, 30), "Liffey": dt.date(2026, 12, 31)}


def test_options_take_the_rates_key_and_the_next_number(operator):
    load(operator)

    options = ContractOption.objects.order_by("number")
    found = options.values_list("number", "key", "name", "price_promo")
    assert list(found) == [
        (2, "parking", "parking_place", None),
        (3, "private_wifi", "Fibre", None),
    ]
    assert Organization.objects.get(name="ACME Conseil").next_option_number == 4


def test_people_get_roles_and_access(operator):
    load(operator)

    claire, developer, visitor = User.objects.order_by("pk")
    assert claire.email == "claire@acme.example"
    assert claire.check_password("correct horse battery")
    assert claire.is_existing
    assert AccessCard.objects.get(holder=claire).sites.count() == 2
    assert (developer.role, developer.api_role) == ("user", "api-developer")
    assert not developer.has_usable_password()
    assert (visitor.role, visitor.is_existing) == ("temp", False)


def test_a_meeting_knows_its_booker_price_and_terms(operator):
    load(operator)

    board = Meeting.objects.get(pk=BOARD)
    assert (board.starts_at, board.ends_at) == (utc(2026, 11, 30, 8), utc(2026, 11, 30, 10))
    assert board.organizer.email == "claire@acme.example"
    assert board.organization.name == "ACME Conseil"
    # Two hours at 37.50 less the member's 10 %, and four people above the two included.
    assert (board.price, board.price_gross) == (Decimal("77.50"), Decimal("93.00"))
    assert board.cancellation_terms[0] == {"hours": 48, "percent": 30}
    assert (board.sequence, board.created_at) == (0, NOW)
    given = Meeting.objects.get(pk=CANCELLED)
    assert (given.price, given.price_gross) == (Decimal(10), Decimal(12))
    assert given.cancelled_at == NOW


def test_meetings_take_their_rooms_with_setup_and_cleaning(operator):
    load(operator)

    board = Reservation.objects.get(meeting=BOARD)
    assert board.blocked.lower == utc(2026, 11, 30, 7, 45)
    assert board.blocked.upper == utc(2026, 11, 30, 10, 10)
    assert Reservation.objects.get(meeting=PENDING).holds
    assert not Reservation.objects.get(meeting=CANCELLED).holds
    assert Reservation.objects.get(meeting=SALON).room_id == WHOLE
    assert Reservation.objects.get(kind="block").reason == "Painters"
    assert Meeting.objects.get(pk=PENDING).hold_expires_at == NOW + dt.timedelta(hours=24)


def test_a_whole_room_blocks_its_parts(operator):
    del operator["meetings"][3]["blocked"]
    load(operator)
    taken = Reservation.objects.filter(meeting=SALON).order_by("room")
    assert list(taken.values_list("room_id", flat=True)) == [ROOM, SMALL, WHOLE]


def test_loading_again_changes_nothing(operator):
    load(operator)
    history = [model.events.rel.related_model for model in (Meeting, Room, User, Organization)]
    before = [model.objects.count() for model in history]
    reservations = set(Reservation.objects.values_list("pk", flat=True))
    pictures = set(RoomImage.objects.values_list("pk", "file"))

    loaded = load(operator, now=LATER)

    assert set(loaded.new.values()) | set(loaded.changed.values()) == {0}
    assert [model.objects.count() for model in history] == before
    assert set(Reservation.objects.values_list("pk", flat=True)) == reservations
    assert set(RoomImage.objects.values_list("pk", "file")) == pictures
    assert list(Meeting.objects.values_list("sequence", flat=True)) == [0, 0, 0, 0]


def test_an_absent_field_keeps_its_value(operator):
    load(operator)
    load({"rooms": [{"_id": ROOM.upper(), "description": None, "maxPerson": 10}]}, now=LATER)

    room = Room.objects.get(pk=ROOM)
    assert (room.description, room.max_person, room.public_name) == ("", 10, "Montgolfier")
    assert room.equipment == ["screen", "video", "whiteboard"]
    assert (room.created_at, room.updated_at) == (NOW, LATER)
    assert room.images.count() == 1


def test_an_edit_raises_the_sequence_and_moves_the_reservation(operator):
    load(operator)
    moved = {"_id": BOARD, "bookedAt": "2026-11-30T14:00"}
    loaded = load({"meetings": [moved]}, now=LATER)

    board = Meeting.objects.get(pk=BOARD)
    assert loaded.changed["meetings"] == 1
    assert (board.sequence, board.revised_at, board.duration_minutes) == (1, LATER, 120)
    assert Reservation.objects.get(meeting=BOARD).blocked.lower == utc(2026, 11, 30, 12, 45)


def test_two_meetings_may_swap_their_times(operator):
    other = operator["meetings"][0] | {
        "_id": "65f000000000000000000009",
        "bookedAt": "2026-11-30T14:00",
    }
    operator["meetings"].append(other)
    load(operator)
    swap = [
        {"_id": BOARD, "bookedAt": "2026-11-30T14:00"},
        {"_id": other["_id"], "bookedAt": "2026-11-30T09:00"},
    ]
    load({"meetings": swap}, now=LATER)
    assert Meeting.objects.get(pk=BOARD).starts_at == utc(2026, 11, 30, 13)


def test_cancelling_frees_the_room_and_back_to_back_is_fine(operator):
    load(operator)
    load({"meetings": [{"_id": BOARD, "status": "cancelled"}]}, now=LATER)
    assert not Reservation.objects.get(meeting=BOARD).holds

    after = {"bookedRoom": SMALL, "duration": 30, "contactEmail": "a@b.example"}
    load(
        {"meetings": [after | {"_id": "65f00000000000000000000a", "bookedAt": "2026-12-01T15:00Z"}]}
    )


def test_overlapping_meetings_of_the_file_are_named(operator):
    late = operator["meetings"][0] | {
        "_id": "65f000000000000000000009",
        "bookedAt": "2026-11-30T11:24",
    }
    operator["meetings"].append(late)
    assert refusal(operator) == (
        f"meetings[4] (_id {late['_id']}): bookedAt: overlaps meetings[0] (_id {BOARD}) in room {ROOM}"
    )
    assert not Site.objects.exists()

    late["bookedAt"] = (
        "2026-11-30T11:25"  # cleaning of the first ends as setup of the second starts
    )
    load(operator)


def test_a_meeting_over_a_stored_one_is_named(operator):
    load(operator)
    over = operator["meetings"][0] | {"_id": "65f000000000000000000009"}
    assert refusal({"meetings": [over]}) == (
        f"meetings[0] (_id {over['_id']}): bookedAt: overlaps the meeting {BOARD} in room {ROOM}"
    )


def test_a_stale_hold_gives_way(operator):
    load(operator)
    over = operator["meetings"][1] | {"_id": "65f000000000000000000009", "status": "confirmed"}
    load({"meetings": [over]}, now=NOW + dt.timedelta(days=2))
    assert Meeting.objects.get(pk=PENDING).status == "expired"


WRONG = [
    ("sites", "timeZone", "Mars/Olympus", "must be an IANA time zone, for example Europe/Paris"),
    ("sites", "timeZone", "Europe", "must be an IANA time zone, for example Europe/Paris"),
    ("sites", "country", "Atlantis", "must be a country's code or name, for example fr or France"),
    ("sites", "currency", "euro", "must be a currency code, for example EUR"),
    ("sites", "closedDates", ["2026-02-30"], "is not a date of the calendar"),
    ("sites", "email", "nobody", "must be an e-mail address"),
    (
        "sites",
        "phone",
        "0142000001",
        "must be a phone number with country code, for example +33123456789",
    ),
    ("sites", "latitude", "north", "must be a number"),
    ("sites", "isPublic", 1, "must be true or false"),
    ("sites", "name", " ", "must not be empty"),
    ("sites", "name", "x" * 201, "must be at most 200 characters"),
    (
        "rooms",
        "slotWeek",
        "9-18",
        '"9-18" is not a time slot: write HH:MM-HH:MM, for example 09:00-18:00',
    ),
    ("rooms", "site", "65a0000000000000000000ff", "no site has the id 65a0000000000000000000ff"),
    ("rooms", "site", "nowhere", "must be 24 hexadecimal characters"),
    ("rooms", "parts", [ROOM], "a room is no part of itself"),
    ("rooms", "maxPerson", 7.5, "must be a whole number"),
    ("rooms", "maxPerson", -1, "must be at least 0"),
    ("rooms", "maxPerson", 1, "must be 0 or at least minPerson"),
    ("rooms", "maxDurationBooking", 59, "must be 0 or at least minDurationBooking"),
    ("rooms", "pricePerHour", 1.005, "must have at most 2 decimals"),
    ("rooms", "pricePerHour", -1, "must not be negative"),
    ("rooms", "pricePerMonth", "cheap", "must be a number"),
    ("rooms", "memberDiscountPercent", 100.01, "must be between 0 and 100"),
    ("rooms", "equipment", ["screen", "screen"], "must not name one twice"),
    ("rooms", "cancellationTerms", [{"hours": 1}], None),
    ("rooms", "image", "../secret.png", "must be a path beside the file"),
    ("rooms", "image", "images/none.png", "images/none.png cannot be read"),
    ("rooms", "image", "operator.json", "operator.json is no JPEG, PNG or WebP picture"),
    (
        "organizations",
        "rentalPrice",
        "a lot",
        "must contain one clear amount, for example 1500€",
    ),
    ("organizations", "rentalEndAt", "2025-12-31", "must not be before rentalStartAt"),
    ("organizations", "rentalUrl", "javascript:alert(1)", "must be an http or https address"),
    ("organizations", "memberOf", "all", "must be a list of ids"),
    ("users", "language", "de", "must be one of en, fr"),
    ("users", "email", "dev@acme.example", None),
    ("rates", "vatType", "none", 'goes with vatType "special", and only with it'),
    ("meetings", "duration", 0, "must be between 1 and 527040"),
    ("meetings", "duration", None, "is missing"),
    ("meetings", "bookedAt", "tomorrow", None),
    ("meetings", "bookedUser", 0, "must be at least 1"),
    ("blocks", "to", "2026-12-03T08:00", "must be after its start"),
]


@pytest.mark.parametrize(("collection", "field", "value", "sentence"), WRONG)
def test_a_wrong_value_is_named_and_nothing_is_loaded(operator, collection, field, value, sentence):
    entry = operator[collection][0]
    entry[field] = value

    said = refusal(operator)

    place = f"{collection}[0] (_id {entry['_id']}): "
    where = "vatRate" if field == "vatType" else field
    if sentence is None:
        assert where in said
        assert said.startswith(f"{collection}[")
    else:
        assert said == f"{place}{where}: {sentence}"
    assert not Site.objects.exists()
    assert not Rate.objects.exists()


def test_entries_need_an_id_of_their_own(operator):
    operator["rooms"][1]["_id"] = ROOM.upper()
    expected = f"rooms[1] (_id {ROOM}): _id: is also that of rooms[0] (_id {ROOM})"
    assert refusal(operator) == expected
    assert refusal({"rooms": [{"name": "x"}]}) == "rooms[0]: _id: is missing"
    assert refusal({"rooms": ["x"]}) == "rooms[0]: must be an object"
    assert refusal({"rooms": {"a": 1}}) == "rooms: must be a list"


def test_nested_mistakes_name_their_path(operator):
    operator["organizations"][0]["rooms"][1]["price"] = "free"
    place = "organizations[0] (_id 65c000000000000000000001)"
    assert refusal(operator) == f"{place}: rooms[1].price: must be a number"
    operator["organizations"][0]["rooms"][1] = {"room": "65b0000000000000000000ff"}
    assert refusal(operator) == (
        f"{place}: rooms[1].room: no room has the id 65b0000000000000000000ff"
    )
    operator["organizations"][0]["rooms"][1] = {}
    assert refusal(operator) == f"{place}: rooms[1].room: is missing"


@pytest.mark.parametrize(
    ("alt_text", "problem"),
    [("\0", "must not contain control characters"), ("x" * 201, "must be at most 200 characters")],
)
def test_a_picture_has_a_text_that_can_be_stored(operator, alt_text, problem):
    operator["rooms"][0]["images"] = [{"file": "images/opera.png", "altText": alt_text}]

    assert refusal(operator) == f"rooms[0] (_id {ROOM}): images[0].altText: {problem}"


def test_a_room_let_to_two_tenants_is_refused(operator):
    operator["organizations"][1]["rooms"] = [{"room": "65b000000000000000000004"}]
    assert refusal(operator).endswith("rooms: the room is let to another tenant in that time")


def test_a_time_that_the_clocks_skip_is_refused(operator):
    operator["meetings"][0]["bookedAt"] = "2027-03-28T02:30"
    assert refusal(operator).endswith(
        "bookedAt: The local time 2027-03-28 02:30 does not exist in Europe/Paris"
    )


def test_unknown_fields_are_told(operator):
    operator["rooms"][0]["colour"] = "red"
    operator["colours"] = []
    assert load(operator).warnings == (
        "rooms: colour is not a field of this form, left out",
        "colours: not a collection of this form, left out",
    )


def test_a_list_replaces_the_stored_one(operator):
    load(operator)
    acme = "65c000000000000000000001"
    load({"organizations": [{"_id": acme, "memberOf": [], "rooms": [], "contractOptions": []}]})
    company = Organization.objects.get(pk=acme)
    assert not company.accessible_sites.exists()
    assert not company.leases.exists()
    assert not company.contract_options.exists()
    assert company.next_option_number == 4


def test_pictures_are_stored_as_they_are(operator):
    load(operator)
    image = RoomImage.objects.get(room=ROOM)
    with default_storage.open(image.file.name) as stored:
        assert stored.read() == (DATA / "images" / "montgolfier.jpg").read_bytes()
    assert (image.width, image.height) == (480, 300)


def announced() -> list[tuple[str, str]]:
    found = list(Event.objects.order_by("type", "object_id").values_list("type", "object_id"))
    Event.objects.all().delete()
    return found


def test_new_and_changed_sites_and_rooms_are_told_to_followers(operator):
    load(operator)
    rooms = [("room.changed", pk) for pk in sorted(Room.objects.values_list("pk", flat=True))]
    sites = [("site.changed", pk) for pk in sorted(Site.objects.values_list("pk", flat=True))]
    assert announced() == rooms + sites

    load(operator)
    assert announced() == []

    operator["rooms"][0]["description"] = "Repainted"
    operator["sites"][0]["closures"] = []
    operator["sites"][0]["openingExceptions"] = []
    load(operator)
    assert announced() == [
        ("room.changed", operator["rooms"][0]["_id"]),
        ("site.changed", operator["sites"][0]["_id"]),
    ]


def test_new_picture_or_part_is_a_change_of_its_room(operator):
    load(operator)
    Event.objects.all().delete()
    entries = {entry["_id"]: entry for entry in operator["rooms"]}
    with_picture = next(entry for entry in entries.values() if entry.get("image"))
    with_picture["image"] = None
    entries[WHOLE]["parts"] = []

    load(operator)

    assert announced() == [("room.changed", pk) for pk in sorted({with_picture["_id"], WHOLE})]


def test_cards_follow_an_import_that_archives(operator):
    load(operator)
    card = AccessCard.objects.select_related("holder").get()
    company = {"_id": card.holder.organization_id}

    for archived, status in ((True, "blocked"), (False, "active")):
        load({"organizations": [{**company, "isArchived": archived}]}, now=LATER)
        card.refresh_from_db()
        assert card.status == status
    load({"users": [{"_id": card.holder_id, "isArchived": True}]}, now=LATER)
    card.refresh_from_db()
    assert (card.status, card.blocked_from) == ("blocked", "active")


def test_a_card_keeps_its_date(operator):
    load(operator)
    card = AccessCard.objects.get()
    person = {"_id": card.holder_id, "accessCards": [{"number": card.number, "status": "lost"}]}
    load({"users": [person]}, now=LATER)
    again = AccessCard.objects.get()
    assert (again.status, again.created_at) == ("lost", card.created_at)


@pytest.mark.parametrize(
    ("collection", "wrong", "field"),
    [
        ("bookingLimits", {"scope": "person", "period": "day"}, "count"),
        ("joinRequests", {"status": "approved"}, "decidedAt"),
        ("waitlist", {"from": "2030-01-07T10:00:00Z", "to": "2030-01-07T09:00:00Z"}, "to"),
    ],
)
def test_a_wish_that_cannot_be_is_named(operator, collection, wrong, field):
    load(operator)
    person = User.objects.get(email="visitor@example.com")
    facts = {
        "bookingLimits": {},
        "joinRequests": {
            "person": person.pk,
            "organization": Organization.objects.order_by("pk")[0].pk,
        },
        "waitlist": {
            "site": "65a000000000000000000001",
            "duration": 60,
            "contactEmail": person.email,
        },
    }
    entry = {"_id": "65f0000000000000000000aa", **facts[collection], **wrong}
    with pytest.raises(BulkError, match=rf"^{collection}\[0\] \(_id 65f0+aa\): {field}: "):
        load({collection: [entry]})
