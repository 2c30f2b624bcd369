"""Staff cannot enter hours, terms, pictures or leases that the portal could not work with."""

import datetime as dt
import html
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from apitokens.models import Event
from booking.domain import cancellation_fees
from sites_app.models import Closure, Room, RoomImage, RoomLease, Site
from tests.factories.organizations import OrganizationFactory
from tests.factories.sites_app import (
    ClosureFactory,
    RoomFactory,
    RoomImageFactory,
    RoomLeaseFactory,
)
from tests.factories.staff import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    return logged_in()


def rows(*steps: tuple[object, object]) -> dict[str, object]:
    """What the browser sends for these rows of cancellation terms."""
    numbers = [number for step in steps for number in step]
    padded = [*numbers, *[""] * (8 - len(numbers))]
    return {f"cancellation_terms_{at}": number for at, number in enumerate(padded)}


def room_form(room: Room, **values: object) -> dict[str, object]:
    """What the browser sends for a room nobody has touched."""
    numbers = ("min_person", "max_person", "nb_seat", "min_duration", "max_duration")
    counted = {
        f"{name}-{part}": 0
        for name in ("images", "closures", "leases")
        for part in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    return (
        counted
        | {name: getattr(room, name) for name in numbers}
        | {
            "name": room.name,
            "site": room.site_id,
            "type": room.type,
            "default_state": room.default_state,
            "step_duration": 30,
            "setup_minutes": 0,
            "cleaning_minutes": 0,
            "slot_week": room.slot_week,
            "member_discount_percent": 0,
        }
        | rows(*((step["hours"], step["percent"]) for step in room.cancellation_terms))
        | values
    )


def save(staff: Client, room: Room, **values: object):
    return staff.post(f"/admin/sites_app/room/{room.pk}/change/", room_form(room, **values))


def picture(kind: str = "PNG", size: tuple[int, int] = (80, 50)) -> SimpleUploadedFile:
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, kind)
    return SimpleUploadedFile(f"room.{kind.lower()}", stream.getvalue() + b"<script>")


@pytest.mark.parametrize(
    ("slots", "status"),
    [("", 302), ("09:00-12:00,14:00-24:00", 302), ("9-12", 200), ("12:00-09:00", 200)],
)
def test_opening_hours_are_read_before_they_are_saved(
    staff: Client, slots: str, status: int
) -> None:
    room = RoomFactory()

    assert save(staff, room, slot_saturday=slots).status_code == status
    room.refresh_from_db()
    assert room.slot_saturday == (slots if status == 302 else "")


@pytest.mark.parametrize(
    ("steps", "stored"),
    [
        ([], []),
        ([("24", "50"), ("2", "100")], [(24, 50), (2, 100)]),
        ([("2", "100"), ("", ""), ("24", "50")], [(24, 50), (2, 100)]),
        ([("48", "12.5")], [(48, 12.5)]),
        ([("0", "0"), ("8760", "0")], [(8760, 0), (0, 0)]),
        ([("3", "50"), ("2", "50")], [(3, 50), (2, 50)]),
    ],
)
def test_cancellation_terms_are_typed_as_rows(staff: Client, steps, stored) -> None:
    room = RoomFactory()

    assert save(staff, room, **rows(*steps)).status_code == 302
    room.refresh_from_db()
    assert [(step["hours"], step["percent"]) for step in room.cancellation_terms] == stored
    assert len(cancellation_fees.parse_terms(room.cancellation_terms)) == len(stored)


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([("24", "")], "Fill in both the hours and the percentage of a row."),
        ([("", "50")], "Fill in both the hours and the percentage of a row."),
        ([("24", "50"), ("24", "60")], "Two rows have the same number of hours."),
        ([("24", "50"), ("2", "49")], "The shorter the notice, the higher the percentage."),
        ([("24", "100.01")], "Ensure this value is less than or equal to 100."),
        ([("24", "-1")], "Ensure this value is greater than or equal to 0."),
        ([("-1", "50")], "Ensure this value is greater than or equal to 0."),
        ([("8761", "50")], "Ensure this value is less than or equal to 8760."),
        ([("1.5", "50")], "Enter a whole number."),
        ([("a day", "half")], "Enter a whole number."),
        ([("24", "NaN")], "Enter a number."),
    ],
)
def test_terms_that_nobody_can_bill_by_are_refused(staff: Client, steps, sentence) -> None:
    room = RoomFactory()
    before = room.cancellation_terms

    answer = save(staff, room, **rows(*steps))

    room.refresh_from_db()
    assert (answer.status_code, room.cancellation_terms) == (200, before)
    assert sentence in html.unescape(answer.content.decode())


