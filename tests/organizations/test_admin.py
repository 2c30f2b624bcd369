"""What staff do with companies, people and mail."""

import datetime as dt
import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from apitokens.models import Event
from booking.domain import mails
from config import background, clock
from organizations.domain import second_factors
from organizations.models import (
    CompanyCheck,
    Departure,
    Invitation,
    Organization,
    OutgoingEmail,
    Register,
    RegisterState,
    User,
)
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import (
    AccessCardFactory,
    OrganizationFactory,
    UserFactory,
    know_registers,
)
from tests.factories.sites_app import RoomLeaseFactory
from tests.factories.staff import logged_in, staff_member

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def staff() -> Client:
    return logged_in()


def act(staff: Client, model: str, name: str, *records) -> None:
    chosen = [record.pk for record in records]
    staff.post(
        f"/admin/organizations/{model}/",
        {"action": name, "_selected_action": chosen, "confirmed": "yes"},
    )


@pytest.mark.parametrize(
    ("model", "factory", "kind"),
    [("organization", OrganizationFactory, Organization), ("user", UserFactory, User)],
)
def test_records_are_archived_and_brought_back(staff: Client, model: str, factory, kind) -> None:
    chosen, other = factory(), factory()

    act(staff, model, "archive", chosen)
    assert list(kind.objects.filter(is_archived=True)) == [chosen]

    act(staff, model, "unarchive", chosen, other)
    assert not kind.objects.filter(is_archived=True).exists()


def test_people_are_counted_once_where_people_are_searched_as_well(staff: Client) -> None:
    company = OrganizationFactory(name="Acme")
    for _ in range(3):
        UserFactory(organization=company)

    page = staff.get("/admin/organizations/organization/", {"q": "acme"})

    assert [found.people_count for found in page.context["cl"].result_list] == [3]


@pytest.mark.parametrize(
    ("status", "after"), [("failed", "pending"), ("sent", "pending"), ("pending", "pending")]
)
def test_mail_is_sent_again(
    staff: Client, monkeypatch: pytest.MonkeyPatch, status: str, after: str
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(background, "after_commit_together", lambda _task, id_: sent.append(id_))
    mail = OutgoingEmail.objects.create(
        template="x",
        to_address="a@b.example",
        language="en",
        status=status,
        attempts=9,
        next_attempt_at=NOW,
        created_at=NOW,
    )

    act(staff, "outgoingemail", "send_again", mail)

    mail.refresh_from_db()
    assert mail.status == after
    assert mail.attempts == (9 if status == "pending" else 0)
    assert sent == ([] if status == "pending" else [mail.pk])


@pytest.mark.parametrize("page", ["add/", "{}/delete/"])
def test_mail_is_neither_written_nor_deleted_by_hand(staff: Client, page: str) -> None:
    mail = OutgoingEmail.objects.create(
        template="x", to_address="a@b.example", language="en", next_attempt_at=NOW, created_at=NOW
    )

    address = f"/admin/organizations/outgoingemail/{page.format(mail.pk)}"

    assert staff.post(address, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("found", "Found · ACME · 73282932000074 · names 100 % alike"),
        ("not_found", "Not found"),
        ("later", "Will be checked later"),
        (None, "Not checked"),
    ],
)
def test_staff_see_what_the_company_register_says(
    staff: Client, outcome: str | None, told: str
) -> None:
    organization = OrganizationFactory(name="Acme", company_number="73282932000074")
    if outcome:
        is_found = outcome == "found"
        CompanyCheck.objects.create(
            organization=organization,
            country="FR",
            company_number="73282932000074",
            outcome=outcome,
            source="checksum" if outcome == "later" else "insee_siret",
            confidence=100 if is_found else 10,
            verified_name="ACME" if is_found else "",
            verified_number="73282932000074" if is_found else "",
            name_likeness=100 if is_found else None,
            next_attempt_at=NOW if outcome == "later" else None,
            checked_at=NOW,
        )

    form = staff.get(f"/admin/organizations/organization/{organization.pk}/change/")
    chosen = {"company_check__outcome": outcome} if outcome else {}
    rows = staff.get("/admin/organizations/organization/", chosen)

    assert told in form.content.decode()
    assert told.partition(" · ")[0] in rows.content.decode()
    assert organization.name in rows.content.decode()


