"""POST /api/register while the company register answers, fails or keeps silent. Source: safety, F-15."""

import time

import pytest
from django.test import Client

from organizations.domain import company_checks
from organizations.models import CompanyCheck, Organization
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.sites_app import SiteFactory
from tests.organizations.conftest import register  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

SIRET = "73282932000074"
SEED_SIRET = "12345678901234"


@pytest.fixture
def send():
    token, site = ApiTokenFactory(), SiteFactory()

    def _send(number=SIRET, *, key=None, **changes):
        body = {
            "name": "Acme Corp",
            "firstName": "Jean",
            "lastName": "Dupont",
            "email": "jean.dupont@acme.com",
            "phone": "+33612345678",
            "maxResidentUsers": 5,
            "companyNumber": number,
            "siteId": site.id,
            "country": "fr",
        }
        headers = {**token.header, **({"Idempotency-Key": key} if key else {})}
        return Client().post(
            "/api/register", body | changes, content_type="application/json", headers=headers
        )

    return _send


def verification(answer):
    assert (answer.status_code, answer.json()["status"]) == (200, "CREATED")
    return answer.json()["data"]["identityVerification"]


def by_checksum(confidence, number):
    return {
        "source": "checksum",
        "confidence": confidence,
        "verifiedName": None,
        "verifiedNumber": number,
    }


@pytest.mark.parametrize("key", [None, "one"])
def test_documented_example_is_confirmed(register, send, key):  # noqa: F811 - a fixture, imported above
    register("sirene").companies[SEED_SIRET] = {"name": "ACME CORPORATION"}

    assert verification(send(SEED_SIRET, key=key)) == {
        "source": "insee_siret",
        "confidence": 100,
        "verifiedName": "ACME CORPORATION",
        "verifiedNumber": SEED_SIRET,
    }
    assert CompanyCheck.objects.get().outcome == "found"


@pytest.mark.parametrize("company", [None, {"name": "ACME", "state": "C"}])
def test_number_that_the_register_denies_refuses_nobody(register, send, company):  # noqa: F811 - a fixture, imported above
    stand_in = register("sirene")
    if company:
        stand_in.companies[SIRET] = company

    found = verification(send())

    assert found["source"] == "insee_siret"
    assert found["confidence"] <= 20


@pytest.mark.parametrize("key", [None, "one"])
@pytest.mark.parametrize("trouble", ["slow", "drip", "reset", "429", "500", "html", "huge"])
def test_register_in_trouble_holds_nobody_up(register, send, trouble, key):  # noqa: F811 - a fixture, imported above
    stand_in = register("sirene")
    stand_in.companies[SIRET] = {"name": "ACME"}
    stand_in.trouble = trouble
    begun = time.monotonic()

    answer = send(key=key)

    assert time.monotonic() - begun < 2.5, "1.5 s for the register, the rest for the registration"
    assert verification(answer) == by_checksum(50, SIRET)
    assert len(stand_in.asked) == 1
    check = CompanyCheck.objects.get()
    assert check.outcome == "later"

    stand_in.trouble = ""
    assert company_checks.retry(check.pk, now=check.next_attempt_at) == "found"
    assert Organization.objects.get().identity_verification["confidence"] == 100


@pytest.mark.parametrize(("number", "confidence"), [(SIRET, 50), (SEED_SIRET, 0)])
def test_all_registers_off(send, number, confidence):
    assert verification(send(number)) == by_checksum(confidence, number)


def test_without_a_number_nothing_is_verified(register, send):  # noqa: F811 - a fixture, imported above
    stand_in = register("sirene")

    assert verification(send("")) is None
    assert stand_in.asked == []
    assert not CompanyCheck.objects.exists()


def test_a_dry_run_asks_and_keeps_no_check(register, send):  # noqa: F811 - a fixture, imported above
    register("sirene").companies[SIRET] = {"name": "ACME"}

    answer = send(dryRun=True)

    assert verification(answer)["confidence"] == 100
    assert not CompanyCheck.objects.exists()


def test_what_is_refused_asks_no_register(register, send):  # noqa: F811 - a fixture, imported above
    stand_in = register("sirene")

    assert send(email="nobody").status_code == 400
    assert send(phone="nonsense").status_code == 400
    assert stand_in.asked == []


def test_a_repeated_call_asks_no_more(register, send):  # noqa: F811 - a fixture, imported above
    stand_in = register("sirene")
    stand_in.trouble = "500"
    first = send(key="one")

    again = send(key="one")

    assert again.content == first.content
    assert again["Idempotent-Replayed"] == "true"
    assert len(stand_in.asked) == 1
