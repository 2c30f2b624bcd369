"""POST /api/register. Source: Public API, "POST /api/register"; public-api, section 2 and section 6."""

import datetime as dt

import pytest
import time_machine

from apitokens.models import Enquiry, Event
from booking.models import Meeting, Registration
from organizations.models import (
    EmailVerification,
    JoinRequest,
    Organization,
    OutgoingEmail,
    Role,
    User,
)
from sites_app.models import SiteMembership
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db

URL = "/api/register"
NOW = dt.datetime(2025, 11, 3, 9, 0, tzinfo=dt.UTC)
SIRET = "73282932000074"  # its checksum is right
OTHER_SIRET_OF_IT = "73282932000017"
UNKNOWN = "5f00000000000000000000ff"
ARCHIVED = "Your account is no longer valid. Please contact an administrator to restore it."


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def token():
    return ApiTokenFactory()


@pytest.fixture
def send(client, token):
    def _send(body, headers=token.header):
        return client.post(URL, body, content_type="application/json", headers=headers)

    return _send


@pytest.fixture
def site():
    return SiteFactory(name="Workways Paris")


def told(site=None, **changes):
    """The seed's own example, without its room."""
    facts = {
        "name": "Acme Corp",
        "firstName": "Jean",
        "lastName": "Dupont",
        "email": "jean.dupont@acme.com",
        "phone": "+33612345678",
        "maxResidentUsers": 5,
        "companyNumber": "12345678901234",
        "address": "123 rue de la Paix, 75001 Paris, France",
        "vatNumber": "FR12345678901",
        "language": "fr",
        "siteId": site.id if site else None,
    }
    return facts | changes


def data(answer):
    assert answer.status_code == 200, answer.json()
    return answer.json()["data"]


def refusal(answer):
    return answer.status_code, answer.json()["message"]


def memberships(organization):
    found = SiteMembership.objects.filter(organization=organization).order_by("position")
    return list(found.values_list("site_id", flat=True))


# --- the three outcomes ---------------------------------------------------------------------


def test_created_as_in_the_seed(send, site):
    room = RoomFactory(site=site, name="Office Premium", office=True)
    meeting = MeetingFactory(
        room__site=site,
        pending=True,
        organizer=UserFactory(new=True, email="jean.dupont@acme.com"),
        starts_at=NOW + dt.timedelta(days=4),
    )

    answer = send(told(site, roomId=room.id, meetingId=meeting.id))

    person, organization = (
        User.objects.get(email="jean.dupont@acme.com"),
        Organization.objects.get(),
    )
    assert answer.status_code == 200
    assert answer.json() == {
        "retcode": 200,
        "status": "CREATED",
        "message": "Organization registered successfully. A verification email has been sent.",
        "data": {
            "userId": person.id,
            "userEmail": "jean.dupont@acme.com",
            "userRole": "principal-admin",
            "userCreated": False,
            "organizationId": organization.id,
            "organizationName": "Acme Corp",
            "organizationCreated": True,
            "meetingsUpdated": 1,
            "roomOfInterest": {
                "_id": room.id,
                "name": "Office Premium",
                "siteName": "Workways Paris",
                "siteId": site.id,
            },
            "identityVerification": {
                "source": "checksum",
                "confidence": 0,
                "verifiedName": None,
                "verifiedNumber": "12345678901234",
            },
        },
    }


