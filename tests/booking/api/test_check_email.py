"""POST /api/check-email."""

import pytest

from tests.factories.apitokens import ApiTokenFactory
from tests.factories.organizations import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db

URL = "/api/check-email"


@pytest.fixture
def check(client):
    token = ApiTokenFactory()

    def _check(body, headers=token.header):
        return client.post(URL, body, content_type="application/json", headers=headers)

    return _check


def facts(answer):
    assert answer.status_code == 200
    assert answer.json()["retcode"] == 200
    return answer.json()["status"], answer.json()["data"]


def test_existing_person_whatever_the_case(check):
    person = UserFactory(email="jean@acme.com")

    assert facts(check({"email": " Jean@ACME.com "})) == (
        "EXISTING_USER",
        {
            "exists": True,
            "isArchived": False,
            "userId": person.id,
            "organizationId": person.organization_id,
            "registrationRequired": False,
        },
    )


def test_unknown_person(check):
    assert facts(check({"email": "nobody@acme.com"})) == (
        "NEW_USER",
        {
            "exists": False,
            "isArchived": False,
            "userId": None,
            "organizationId": None,
            "registrationRequired": True,
        },
    )


def test_person_known_by_a_booking_alone(check):
    person = UserFactory(new=True)

    status, data = facts(check({"email": person.email}))

    assert status == "NEW_USER"
    assert (data["exists"], data["userId"], data["registrationRequired"]) == (True, person.id, True)


def test_unverified_person_with_a_company(check):
    person = UserFactory(email_verified_at=None)

    status, data = facts(check({"email": person.email}))

    assert (status, data["registrationRequired"]) == ("NEW_USER", False)


def test_a_dry_run_says_so(check):
    told = check({"email": "nobody@acme.com", "dryRun": True}).json()

    assert (told["status"], told["dryRun"]) == ("NEW_USER", True)
    assert "dryRun" not in check({"email": "nobody@acme.com", "dryRun": False}).json()


@pytest.mark.parametrize("of_company", [True, False])
def test_archived(check, of_company):
    if of_company:
        person = UserFactory(organization=OrganizationFactory(archived=True))
    else:
        person = UserFactory(archived=True)

    status, data = facts(check({"email": person.email}))

    assert (status, data["isArchived"], data["exists"]) == ("ARCHIVED", True, True)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Missing required parameter: email"),
        ({"email": " "}, "Missing required parameter: email"),
        ({"email": "nobody"}, "Invalid email format"),
        ({"email": 5}, "Invalid email: must be a string"),
        ({"email": "a@acme.com", "dryRun": "yes"}, "Invalid dryRun: must be true or false"),
        ({"email": f"{'x' * 250}@acme.com"}, "Invalid email format"),
    ],
)
def test_refusals(check, body, message):
    answer = check(body)

    assert answer.status_code == 400
    assert answer.json() == {"retcode": -1, "message": message}


def test_needs_a_token_with_the_read_scope(check):
    assert check({"email": "a@b.example"}, headers={}).status_code == 401
    writer = ApiTokenFactory(scopes=["bookings:write"])
    assert check({"email": "a@b.example"}, headers=writer.header).status_code == 403
