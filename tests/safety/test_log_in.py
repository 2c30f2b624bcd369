"""What guessing at the log-in costs and tells. Source: safety, S-21, S-24 and S-28."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organizations.hashers import PortalArgon2PasswordHasher
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db

LOG_IN, RESET = "/accounts/login/", "/accounts/password/reset/"
PASSWORD = "correct horse battery"
PROXY_SAW, OTHER = "203.0.113.5", "203.0.113.6"
MIB = 1024


@pytest.fixture
def hashed(monkeypatch) -> list[str]:
    """Every password that was put through the hash function."""
    made: list[str] = []
    encode = MD5PasswordHasher.encode

    def noted(self, password, salt):
        made.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", noted)
    return made


def sent(address: str, form: dict[str, str], hashed: list[str]) -> tuple[int, int, int]:
    """Return status, queries and hashes of a form."""
    client = Client()
    client.get(address)
    hashed.clear()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        status = client.post(address, form).status_code
    return status, len(queries), len(hashed)


def test_known_and_unknown_address_do_the_same_work_at_the_log_in(hashed: list[str]) -> None:
    known = UserFactory(password=PASSWORD).email
    sent(LOG_IN, {"login": "first@company.example", "password": "wrong"}, hashed)  # what is kept
    costs = [
        sent(LOG_IN, {"login": email, "password": "wrong"}, hashed)
        for email in (known, "unknown@company.example")
    ]

    assert costs[0] == costs[1]
    assert costs[0][::2] == (200, 1)


def test_known_and_unknown_address_do_the_same_work_for_a_new_password(hashed: list[str]) -> None:
    """Not even a look for the address: that comes with the mail, in the background."""
    known = UserFactory(password=PASSWORD).email
    archived = UserFactory(password=PASSWORD, archived=True).email

    costs = {
        sent(RESET, {"email": email}, hashed)
        for email in (known, archived, "unknown@company.example")
    }

    ((status, _queries, hashes),) = costs
    assert (status, hashes, mail.outbox) == (302, 0, [])


def test_the_page_for_a_new_password_never_reads_people() -> None:
    known = UserFactory(password=PASSWORD).email

    with CaptureQueriesContext(connection) as queries:
        Client().post(RESET, {"email": known})

    assert [row["sql"] for row in queries if "organizations_user" in row["sql"]] == []


@pytest.mark.parametrize(
    "password", ["x" * 129, "x" * 1024 * 1024, "with\x00nul", "\ud800".encode("utf-8", "replace")]
)
def test_strange_password_is_a_wrong_one_and_hashed_once_at_most(
    hashed: list[str], password
) -> None:
    known = UserFactory(password=PASSWORD).email

    status, _queries, hashes = sent(LOG_IN, {"login": known, "password": password}, hashed)

    assert status == 200
    assert hashes <= 1


def test_a_hash_takes_little_memory_and_is_made_once_for_each_thread_at_most() -> None:
    assert PortalArgon2PasswordHasher.memory_cost <= 64 * MIB
    assert PortalArgon2PasswordHasher.parallelism == 1


def guess(forwarded: str, *, login: str, password: str) -> int:
    client = Client(headers={"X-Forwarded-For": forwarded})
    return client.post(LOG_IN, {"login": login, "password": password}).status_code


def test_addresses_that_the_sender_made_up_do_not_begin_a_new_count(settings) -> None:
    """Behind one proxy only what that proxy wrote counts: the last address of the header."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    victim = UserFactory(password=PASSWORD).email
    for number in range(10):
        assert guess(f"192.0.2.{number}, {PROXY_SAW}", login=victim, password="wrong") == 200

    assert guess(f"192.0.2.99, {PROXY_SAW}", login=victim, password=PASSWORD) == 200
    assert guess(f"192.0.2.99, {OTHER}", login=victim, password=PASSWORD) == 302