def test_created_stores_what_was_told(send, site, token):
    answer = data(send(told(site, comments="An office for five")))

    person = User.objects.get(email="jean.dupont@acme.com")
    organization = Organization.objects.get()
    assert answer["userCreated"] is True
    assert (person.role, person.organization, person.email_verified_at) == (
        Role.PRINCIPAL_ADMIN,
        organization,
        None,
    )
    assert (person.first_name, person.last_name) == ("Jean", "Dupont")
    assert (person.phone, person.language, person.has_usable_password()) == (
        "+33612345678",
        "fr",
        False,
    )
    assert (organization.status, organization.country, organization.email) == (
        "pending",
        "FR",
        "jean.dupont@acme.com",
    )
    assert (organization.company_number, organization.vat_number) == (
        "12345678901234",
        "FR12345678901",
    )
    assert (organization.max_resident_users, organization.comments) == (5, "An office for five")
    assert organization.address == "123 rue de la Paix, 75001 Paris, France"
    assert organization.identity_verification["source"] == "checksum"
    kept = Registration.objects.get()
    assert (kept.status, kept.organization, kept.person, kept.comments, kept.told) == (
        "CREATED",
        organization,
        person,
        "An office for five",
        {},
    )
    assert kept.api_token_id == token.pk
    assert list(Event.objects.values_list("type", flat=True)) == ["organization.registered"]


def test_created_mails_one_link_for_three_days(send, site):
    send(told(site))

    mail = OutgoingEmail.objects.get()
    link = EmailVerification.objects.get()
    assert (mail.template, mail.to_address, mail.language) == (
        "verify_email",
        "jean.dupont@acme.com",
        "fr",
    )
    assert (link.email, link.expires_at - link.created_at) == (
        "jean.dupont@acme.com",
        dt.timedelta(hours=72),
    )


def test_least_that_is_needed(send, site):
    body = {
        "name": "Acme Corp",
        "firstName": "Jean",
        "email": "jean.dupont@acme.com",
        "phone": "06 12 34 56 78",
        "maxResidentUsers": 1,
        "siteId": site.id,
    }

    answer = data(send(body))

    assert answer["identityVerification"] is None
    assert answer["roomOfInterest"] is None
    assert answer["meetingsUpdated"] == 0
    assert User.objects.get(email="jean.dupont@acme.com").phone == "+33612345678"


def test_updated_when_staff_prepared_the_organization(send, site):
    first = SiteFactory()
    prepared = OrganizationFactory(
        name="Acme", email="Jean.Dupont@acme.com", pending=True, phone="", company_number="55"
    )
    SiteMembership.objects.create(site=first, organization=prepared, position=3)

    answer = send(told(site, companyNumber=None, comments="Hello"))

    assert answer.json()["status"] == "UPDATED"
    assert (
        answer.json()["message"] == "Registration successful. Your organization has been updated."
    )
    assert data(answer) == {
        "userId": User.objects.get(email="jean.dupont@acme.com").id,
        "userEmail": "jean.dupont@acme.com",
        "userRole": "principal-admin",
        "userCreated": True,
        "organizationId": prepared.id,
        "organizationName": "Acme",
        "organizationCreated": False,
        "meetingsUpdated": 0,
        "roomOfInterest": None,
        "identityVerification": None,
    }
    prepared.refresh_from_db()
    assert (prepared.name, prepared.company_number) == ("Acme", "55")
    assert (prepared.phone, prepared.address, prepared.comments) == (
        "+33612345678",
        "123 rue de la Paix, 75001 Paris, France",
        "Hello",
    )
    assert memberships(prepared) == [first.id, site.id]


def test_organization_with_that_billing_address_that_somebody_leads_is_not_handed_over(send, site):
    led = OrganizationFactory(email="jean.dupont@acme.com")
    UserFactory(organization=led, role=Role.PRINCIPAL_ADMIN)

    assert send(told(site)).json()["status"] == "CREATED"
    assert led.people.count() == 1


def test_user_exists(send, site):
    person = UserFactory(email="jean.dupont@acme.com")

    answer = send(told(site, email=" Jean.Dupont@ACME.com "))

    assert answer.json() == {
        "retcode": 200,
        "status": "USER_EXISTS",
        "message": "User already registered with an organization.",
        "data": {"userId": person.id, "organizationId": person.organization_id},
    }
    assert OutgoingEmail.objects.count() == 0
    assert Organization.objects.count() == 1


