"""Several processes register one person, or one company, at the same moment: it is made once."""

import base64
import json
from collections import Counter

import pytest

from organizations.models import EmailVerification, JoinRequest, Organization, User
from tests.contention.test_one_key import calls
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.sites_app import SiteFactory

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]
PROCESSES, CONNECTIONS = 4, 5
ALL = PROCESSES * CONNECTIONS
SIRET = "73282932000074"


def register(**changes: str) -> Counter:
    """Let every process and thread register; tell how many answers of each kind came."""
    token = ApiTokenFactory()
    body = {
        "name": "Acme Corp",
        "firstName": "Jean",
        "email": "jean@acme.example",
        "phone": "+33612345678",
        "maxResidentUsers": 1,
        "siteId": SiteFactory().id,
    }
    task = {
        "method": "POST",
        "path": "/api/register",
        "headers": token.header,
        "body": json.dumps(body | changes),
        "patient": True,  # who waits longer than three seconds for a lock is told to come back
    }
    codes, answers = calls(task, processes=PROCESSES, connections=CONNECTIONS)
    assert codes == [0] * PROCESSES
    last = [answer for answer in answers if answer["status"] != 503]
    found = [json.loads(base64.b64decode(answer["body"])) for answer in last]
    return Counter(answer.get("status", answer["message"]) for answer in found)


def test_one_address_makes_one_person_and_one_company():
    assert register() == {"CREATED": 1, "USER_EXISTS": ALL - 1}

    assert Organization.objects.count() == 1
    assert User.objects.filter(email="jean@acme.example").count() == 1
    assert EmailVerification.objects.count() == 1


def test_one_company_number_makes_one_company_and_the_others_wait():
    answers = register(email="{caller}@acme.example", companyNumber=SIRET)

    assert answers == {"CREATED": 1, "UPDATED": ALL - 1}
    assert Organization.objects.count() == 1
    assert JoinRequest.objects.filter(status="waiting").count() == ALL - 1


def test_siret_and_vat_number_of_one_company_make_one_company():
    answers = register(
        email="{caller}@acme.example", companyNumber="732829320", vatNumber="FR44732829320"
    )

    assert answers == {"CREATED": 1, "UPDATED": ALL - 1}
    assert Organization.objects.count() == 1
