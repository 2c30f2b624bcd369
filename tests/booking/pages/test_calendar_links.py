"""Secret addresses of people's and companies' calendars. Source: safety, S-32; experience, "A company"."""

import datetime as dt
import hashlib
import logging
import re

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation
from icalendar import Calendar

from booking.domain import calendar_entries, calendar_links, cancellations, holds
from booking.models import CalendarEntry, CalendarLink, Meeting
from organizations.domain import archiving
from organizations.models import Organization, Role, User
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory
from tests.factories.staff import BACKEND, logged_in
from tests.safety.test_secrets_at_rest import columns_holding

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
PAGE = "/account/calendar/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller, translation.override("en"):
        yield traveller


@pytest.fixture
def person():
    return UserFactory(first_name="Ada", last_name="Byron", role=Role.USER)


def browser(person) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def address_of(person, whose="mine", *, before="") -> str:
    """Have an address made on the page; return its path."""
    answer = browser(person).post(f"{before}{PAGE}{whose}/new/")
    assert answer.status_code == 200, answer
    found = re.search(r"https://portal\.example(\S+meetings\.ics)<", answer.content.decode())
    assert found is not None
    return found[1]


def events(path: str) -> dict[str, object]:
    answer = Client().get(path)
    assert answer.status_code == 200
    return {str(event["UID"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def site_with_address():
    return SiteFactory(name="Dublin", address="31 Quay", postal_code="D02", city="Docklands")


def uid(meeting) -> str:
    return f"{meeting.pk}@portal.example"


# --- what a calendar holds ------------------------------------------------------------------------


def test_a_person_reads_their_own_meetings_alone_with_their_subjects(person):
    own = MeetingFactory(organizer=person, name="Budget", is_private=True, starts_at=NOW + DAY)
    MeetingFactory(organizer=UserFactory(organization=person.organization), starts_at=NOW + DAY)
    MeetingFactory(starts_at=NOW + DAY)

    found = events(address_of(person))

    assert list(found) == [uid(own)]
    assert str(found[uid(own)]["SUMMARY"]) == "Budget"
    assert found[uid(own)]["DTSTART"].dt == own.starts_at


@pytest.mark.parametrize("is_stored", [True, False])
def test_who_comes_reads_the_street_and_rooms_calendars_do_not(person, is_stored):
    own = MeetingFactory(
        organizer=person,
        starts_at=NOW + DAY,
        room=RoomFactory(name="Blue", site=site_with_address()),
    )
    if is_stored:
        calendar_entries.refresh(own)

    mine = events(address_of(person))
    of_room = events(f"/api/icsfeed?rooms={own.room_id}")

    assert str(mine[uid(own)]["LOCATION"]) == "Blue, Dublin, 31 Quay, D02 Docklands"
    assert str(of_room[uid(own)]["LOCATION"]) == "Blue, Dublin"


def test_a_company_reads_the_meetings_of_all_its_people(person):
    boss = UserFactory(role=Role.ADMIN, organization=person.organization)
    theirs = MeetingFactory(
        organizer=person, organization=person.organization, name="Plan", starts_at=NOW + DAY
    )
    MeetingFactory(organization=OrganizationFactory(), starts_at=NOW + DAY)

    found = events(address_of(boss, "company"))

    assert {name: str(event["SUMMARY"]) for name, event in found.items()} == {uid(theirs): "Plan"}


def test_the_shell_is_that_of_a_subscribed_calendar(person):
    answer = Client().get(address_of(person))
    calendar = Calendar.from_ical(answer.content)

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="meetings.ics"'
    assert (str(calendar["METHOD"]), str(calendar["NAME"])) == ("PUBLISH", "Workways: Ada Byron")
    assert str(calendar["X-WR-CALNAME"]) == "Workways: Ada Byron"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT15M" in answer.content


@pytest.mark.parametrize(("days", "is_there"), [(0, True), (29, True), (30, False)])
def test_a_cancelled_meeting_stays_for_thirty_days(person, clock, days, is_there):
    meeting = MeetingFactory(organizer=person, name="Budget", starts_at=NOW + DAY)
    path = address_of(person)
    before = events(path)[uid(meeting)]
    cancellations.cancel(meeting.pk, reason="", by=None, now=NOW)

    clock.move_to(NOW + days * DAY)
    found = events(path)

    assert (uid(meeting) in found) is is_there
    if is_there:
        event = found[uid(meeting)]
        assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", before["SEQUENCE"] + 1)
        assert (str(before["STATUS"]), before["DTSTAMP"].dt < event["DTSTAMP"].dt) == (
            "CONFIRMED",
            True,
        )


def test_a_hold_is_tentative_and_leaves_when_it_runs_out(person, clock):
    meeting = MeetingFactory(
        organizer=person, pending=True, hold_expires_at=NOW + DAY, starts_at=NOW + 9 * DAY
    )
    path = address_of(person)

    assert str(events(path)[uid(meeting)]["STATUS"]) == "TENTATIVE"
    clock.move_to(NOW + DAY)
    assert events(path) == {}
    holds.release_stale(now=NOW + DAY)
    assert str(events(path)[uid(meeting)]["STATUS"]) == "CANCELLED"


def test_a_calendar_begins_a_year_ago_and_has_no_end(person):
    for days in (-367, -364, 900):
        MeetingFactory(organizer=person, starts_at=NOW + days * DAY, name=f"{days} days")

    found = events(address_of(person))

    assert [str(event["SUMMARY"]) for event in found.values()] == ["-364 days", "900 days"]


def test_an_entry_that_is_not_made_yet_is_there_too(person):
    meeting = MeetingFactory(organizer=person, starts_at=NOW + DAY)
    CalendarEntry.objects.all().delete()

    assert list(events(address_of(person))) == [uid(meeting)]


@pytest.mark.parametrize("meetings", [1, 3])
def test_queries_do_not_grow(person, django_assert_num_queries, meetings):
    for number in range(meetings):
        MeetingFactory(organizer=person, starts_at=NOW + number * DAY)
    path = address_of(person)
    Client().get(path)

    with django_assert_num_queries(2):
        Client().get(path)


def test_who_has_it_is_told_so_in_few_bytes(person):
    path = address_of(person)
    first = Client().get(path)

    again = Client().get(path, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "private, max-age=0, must-revalidate"


# --- the address ----------------------------------------------------------------------------------


def test_a_new_address_ends_the_old_one_at_once(person):
    old, new = address_of(person), address_of(person)

    assert old != new
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)
    assert CalendarLink.objects.count() == 1


def test_an_address_is_ended_and_the_other_goes_on():
    boss = UserFactory(role=Role.PRINCIPAL_ADMIN)
    own, of_company = address_of(boss), address_of(boss, "company")

    answer = browser(boss).post(f"{PAGE}mine/revoke/", follow=True)

    assert "no longer works" in answer.content.decode()
    assert (Client().get(own).status_code, Client().get(of_company).status_code) == (404, 200)


@pytest.mark.parametrize("model", [User, Organization])
def test_who_is_archived_has_no_calendar_until_they_are_back(person, model):
    person.role = Role.ADMIN
    person.save()
    paths = [address_of(person), address_of(person, "company")]
    expected = [404, 200] if model is User else [404, 404]

    archiving.archive(model.objects.all())
    assert [Client().get(path).status_code for path in paths] == expected
    archiving.unarchive(model.objects.all())
    assert [Client().get(path).status_code for path in paths] == [200, 200]


@pytest.mark.parametrize("role", [Role.USER, Role.TEMP])
def test_only_administrators_decide_about_their_company(role):
    person = UserFactory(role=role)
    boss = UserFactory(role=Role.ADMIN, organization=person.organization)
    path = address_of(boss, "company")

    page = browser(person).get(PAGE).content.decode()
    refused = [
        browser(person).post(f"{PAGE}company/{what}/").status_code for what in ("new", "revoke")
    ]

    assert "An administrator of your company can make this address" in page
    assert f"{PAGE}company/" not in page
    assert refused == [404, 404]
    assert Client().get(path).status_code == 200


def test_who_belongs_to_no_company_is_shown_none():
    person = UserFactory(organization=None, role=Role.TEMP)

    assert "company" not in browser(person).get(PAGE).content.decode().partition("<main")[2]
    assert browser(person).post(f"{PAGE}company/new/").status_code == 404
    assert browser(person).post(f"{PAGE}nonsense/new/").status_code == 404


def test_the_secret_is_in_no_table_and_no_log(person, caplog):
    with caplog.at_level(logging.DEBUG):
        path = address_of(person)
        assert Client().get(path).status_code == 200
    secret = path.split("/")[3]

    assert len(secret) >= 43
    assert columns_holding(secret) == []
    assert secret not in caplog.text
    kept = CalendarLink.objects.get().secret_hash
    assert kept == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in browser(person).get(PAGE).content.decode()
    assert secret not in logged_in().get("/admin/booking/calendarlink/").content.decode()


@pytest.mark.parametrize("secret", ["x", "%00", "é", "a" * 5000, "0" * 64])
def test_a_wrong_secret_finds_nothing(person, secret):
    address_of(person)

    assert Client().get(f"/calendar/k/{secret}/meetings.ics").status_code in (400, 404)


def test_a_form_that_is_sent_twice_makes_one_address(person):
    client = browser(person)
    form = {"csrfmiddlewaretoken": "the same"}

    first = client.post(f"{PAGE}mine/new/", form)
    second = client.post(f"{PAGE}mine/new/", form, follow=True)

    assert (first.status_code, CalendarLink.objects.count()) == (200, 1)
    assert "counted once" in second.content.decode()


def test_readings_are_noted_once_an_hour(person, clock):
    path = address_of(person)
    noted = []
    for minutes in (0, 59, 60):
        clock.move_to(NOW + dt.timedelta(minutes=minutes))
        Client().get(path)
        noted.append(CalendarLink.objects.get().last_read_at - NOW)

    assert noted == [dt.timedelta(), dt.timedelta(), dt.timedelta(hours=1)]


def test_staff_see_who_has_one_and_end_it(person):
    path = address_of(person)
    link = CalendarLink.objects.get()
    staff = logged_in()

    listed = staff.get("/admin/booking/calendarlink/", {"q": person.email}).content.decode()
    staff.post(f"/admin/booking/calendarlink/{link.pk}/delete/", {"post": "yes"})

    assert person.email in listed
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("owners", [0, 2])
def test_the_database_wants_exactly_one_owner(person, owners):
    both = {"person": person, "organization": person.organization} if owners else {}

    with pytest.raises(IntegrityError, match="of_one_owner"), transaction.atomic():
        CalendarLink.objects.create(secret_hash="0" * 64, created_at=NOW, **both)


def test_the_pages_speak_french(person):
    page = browser(person).get("/fr" + PAGE)
    path = address_of(person, before="/fr")

    assert page.status_code == 200
    assert Client().get(path).status_code == 200


def test_meetings_stay_when_a_link_goes(person):
    MeetingFactory(organizer=person)
    address_of(person)

    calendar_links.revoke_own(person)

    assert Meeting.objects.count() == 1