def test_user_exists_unverified_is_written_to_again_every_ten_minutes(send, site):
    send(told(site))

    def sent_after(minutes):
        with time_machine.travel(NOW + dt.timedelta(minutes=minutes), tick=False):
            assert send(told(site)).json()["status"] == "USER_EXISTS"
        return OutgoingEmail.objects.filter(template="verify_email").count()

    assert [sent_after(minutes) for minutes in (0, 9, 10, 19, 20)] == [1, 1, 2, 2, 3]


@pytest.mark.parametrize("facts", [{"archived": True}, {"organization__archived": True}])
def test_archived_is_forbidden(send, site, facts):
    UserFactory(email="jean.dupont@acme.com", **facts)

    assert refusal(send(told(site))) == (403, ARCHIVED)
    assert Registration.objects.count() == 0


# --- joining by number ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"company_number": "732 829 320 00074"}, {"companyNumber": SIRET}),
        ({"company_number": "732829320"}, {"companyNumber": SIRET}),
        ({"company_number": SIRET}, {"companyNumber": "732829320"}),
        ({"company_number": OTHER_SIRET_OF_IT}, {"companyNumber": SIRET}),
        ({"vat_number": "FR 44 732829320"}, {"companyNumber": None, "vatNumber": "FR44732829320"}),
        ({"vat_number": "FR44732829320"}, {"companyNumber": SIRET, "vatNumber": None}),
    ],
)
def test_joiner_by_number_waits_and_changes_nothing(send, site, ours, theirs):
    organization = OrganizationFactory(name="Acme SAS", phone="", address="", **ours)
    leader = UserFactory(organization=organization, role=Role.PRINCIPAL_ADMIN)
    before = Organization.objects.values().get()

    answer = send(told(site, **theirs))

    person = User.objects.get(email="jean.dupont@acme.com")
    assert answer.json()["status"] == "UPDATED"
    assert data(answer)["organizationId"] == organization.id
    assert data(answer)["organizationName"] == "Acme SAS"
    assert data(answer)["userRole"] == "user"
    assert data(answer)["pendingApproval"] is True
    assert (person.organization, person.role) == (None, Role.TEMP)
    assert Organization.objects.values().get() == before
    assert memberships(organization) == []
    assert JoinRequest.objects.get().status == "waiting"
    assert sorted(OutgoingEmail.objects.values_list("template", "to_address")) == [
        ("join_asked", leader.email),
        ("verify_email", "jean.dupont@acme.com"),
    ]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"company_number": "12345678901234"}, {}),  # the seed's number fails its checksum
        ({"company_number": SIRET, "country": "BE"}, {"companyNumber": SIRET}),
        ({"company_number": "552081317"}, {"companyNumber": SIRET}),
    ],
)
def test_no_joining_by_a_wrong_number_or_in_another_country(send, site, ours, theirs):
    OrganizationFactory(**ours)

    assert send(told(site, **theirs)).json()["status"] == "CREATED"


def test_joiner_shows_as_temp_without_organization(send, site, client, token):
    OrganizationFactory(company_number=SIRET)
    send(told(site, companyNumber=SIRET))

    shown = client.get("/api/user-info?email=jean.dupont@acme.com", headers=token.header).json()

    assert (shown["data"]["role"], shown["data"]["organizationId"]) == ("temp", None)


def test_staff_are_asked_where_nobody_leads_the_company(send, site, settings):
    organization = OrganizationFactory(company_number=SIRET)
    UserFactory(organization=organization, role=Role.PRINCIPAL_ADMIN, email_verified_at=None)

    send(told(site, companyNumber=SIRET))

    mail = OutgoingEmail.objects.get(template="staff_join_asked")
    assert mail.to_address == settings.SUPPORT_EMAIL


