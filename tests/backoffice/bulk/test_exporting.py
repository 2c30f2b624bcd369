"""What is exported can be imported into an empty database and gives the same bytes again."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apitokens.models import ApiAccessRequest, ApiQuota
from backoffice.bulk import exporting, importing
from booking.models import BookingLimit, Meeting, Registration, WaitlistEntry
from contracts.models import ContractNotice, Statement, StatementLine
from organizations.models import AccessCard, CompanyCheck, JoinRequest, Organization, User
from sites_app.models import Room, Site
from tests.factories.apitokens import ApiTokenFactory, WorkplaceKeyFactory
from tests.factories.booking import MeetingSeriesFactory
from tests.factories.contracts import StatementFactory
from tests.factories.organizations import AccessCardFactory, UserFactory
from workplace.models import Allocation, Zone

pytestmark = pytest.mark.django_db(transaction=True)

DATA = Path(__file__).parents[2] / "data"
NOW = dt.datetime(2026, 11, 21, 10, 0, 0, 123456, tzinfo=dt.UTC)
WISHES = {
    "companyChecks": 1,
    "joinRequests": 2,
    "apiAccessRequests": 1,
    "registrations": 2,
    "bookingLimits": 2,
    "waitlist": 2,
}

WORKPLACE = {
    "layers": 3,
    "zones": 3,
    "spaces": 3,
    "roomPlacements": 1,
    "defaultLocations": 1,
    "teams": 3,
    "configurations": 1,
    "intentions": 4,
    "allocations": 4,
    "attendanceDays": 1,
    "occupancy": 3,
}


@pytest.fixture
def loaded() -> None:
    importing.load_file(DATA / "operator.json", now=NOW)
    importing.load_file(DATA / "workplace.json", now=NOW)
    customer = Organization.objects.order_by("pk").first()
    for number in range(2):
        StatementFactory(
            organization=customer, month=dt.date(2026, 9 + number, 1), made_at=NOW, lines=False
        )
    closed = Statement.objects.order_by("month").first()
    Statement.objects.filter(pk=closed.pk).update(status="final", finalized_at=NOW)
    _bill(closed)
    for kind in ("60days", "30days"):
        ContractNotice.objects.create(
            organization=customer, kind=kind, ends_on=dt.date(2026, 12, 31), at=NOW
        )
    _ask(customer)
    _wait()


def _ask(customer: Organization) -> None:
    """Somebody wants to join the company, another one has; two have registered; one asks for the API."""
    waiting, decided = UserFactory(new=True), UserFactory(organization=customer)
    JoinRequest.objects.create(person=waiting, organization=customer, created_at=NOW)
    JoinRequest.objects.create(
        person=decided,
        organization=customer,
        created_at=NOW,
        status="approved",
        decided_at=NOW,
        decided_by=User.objects.get(email="claire@acme.example"),
        settled_at=NOW,
    )
    Registration.objects.create(
        status="waiting", email="new@new.example", told={"city": "Liège", "b": [1]}, created_at=NOW
    )
    Registration.objects.create(
        status="CREATED",
        email=decided.email,
        comments="A room with a view",
        person=decided,
        organization=customer,
        room_of_interest=Room.objects.order_by("id").first(),
        terms_accepted_at=NOW,
        created_at=NOW,
    )
    ApiAccessRequest.objects.create(person=decided, purpose="Our intranet", created_at=NOW)
    ApiQuota.objects.create(user=decided, daily_limit=1000, day=NOW.date(), day_used=3)
    CompanyCheck.objects.create(
        organization=customer,
        country="FR",
        company_number="73282932000074",
        outcome="later",
        source="checksum",
        confidence=50,
        next_attempt_at=NOW,
        checked_at=NOW,
    )
    AccessCardFactory(holder=UserFactory(archived=True), status="blocked", blocked_from="active")


def _wait() -> None:
    """Some wait for a room, one is offered a hold; bookings are limited."""
    room = Room.objects.order_by("id").first()
    wish = {
        "site": room.site,
        "starts_at": NOW,
        "ends_at": NOW + dt.timedelta(hours=4),
        "duration_minutes": 60,
        "contact_email": "visitor@example.com",
        "created_at": NOW,
    }
    offered = Meeting.objects.filter(waitlist_entry=None).order_by("id").first()
    WaitlistEntry.objects.create(**wish, attendees=4, language="fr")
    WaitlistEntry.objects.create(**wish, room=room, status="offered", meeting=offered)
    BookingLimit.objects.create(scope="person", period="week", count=3)
    BookingLimit.objects.create(
        scope="organization", room_type="publicMeeting", period="month", minutes=600
    )


def _bill(statement: Statement) -> None:
    for position in (1, 2):
        StatementLine.objects.create(
            statement=statement,
            position=position,
            kind="option",
            label="Place de parking",
            key="parking",
            reference="a" * 24,
            first_on=dt.date(2026, 9, 1),
            last_on=dt.date(2026, 9, 30),
            quantity=2,
            unit_price=25,
            net=50,
            vat_rate=20,
            vat=10,
        )


def forget_everything() -> None:
    models = (Site, User, Room, Meeting, Registration, BookingLimit)
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE organizations_organization, contracts_rate, " + ", ".join(tables) + " CASCADE"
        )


@pytest.mark.parametrize("with_secrets", [False, True])
def test_export_import_export_is_equal_byte_for_byte(loaded, tmp_path, with_secrets):
    ApiTokenFactory(owner=User.objects.get(email="dev@acme.example"), plain="ww_dev_plain")
    WorkplaceKeyFactory(organization=Organization.objects.get(pk="65c000000000000000000001"))
    Meeting.objects.update(series=MeetingSeriesFactory(room=Room.objects.order_by("id")[0]))
    first, second = tmp_path / "one" / "a.json", tmp_path / "two" / "b.json"
    for file in (first, second):
        file.parent.mkdir()
    exporting.write_file(first, with_secrets=with_secrets)
    forget_everything()

    importing.load_file(first, now=NOW + dt.timedelta(days=3))
    exporting.write_file(second, with_secrets=with_secrets)

    assert second.read_bytes() == first.read_bytes()
    pictures = sorted(path.name for path in (first.parent / "images").iterdir())
    assert pictures == ["65b000000000000000000001.jpg", "65b000000000000000000002.png"]
    for name in pictures:
        one, other = first.parent / "images" / name, second.parent / "images" / name
        assert one.read_bytes() == other.read_bytes()
    bills = json.loads(first.read_bytes())["statements"]
    found = {bill["month"]: (bill["status"], len(bill["lines"])) for bill in bills}
    assert found == {"2026-09-01": ("final", 2), "2026-10-01": ("draft", 0)}
    everything = json.loads(first.read_bytes())
    counts = {name: len(everything[name]) for name in WISHES}
    assert counts == WISHES
    assert {name: len(everything[name]) for name in WORKPLACE} == WORKPLACE
    card = AccessCard.objects.get(blocked_from="active")
    assert card.status == "blocked"
    assert ApiQuota.objects.get().day_used == 0
    claire = User.objects.get(email="claire@acme.example")
    assert claire.has_usable_password() == with_secrets


def test_rooms_of_people_and_zones_made_smaller_since_come_back_as_they_were(loaded, tmp_path):
    """What an installation had is restored, whatever its rules would say of it today."""
    room = {
        "_id": "660600000000000000000101",
        "location_id": "65a000000000000000000001",
        "room_id": "65b000000000000000000002",
        "type": "ROOM",
        "people_id": "65d000000000000000000001",
        "starts_at": "2026-12-08T09:00",
        "ends_at": "2026-12-08T18:00",
    }
    importing.load({"allocations": [room]}, folder=DATA, now=NOW)
    Zone.objects.update(capacity=0)
    Site.objects.update(capacity=0)
    first, second = tmp_path / "first" / "all.json", tmp_path / "second" / "all.json"
    for file in (first, second):
        file.parent.mkdir()
    exporting.write_file(first, with_secrets=True)
    forget_everything()

    importing.load_file(first, now=NOW)

    exporting.write_file(second, with_secrets=True)
    assert second.read_bytes() == first.read_bytes()
    row = Allocation.objects.get(pk=room["_id"])
    assert row.meeting.reservations.filter(holds=True).exists()


def test_loading_an_export_over_its_own_database_changes_nothing(loaded, tmp_path):
    file = tmp_path / "all.json"
    exporting.write_file(file, with_secrets=True)
    again = importing.load_file(file, now=NOW + dt.timedelta(days=1))
    assert set(again.new.values()) | set(again.changed.values()) == {0}
    assert again.warnings == ()


def test_secrets_are_written_on_request_only(loaded, tmp_path):
    token = ApiTokenFactory()
    file = tmp_path / "all.json"
    call_command("export_data", str(file))
    open_text = file.read_text(encoding="utf-8")
    call_command("export_data", str(file), "--with-secrets")
    secret_text = file.read_text(encoding="utf-8")

    claire = User.objects.get(email="claire@acme.example")
    for secret in (claire.password, token.token_hash):
        assert secret not in open_text
        assert secret in secret_text
    assert file.stat().st_mode & 0o077 == 0


def test_the_exports_spellings(loaded, tmp_path):
    file = tmp_path / "all.json"
    exporting.write_file(file, with_secrets=False)
    found = json.loads(file.read_bytes())

    site, room, company = found["sites"][0], found["rooms"][0], found["organizations"][0]
    assert (site["country"], site["latitude"]) == ("fr", 48.8698)
    assert (room["pricePerHour"], room["pricePerDay"], room["pricePerMonth"]) == (37.5, 220, "")
    assert (company["rentalPrice"], company["basePrice"]) == ("1 500,50 €", 1500.5)
    board, salon = found["meetings"][0], found["meetings"][3]
    assert (board["bookedAt"], board["duration"]) == ("2026-11-30T08:00:00Z", 120)
    assert "blocked" not in board
    assert len(salon["blocked"]) == 1


def test_commands_speak_plainly(tmp_path, capsys):
    call_command("import_data", str(DATA / "operator.json"))
    assert "meetings: 4 new, 0 changed" in capsys.readouterr().out
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"sites": [{"_id": "65a000000000000000000009"}]}')
    with pytest.raises(CommandError, match=r"^sites\[0\] \(_id 65a0+9\): name: is missing$"):
        call_command("import_data", str(wrong))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_data", str(tmp_path / "none.json"))
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_data", str(tmp_path / "none" / "x.json"))