def test_stored_terms_are_shown_in_their_rows_with_one_to_spare(staff: Client) -> None:
    steps = [{"hours": 48 - hours, "percent": hours} for hours in range(6)]
    room = RoomFactory(cancellation_terms=steps)

    page = staff.get(f"/admin/sites_app/room/{room.pk}/change/").content.decode()

    typed = re.findall(r'<input[^>]*name="cancellation_terms_(\d+)"[^>]*>', page)
    values = re.findall(r'name="cancellation_terms_\d+" value="([^"]*)"', page)
    assert len(typed) == 14
    assert values == [str(n) for step in steps for n in (step["hours"], step["percent"])]


def test_picture_is_written_anew(staff: Client) -> None:
    room = RoomFactory()
    upload = {"images-TOTAL_FORMS": 1, "images-0-file": picture(), "images-0-position": 0}

    response = save(staff, room, **upload)

    assert response.status_code == 302
    stored = RoomImage.objects.get()
    content = stored.file.read()
    with Image.open(io.BytesIO(content)) as written:
        assert (written.format, written.size) == ("WEBP", (80, 50))
    assert b"script" not in content
    assert "room" not in stored.file.name.removeprefix("rooms/")


def test_picture_of_another_kind_is_refused(staff: Client) -> None:
    upload = {"images-TOTAL_FORMS": 1, "images-0-file": picture("GIF"), "images-0-position": 0}

    assert save(staff, RoomFactory(), **upload).status_code == 200
    assert RoomImage.objects.count() == 0


def lease_form(lease: RoomLease, **values: object) -> dict[str, object]:
    return {"room": lease.room_id, "organization": OrganizationFactory().pk, "price": 100} | values


@pytest.mark.parametrize(("starts_on", "status"), [("2030-06-30", 200), ("2030-07-01", 302)])
def test_room_is_let_to_one_tenant_at_a_time(staff: Client, starts_on: str, status: int) -> None:
    lease = RoomLeaseFactory(ends_on=dt.date(2030, 6, 30))

    response = staff.post("/admin/sites_app/roomlease/add/", lease_form(lease, starts_on=starts_on))

    assert response.status_code == status
    assert RoomLease.objects.count() == (2 if status == 302 else 1)


@pytest.mark.parametrize(
    ("own_end_on", "ends_on"), [("", dt.date(2031, 1, 31)), ("2030-12-31", dt.date(2030, 12, 31))]
)
def test_lease_ends_with_its_own_end_or_the_contract(
    staff: Client, own_end_on: str, ends_on: dt.date
) -> None:
    tenant = OrganizationFactory(rental_end_on=dt.date(2031, 1, 31))
    room = RoomFactory(private_office=True)
    typed = {"room": room.pk, "organization": tenant.pk, "own_end_on": own_end_on}

    staff.post("/admin/sites_app/roomlease/add/", typed)

    assert RoomLease.objects.get().ends_on == ends_on


@pytest.mark.parametrize("kind", ["meeting", "privateMeeting"])
def test_staff_see_the_pictures_of_every_room(staff: Client, kind: str) -> None:
    image = RoomImageFactory(room=RoomFactory(type=kind))

    page = staff.get(f"/admin/sites_app/room/{image.room_id}/change/").content.decode()

    address = re.search(r'<img src="(/imageroom[^"]+)"', page)
    assert address is not None
    assert staff.get(html.unescape(address[1])).status_code == 200


def announced() -> list[tuple[str, str]]:
    return list(Event.objects.order_by("type").values_list("type", "object_id"))


def test_changed_room_is_told_to_followers(staff: Client) -> None:
    room = RoomFactory()

    assert save(staff, room, description="Repainted").status_code == 302

    assert announced() == [("room.changed", room.pk)]


def test_untouched_or_refused_form_tells_nothing(staff: Client) -> None:
    room = RoomFactory()
    assert save(staff, room).status_code == 302
    Event.objects.all().delete()

    assert save(staff, Room.objects.get()).status_code == 302
    assert save(staff, Room.objects.get(), slot_week="never").status_code == 200

    assert announced() == []


def test_new_picture_is_a_change_of_its_room(staff: Client) -> None:
    room = RoomFactory()
    assert save(staff, room).status_code == 302
    Event.objects.all().delete()

    save(
        staff,
        Room.objects.get(),
        **{"images-TOTAL_FORMS": 1, "images-0-file": picture(), "images-0-position": 0},
    )

    assert RoomImage.objects.count() == 1
    assert announced() == [("room.changed", room.pk)]