def test_asking_twice_waits_once(send, site):
    OrganizationFactory(company_number=SIRET)

    for _ in range(2):
        assert data(send(told(site, companyNumber=SIRET)))["pendingApproval"] is True

    assert JoinRequest.objects.count() == 1
    assert OutgoingEmail.objects.filter(template="staff_join_asked").count() == 1


def test_who_waited_for_one_company_and_registers_another_waits_no_longer(send, site):
    OrganizationFactory(company_number=SIRET)
    send(told(site, companyNumber=SIRET))

    assert send(told(site, companyNumber=None, vatNumber=None)).json()["status"] == "CREATED"
    assert JoinRequest.objects.get().status == "withdrawn"


def test_two_numbers_of_two_companies_match_neither_and_staff_are_told(send, site, settings):
    OrganizationFactory(company_number=SIRET)
    OrganizationFactory(vat_number="FR83404833048")

    answer = send(told(site, companyNumber=SIRET, vatNumber="FR83404833048"))

    assert answer.json()["status"] == "CREATED"
    assert OutgoingEmail.objects.get(template="staff_contradiction").to_address == (
        settings.SUPPORT_EMAIL
    )


def test_number_of_an_archived_company_is_forbidden(send, site):
    OrganizationFactory(company_number=SIRET, archived=True)

    assert refusal(send(told(site, companyNumber=SIRET))) == (403, ARCHIVED)


# --- sites, meetings ------------------------------------------------------------------------


def test_sites_join_in_priority_order_once_each(send):
    sites = [SiteFactory(country=iso) for iso in ("BE", "FR", "IE")]
    person = UserFactory(new=True, email="jean.dupont@acme.com")
    room = RoomFactory(site=sites[1])
    meeting = MeetingFactory(room__site=sites[2], pending=True, organizer=person)

    send(told(sites[0], roomId=room.id, meetingId=meeting.id, country=None))

    organization = Organization.objects.get()
    assert memberships(organization) == [site.id for site in sites]
    assert organization.country == "BE"


def test_room_then_meeting_determine_the_site(send):
    person = UserFactory(new=True, email="jean.dupont@acme.com")
    room = RoomFactory(site__country="IE")
    meeting = MeetingFactory(pending=True, organizer=person)

    answer = data(send(told(roomId=room.id, meetingId=meeting.id)))

    assert memberships(Organization.objects.get()) == [room.site_id, meeting.room.site_id]
    assert Organization.objects.get().country == "IE"
    assert answer["roomOfInterest"]["_id"] == room.id


def test_every_pending_request_of_the_address_is_linked(send, site):
    person = UserFactory(new=True, email="jean.dupont@acme.com")
    start = NOW + dt.timedelta(days=5)
    given = MeetingFactory(expired=True, organizer=person, starts_at=start)
    other = MeetingFactory(pending=True, organizer=person, starts_at=start)
    lapsed = MeetingFactory(expired=True, organizer=person, starts_at=start)
    foreign = MeetingFactory(pending=True, organizer=UserFactory(new=True), starts_at=start)

    answer = data(send(told(meetingId=given.id)))

    linked = Meeting.objects.filter(organization_id=answer["organizationId"])
    assert answer["meetingsUpdated"] == 2
    assert set(linked) == {given, other}
    assert lapsed not in linked
    assert foreign not in linked


def test_meeting_of_somebody_else_is_forbidden(send):
    meeting = MeetingFactory(pending=True, organizer=UserFactory(new=True))

    assert send(told(meetingId=meeting.id)).status_code == 403


