"""GET /api/user-info: each sentence of the Public API and of its decisions."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from apitokens.domain import abuse_limits
from organizations.models import JoinRequest
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.organizations import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db

URL = "/api/user-info"
NOT_FOUND = {"retcode": -1, "message": "User not found"}
UNKNOWN_ID = "507f1f77bcf86cd799439011"


@pytest.fixture
def partner():
    """The token of a developer without organization, who sees everybody."""
    return ApiTokenFactory()


def ask(token, **query):
    return Client().get(URL, query, headers=token.header)


def test_documented_example_by_id(partner):
    UserFactory(
        id="507f1f77bcf86cd799439011",
        email="jean.dupont@acme.com",
        role="principal-admin",
        organization=OrganizationFactory(id="507f191e810c19729de860ea", name="Acme Corp"),
    )

    answer = ask(partner, id="507f1f77bcf86cd799439011")

    assert answer.status_code == 200
    assert answer.json() == {
        "retcode": 1,
        "message": "OK",
        "data": {
            "_id": "507f1f77bcf86cd799439011",
            "firstName": "Jean",
            "lastName": "Dupont",
            "email": "jean.dupont@acme.com",
            "role": "principal-admin",
            "isUserArchived": False,
            "organizationId": "507f191e810c19729de860ea",
            "organizationName": "Acme Corp",
            "isOrganizationArchived": False,
        },
    }


def test_documented_example_without_organization(partner):
    UserFactory(
        id="507f1f77bcf86cd799439011",
        first_name="Marie",
        last_name="Martin",
        email="marie.martin@example.com",
        new=True,
    )

    answer = ask(partner, email="marie.martin@example.com")

    assert answer.status_code == 200
    assert answer.json() == {
        "retcode": 1,
        "message": "OK",
        "data": {
            "_id": "507f1f77bcf86cd799439011",
            "firstName": "Marie",
            "lastName": "Martin",
            "email": "marie.martin@example.com",
            "role": "temp",
            "isUserArchived": False,
            "organizationId": None,
            "organizationName": None,
            "isOrganizationArchived": None,
        },
    }


@pytest.mark.parametrize("email", ["Jean.Dupont@ACME.com", " jean.dupont@acme.com "])
def test_address_is_case_insensitive(partner, email):
    person = UserFactory(email="jean.dupont@acme.com")

    assert ask(partner, email=email).json()["data"]["_id"] == person.id


def test_id_in_upper_case(partner):
    person = UserFactory()

    assert ask(partner, id=person.id.upper()).json()["data"]["_id"] == person.id


def test_id_takes_priority_over_the_address(partner):
    by_id, by_email = UserFactory(), UserFactory()

    assert ask(partner, id=by_id.id, email=by_email.email).json()["data"]["_id"] == by_id.id
    assert ask(partner, id=UNKNOWN_ID, email=by_email.email).json() == NOT_FOUND
    assert ask(partner, id="x", email=by_email.email).status_code == 400


def test_blank_id_is_absent(partner):
    person = UserFactory()

    assert ask(partner, id="", email=person.email).json()["data"]["_id"] == person.id


@pytest.mark.parametrize("role", ["principal-admin", "admin", "user", "temp"])
def test_each_role(partner, role):
    person = UserFactory(role=role)

    assert ask(partner, id=person.id).json()["data"]["role"] == role


@pytest.mark.parametrize("role", ["api-developer", "app-admin"])
def test_api_role_shows_without_a_role_in_an_organization(partner, role):
    alone = UserFactory(api_role=role, organization=None)
    member = UserFactory(api_role=role, role="admin")

    assert ask(partner, id=alone.id).json()["data"]["role"] == role
    assert ask(partner, id=member.id).json()["data"]["role"] == "admin"


def test_last_name_may_be_empty(partner):
    person = UserFactory(last_name="")

    assert ask(partner, id=person.id).json()["data"]["lastName"] == ""


@pytest.mark.parametrize(
    ("person_is", "organization_is"),
    [(False, False), (True, False), (False, True), (True, True)],
)
def test_archived_person_and_organization_are_shown_apart(partner, person_is, organization_is):
    person = UserFactory(is_archived=person_is, organization__is_archived=organization_is)

    data = ask(partner, id=person.id).json()["data"]

    assert data["isUserArchived"] is person_is
    assert data["isOrganizationArchived"] is organization_is


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({}, "Missing required parameter: id or email"),
        ({"id": "", "email": " "}, "Missing required parameter: id or email"),
        ({"id": "invalid"}, "Invalid user ID format"),
        ({"id": "507f1f77bcf86cd79943901"}, "Invalid user ID format"),
        ({"id": "507f1f77bcf86cd7994390111"}, "Invalid user ID format"),
        ({"email": "invalid"}, "Invalid email format"),
        ({"email": f"{'x' * 250}@acme.com"}, "Invalid email format"),
    ],
)
def test_refusals(partner, query, message):
    answer = ask(partner, **query)

    assert answer.status_code == 400
    assert answer.json() == {"retcode": -1, "message": message}


@pytest.mark.parametrize("query", [{"id": UNKNOWN_ID}, {"email": "nobody@acme.com"}])
def test_unknown_person(partner, query):
    answer = ask(partner, **query)

    assert answer.status_code == 404
    assert answer.json() == NOT_FOUND


def test_without_token():
    answer = Client().get(URL, {"email": "jean.dupont@acme.com"})

    assert answer.status_code == 401
    assert answer.json() == {
        "retcode": -1,
        "message": (
            "Unauthorized: Authorization header is required. "
            "Use: Authorization: Bearer <your_token>"
        ),
    }


def test_needs_the_read_scope():
    person = UserFactory()
    writer = ApiTokenFactory(scopes=["bookings:write"])

    answer = ask(writer, id=person.id)

    assert answer.status_code == 403
    assert answer.json()["message"] == "Forbidden: this token lacks the scope read"


def test_only_get(partner):
    assert Client().post(URL, headers=partner.header).status_code == 405


# --- whom a token sees -------------------------------------------------------------------------


def queries(person):
    return [{"id": person.id}, {"email": person.email}]


def test_member_of_an_organization_sees_its_people_alone():
    owner = UserFactory(api_role="api-developer")
    token = ApiTokenFactory(owner=owner)
    colleague = UserFactory(organization=owner.organization)
    strangers = [UserFactory(), UserFactory(organization=None), UserFactory(new=True)]

    for query in [*queries(owner), *queries(colleague)]:
        assert ask(token, **query).status_code == 200
    for person in strangers:
        for query in queries(person):
            answer = ask(token, **query)
            assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_application_administrator_in_an_organization_sees_everybody():
    token = ApiTokenFactory(owner=UserFactory(api_role="app-admin"))
    stranger = UserFactory()

    assert [ask(token, **query).status_code for query in queries(stranger)] == [200, 200]


def test_hidden_and_unknown_cost_the_same_queries(django_assert_num_queries):
    token = ApiTokenFactory(owner=UserFactory(api_role="api-developer"))
    stranger = UserFactory()
    ask(token, id=stranger.id)  # notes once a minute when the token was last used

    # token, usage, budget, person, enquiry, call log
    with django_assert_num_queries(6):
        ask(token, id=stranger.id)
    with django_assert_num_queries(6):
        ask(token, id=UNKNOWN_ID)


def test_who_waits_to_join_shows_as_temp_without_organization(partner):
    """Source: public-api, section 6, Joining by company number."""
    organization = OrganizationFactory()
    joiner = UserFactory(new=True)
    JoinRequest.objects.create(
        person=joiner,
        organization=organization,
        created_at=dt.datetime(2030, 1, 7, tzinfo=dt.UTC),
    )
    colleague = ApiTokenFactory(
        owner=UserFactory(api_role="api-developer", organization=organization)
    )

    data = ask(partner, id=joiner.id).json()["data"]

    assert (data["role"], data["organizationId"], data["organizationName"]) == ("temp", None, None)
    assert ask(colleague, id=joiner.id).json() == NOT_FOUND


# --- the budget of questions -------------------------------------------------------------------


@time_machine.travel(dt.datetime(2030, 1, 7, 9, 0, 30, tzinfo=dt.UTC), tick=False)
def test_budget_is_shared_with_check_email_and_refused_before_any_answer(partner):
    person = UserFactory()
    most = abuse_limits.ENQUIRIES.most
    Client().post(
        "/api/check-email",
        {"email": person.email},
        content_type="application/json",
        headers=partner.header,
    )

    answers = [ask(partner, id=person.id).status_code for _ in range(most)]
    refused = ask(partner, id=person.id)

    assert answers == [200] * (most - 1) + [429]
    assert refused["Retry-After"] == "30"
    assert ask(ApiTokenFactory(), id=person.id).status_code == 200