@pytest.mark.parametrize("place", ["list", "form", "checks"])
def test_staff_have_a_company_checked_again(
    staff: Client, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    poked: list[tuple[str, str]] = []
    monkeypatch.setattr(background, "after_commit", lambda *call: poked.append(call))
    organization = OrganizationFactory(company_number="73282932000074")
    check = CompanyCheck.objects.create(
        organization=organization,
        country="FR",
        company_number="73282932000074",
        outcome="unanswered",
        source="checksum",
        confidence=50,
        attempts=12,
        checked_at=NOW,
    )

    if place == "form":
        address = f"/admin/organizations/organization/{organization.pk}/check-number/"
        assert staff.get(address).status_code == 200
        assert poked == []
        response = staff.post(address, {"_form_submitted": "on"})
        assert response["HX-Redirect"].endswith(f"/{organization.pk}/change/")
    elif place == "list":
        act(staff, "organization", "check_again", organization)
    else:
        act(staff, "companycheck", "check_again", check)

    check.refresh_from_db()
    assert (check.outcome, check.attempts) == ("later", 0)
    assert poked == [("organizations.check_company", check.pk)]


def test_staff_see_which_registers_are_off_and_which_rest(staff: Client, settings) -> None:
    settings.COMPANY_REGISTERS_ON = True
    settings.COMPANY_REGISTERS = settings.COMPANY_REGISTERS | {
        "kbo": {"url": "https://kbo.example", "user": "", "password": ""}
    }
    later = clock.now() + dt.timedelta(minutes=1)
    know_registers()
    RegisterState.objects.filter(register="vies").update(failures=5, rests_until=later)

    page = staff.get("/admin/organizations/registerstate/").content.decode()
    assert RegisterState.objects.count() == len(Register)
    assert page.count("Off: no address or credentials are set") == 3  # INSEE, KBO, CBE API
    assert page.count("Rests after failures") == 1
    settings.COMPANY_REGISTERS_ON = False
    assert (
        "Rests after failures"
        not in staff.get("/admin/organizations/registerstate/").content.decode()
    )


def contract(organization: Organization, **values: object) -> dict[str, object]:
    """What the browser sends for a company with its leases untouched."""
    counted = {
        f"{name}-{part}": 0
        for name in ("people", "leases", "contract_options", "statements")
        for part in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    return (
        counted
        | {
            "name": organization.name,
            "status": organization.status,
            "country": "FR",
            "language": "en",
            "max_resident_users": 5,
        }
        | values
    )


def test_leases_follow_the_end_of_the_contract(staff: Client) -> None:
    lease = RoomLeaseFactory()
    address = f"/admin/organizations/organization/{lease.organization_id}/change/"

    response = staff.post(address, contract(lease.organization, rental_end_on="2031-01-31"))

    assert response.status_code == 302
    lease.refresh_from_db()
    assert lease.ends_on == dt.date(2031, 1, 31)


@pytest.mark.parametrize(
    ("end_on", "own_end_on", "status"),
    [
        ("2030-06-30", None, 200),
        ("2030-07-01", None, 302),
        ("2030-06-30", dt.date(2030, 12, 31), 302),
        ("", None, 302),
    ],
)
def test_contract_ends_no_sooner_than_a_lease_begins(
    staff: Client, end_on: str, own_end_on: dt.date | None, status: int
) -> None:
    lease = RoomLeaseFactory(
        organization__rental_end_on=dt.date(2031, 1, 31),
        starts_on=dt.date(2030, 7, 1),
        own_end_on=own_end_on,
        ends_on=own_end_on or dt.date(2031, 1, 31),
    )
    address = f"/admin/organizations/organization/{lease.organization_id}/change/"

    page = staff.post(address, contract(lease.organization, rental_end_on=end_on))

    assert page.status_code == status
    if status == 200:
        sentence = f"The lease of {lease.room.display_name} begins on 1 July 2030"
        assert sentence in page.content.decode()
        lease.organization.refresh_from_db()
        assert lease.organization.rental_end_on == dt.date(2031, 1, 31)


def test_contract_cannot_run_into_the_next_tenants(staff: Client) -> None:
    lease = RoomLeaseFactory(ends_on=dt.date(2030, 6, 30))
    RoomLeaseFactory(room=lease.room, starts_on=dt.date(2030, 7, 1))
    address = f"/admin/organizations/organization/{lease.organization_id}/change/"

    page = staff.post(
        address, contract(lease.organization, rental_end_on="2030-07-01"), follow=True
    )

    assert "let to another tenant" in page.content.decode()
    lease.organization.refresh_from_db()
    assert lease.organization.rental_end_on is None


@pytest.mark.parametrize(
    ("address", "status"),
    [("https://files.example/a", 302), ("javascript:alert(1)", 200), ("ftp://a.example/b", 200)],
)
def test_documents_are_web_addresses(staff: Client, address: str, status: int) -> None:
    company = OrganizationFactory()

    response = staff.post(
        f"/admin/organizations/organization/{company.pk}/change/",
        contract(company, rental_url=address),
    )

    assert response.status_code == status


def test_cards_follow_a_form_that_archives(staff: Client) -> None:
    card = AccessCardFactory(status="active")
    company = card.holder.organization
    address = f"/admin/organizations/organization/{company.pk}/change/"

    assert staff.post(address, contract(company, is_archived="on")).status_code == 302
    card.refresh_from_db()
    assert (card.status, card.blocked_from) == ("blocked", "active")
    assert staff.post(address, contract(company)).status_code == 302
    card.refresh_from_db()
    assert (card.status, card.blocked_from) == ("active", "")


def test_a_status_that_staff_choose_is_theirs(staff: Client) -> None:
    card = AccessCardFactory(
        holder=UserFactory(archived=True), status="blocked", blocked_from="active"
    )
    address = f"/admin/organizations/accesscard/{card.pk}/change/"
    told = {"number": card.number, "holder": card.holder_id}

    staff.post(address, told | {"status": "lost"})
    card.refresh_from_db()
    assert (card.status, card.blocked_from) == ("lost", "")
    staff.post(address, told | {"status": "active"})
    card.refresh_from_db()
    assert (card.status, card.blocked_from) == ("blocked", "active")


def test_followers_hear_of_rooms_whose_leases_staff_changed(staff: Client) -> None:
    lease = RoomLeaseFactory()
    address = f"/admin/organizations/organization/{lease.organization_id}/change/"

    staff.post(address, contract(lease.organization))
    assert not Event.objects.filter(type="room.changed").exists()
    staff.post(address, contract(lease.organization, rental_end_on="2031-01-31"))
    found = Event.objects.filter(type="room.changed").values_list("object_id", flat=True)
    assert list(found) == [lease.room_id]


def test_mails_are_found_by_the_meeting_they_are_about(staff: Client) -> None:
    meeting, other = MeetingFactory(), MeetingFactory()
    for each in (meeting, other):
        mails.confirmed(each, now=NOW)

    page = staff.get(f"/admin/organizations/outgoingemail/?q={meeting.pk}").content.decode()

    assert meeting.contact_email in page
    assert other.contact_email not in page


@pytest.mark.parametrize(
    ("make", "address"),
    [
        (lambda: UserFactory(), "organizations/user"),
        (lambda: OrganizationFactory(), "organizations/organization"),
        (
            lambda: MeetingFactory(organizer=(one := UserFactory()), organization=one.organization),
            "booking/meeting",
        ),
    ],
    ids=["person", "company", "meeting"],
)
def test_a_record_leads_to_what_belongs_to_it(staff: Client, make, address: str) -> None:
    page = staff.get(f"/admin/{address}/{make().pk}/change/").content.decode()

    block = page[page.index("See also") :].partition("</form>")[0]
    links = [html.unescape(link) for link in re.findall(r'href="(/admin/[^"]+\?[^"]+)"', block)]
    assert len(links) >= 4
    assert {staff.get(link).status_code for link in links} == {200}


def test_invitations_and_departures_are_listed(staff: Client) -> None:
    leader = UserFactory(role="principal-admin")
    invitation = Invitation.objects.create(
        organization=leader.organization,
        email="new@acme.example",
        invited_by=leader,
        created_at=NOW,
        sent_at=NOW,
        expires_at=NOW + dt.timedelta(days=14),
    )
    departure = Departure.objects.create(
        person=UserFactory(), organization=leader.organization, decided_by=leader, at=NOW
    )

    for row, name in ((invitation, "invitation"), (departure, "departure")):
        page = staff.get(f"/admin/organizations/{name}/").content.decode()
        assert leader.organization.name in page
        assert staff.get(f"/admin/organizations/{name}/{row.pk}/change/").status_code == 200


@pytest.mark.parametrize("model", ["organization", "user"])
def test_a_new_record_has_nothing_to_lead_to(staff: Client, model: str) -> None:
    assert staff.get(f"/admin/organizations/{model}/add/").status_code == 200


def reset_address(person: User) -> str:
    return reverse("admin:organizations_user_reset_second_factor", args=[person.pk])


def test_a_lost_second_factor_is_reset_from_the_person_s_page(staff: Client) -> None:
    person = UserFactory(password="correct horse battery")
    second_factors.ensure(person)
    page = f"/admin/organizations/user/{person.pk}/change/"
    assert "Reset the second factor" in staff.get(page).content.decode()

    unconfirmed = staff.post(reset_address(person), {"_form_submitted": "on"})
    assert unconfirmed.status_code == 200
    assert second_factors.secret_of(person) is not None

    answer = staff.post(reset_address(person), {"_form_submitted": "on", "is_known": "on"})

    assert answer["HX-Redirect"] == page
    assert second_factors.secret_of(person) is None
    after = staff.get(page).content.decode()
    assert "The second factor is reset." in after
    assert reset_address(person) not in after
    history = staff.get(f"/admin/organizations/user/{person.pk}/history/").content.decode()
    assert "second factor reset" in history
    assert User.objects.get(api_role="app-admin").email in history


def test_no_button_resets_that_of_a_colleague(staff: Client) -> None:
    colleague = staff_member()

    page = staff.get(f"/admin/organizations/user/{colleague.pk}/change/").content.decode()
    staff.post(reset_address(colleague), {"_form_submitted": "on", "is_known": "on"})

    assert reset_address(colleague) not in page
    assert second_factors.secret_of(colleague) is not None


@pytest.mark.parametrize(
    ("api_role", "had_company", "status"),
    [
        ("api-developer", True, 200),
        ("api-developer", False, 302),
        ("app-admin", True, 302),
        ("", True, 302),
    ],
)
def test_who_leaves_an_organization_keeps_no_view_of_all_by_oversight(
    staff: Client, api_role: str, had_company: bool, status: int
) -> None:
    company = OrganizationFactory() if had_company else None
    person = UserFactory(developer=True, organization=company)
    page = f"/admin/organizations/user/{person.pk}/change/"

    answer = staff.post(
        page,
        {
            "email": person.email,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "phone": "",
            "language": person.language,
            "organization": "",
            "role": person.role,
            "api_role": api_role,
            "external_id": "",
            "schedule_visibility": person.schedule_visibility,
        },
    )

    person.refresh_from_db()
    assert answer.status_code == status
    assert (person.organization is None) == (status == 302)
    assert ("sees the data of all organizations" in answer.content.decode()) == (status == 200)


def test_an_address_is_stored_in_lower_case_however_staff_type_it(staff: Client) -> None:
    typed = {"email": "Ada@Acme.Example", "role": "user", "language": "en"}

    staff.post("/admin/organizations/user/add/", typed | {"schedule_visibility": "open"})

    assert User.objects.filter(email="ada@acme.example").exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"country": "UK"}, "Select a valid choice. UK is not one of the available choices."),
        (
            {"rental_start_on": "2030-02-01", "rental_end_on": "2030-01-31"},
            "The contract ends before it starts.",
        ),
    ],
)
def test_what_an_organization_cannot_be_is_said_in_words(
    staff: Client, typed: dict[str, str], sentence: str
) -> None:
    page = staff.post("/admin/organizations/organization/add/", {"name": "Acme"} | typed)

    assert sentence in page.content.decode()
    assert not Organization.objects.filter(name="Acme").exists()