# --- fields ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["name", "firstName", "email", "phone", "maxResidentUsers"])
@pytest.mark.parametrize("value", [None, "  "])
def test_required(send, site, name, value):
    answer = send(told(site, **{name: value}))

    assert refusal(answer) == (400, f"Missing required parameter: {name}")


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"siteId": None}, 400, "At least one of siteId, roomId or meetingId must be provided"),
        ({"siteId": UNKNOWN}, 404, "Site not found"),
        ({"siteId": "x"}, 400, "Site not found"),
        ({"roomId": UNKNOWN}, 404, "Room not found"),
        ({"roomId": "x"}, 400, "Room not found"),
        ({"meetingId": UNKNOWN}, 404, "Meeting request not found"),
        ({"meetingId": "x"}, 400, "Meeting request not found"),
        ({"email": "jean"}, 400, "Invalid email format"),
        ({"phone": "call me"}, 400, "Invalid phone"),
        ({"phone": "12"}, 400, "Invalid phone"),
        ({"maxResidentUsers": 0}, 400, "Invalid maxResidentUsers: must be at least 1"),
        ({"maxResidentUsers": "5"}, 400, "Invalid maxResidentUsers: must be a number"),
        ({"name": 5}, 400, "Invalid name: must be a string"),
        ({"language": "de"}, 400, "Invalid language: must be one of en, fr"),
        ({"country": "xx"}, 400, "Invalid country: must be one of be, fr, ie"),
    ],
)
def test_refused(send, site, changes, status, message):
    assert refusal(send(told(site, **changes))) == (status, message)
    assert not User.objects.filter(email="jean.dupont@acme.com").exists()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("fr", "FR"), ("be", "BE"), ("ie", "IE"), ("BE", "BE"), ("pt", "PT"), (None, "FR")],
)
def test_country(send, site, typed, stored):
    SiteFactory(country="PT")

    send(told(site, country=typed))

    assert Organization.objects.get().country == stored


@pytest.mark.parametrize(
    ("country", "asked", "language"),
    [("FR", None, "fr"), ("BE", None, "en"), ("BE", "fr", "fr"), ("FR", "en", "en")],
)
def test_language(send, country, asked, language):
    send(told(SiteFactory(country=country), language=asked))

    assert Organization.objects.get().language == language
    assert User.objects.get(email="jean.dupont@acme.com").language == language


@pytest.mark.parametrize(
    ("country", "typed", "stored"),
    [
        ("fr", "+32 2 555 12 12", "+3225551212"),
        ("be", "02 555 12 12", "+3225551212"),
        ("fr", "0033612345678", "+33612345678"),
    ],
)
def test_phone_is_stored_in_e164(send, site, country, typed, stored):
    send(told(site, country=country, phone=typed))

    assert Organization.objects.get().phone == stored


# --- who may, how often, dry ----------------------------------------------------------------


def test_needs_a_token_with_its_scope(send, site):
    weak = ApiTokenFactory(scopes=["read", "bookings:write"])

    assert send(told(site), headers={}).status_code == 401
    assert refusal(send(told(site), headers=weak.header)) == (
        403,
        "Forbidden: this token lacks the scope registrations:write",
    )


def test_dry_run_leaves_nothing_behind(send, site):
    answer = send(told(site, dryRun=True))

    assert answer.json()["dryRun"] is True
    assert answer.json()["status"] == "CREATED"
    assert (data(answer)["userId"], data(answer)["organizationId"]) == (None, None)
    assert Organization.objects.count() == Registration.objects.count() == 0
    assert OutgoingEmail.objects.count() == EmailVerification.objects.count() == 0


def test_every_call_is_an_enquiry(send, site, token):
    UserFactory(email="jean.dupont@acme.com")
    UserFactory(email="old@acme.com", archived=True)

    for email in ("jean.dupont@acme.com", "new@acme.com", "old@acme.com"):
        send(told(site, email=email, companyNumber=None, vatNumber=None))

    kept = Enquiry.objects.filter(token=token, endpoint="register").order_by("id")
    assert list(kept.values_list("was_known", flat=True)) == [True, False, True]


def test_budget_is_shared_with_the_other_enquiries(send, site, token, client):
    for _ in range(120):
        client.post(
            "/api/check-email",
            {"email": "x@y.example"},
            content_type="application/json",
            headers=token.header,
        )

    answer = send(told(site))

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