def test_closure_is_told_of_its_room_or_else_of_its_site(staff: Client) -> None:
    room = RoomFactory()
    times = {
        "starts_at_0": "2030-01-07",
        "starts_at_1": "08:00",
        "ends_at_0": "2030-01-07",
        "ends_at_1": "12:00",
    }

    for values in ({"room": room.pk}, {}):
        response = staff.post(
            "/admin/sites_app/closure/add/", {"site": room.site_id, **times, **values}
        )
        assert response.status_code == 302

    assert announced() == [("room.changed", room.pk), ("site.changed", room.site_id)]


def test_closure_is_of_a_room_of_its_own_site(staff: Client) -> None:
    room, other = RoomFactory(), RoomFactory()
    times = {
        "starts_at_0": "2030-01-07",
        "starts_at_1": "08:00",
        "ends_at_0": "2030-01-07",
        "ends_at_1": "12:00",
    }

    answer = staff.post(
        "/admin/sites_app/closure/add/", {"site": room.site_id, "room": other.pk, **times}
    )

    assert "This room is at another location." in answer.content.decode()
    assert not Closure.objects.exists()


def site_form(site: Site, **values: object) -> dict[str, object]:
    """What the browser sends for a site nobody has touched."""
    names = ("name", "address", "city", "postal_code", "country", "time_zone", "currency")
    return {
        **{name: getattr(site, name) for name in names},
        **{
            f"{name}-{part}": 0
            for name in ("rooms", "memberships")
            for part in ("TOTAL_FORMS", "INITIAL_FORMS")
        },
        **values,
    }


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"country": "IE"}, 302),
        ({"country": "UK"}, 200),
        ({"country": ""}, 200),
        ({"holiday_country": "BE"}, 302),
        ({"holiday_country": "XX"}, 200),
    ],
)
def test_site_lies_in_a_country_that_pages_can_name(
    staff: Client, typed: dict[str, str], status: int
) -> None:
    site = RoomFactory(site__country="FR").site

    answer = staff.post(f"/admin/sites_app/site/{site.pk}/change/", site_form(site, **typed))

    assert answer.status_code == status
    stored = Site.objects.values("country", "holiday_country").get()
    expected = typed if status == 302 else {}
    assert stored == {"country": "FR", "holiday_country": ""} | expected
    assert Client().get("/api/rooms").status_code == 200


def test_a_room_s_closure_is_typed_on_its_page_on_its_clock(staff: Client) -> None:
    room = RoomFactory(site__time_zone="Europe/Dublin")
    typed = {
        "closures-TOTAL_FORMS": 1,
        "closures-0-starts_at_0": "2030-07-01",
        "closures-0-starts_at_1": "09:00",
        "closures-0-ends_at_0": "2030-07-01",
        "closures-0-ends_at_1": "12:00",
    }

    assert save(staff, room, **typed).status_code == 302

    closure = Closure.objects.get()
    assert (closure.room_id, closure.site_id) == (room.pk, room.site_id)
    assert closure.starts_at == dt.datetime(2030, 7, 1, 8, tzinfo=dt.UTC)


def test_removed_closure_is_told_too(staff: Client) -> None:
    start = dt.datetime(2030, 1, 7, 8, tzinfo=dt.UTC)
    times = {"starts_at": start, "ends_at": start + dt.timedelta(hours=4)}
    first, second = ClosureFactory(**times), ClosureFactory(**times)
    action = {"action": "delete_selected", "_selected_action": [second.pk], "post": "yes"}

    staff.post(f"/admin/sites_app/closure/{first.pk}/delete/", {"post": "yes"})
    staff.post("/admin/sites_app/closure/", action)

    assert not Closure.objects.exists()
    assert {site for _, site in announced()} == {first.site_id, second.site_id}


def test_opening_exception_and_lease_are_told(staff: Client) -> None:
    room, tenant = RoomFactory(type="privateOffice"), OrganizationFactory()

    exception = {"site": room.site_id, "date": "2030-01-07", "slots": "10:00-12:00"}
    assert staff.post("/admin/sites_app/openingexception/add/", exception).status_code == 302
    lease = {"room": room.pk, "organization": tenant.pk, "starts_on": "2030-01-01"}
    assert staff.post("/admin/sites_app/roomlease/add/", lease).status_code == 302

    assert announced() == [("room.changed", room.pk), ("site.changed", room.site_id)]
