"""No secret lies in the database or in a log line. Source: safety, S-02, S-57; public-api, Links in mail."""

import json
import logging

import pytest
from django.db import connection
from django.test import Client

from apitokens.domain import tokens
from config import clock, links
from config.links import Purpose
from organizations.domain import verifications
from organizations.models import EmailVerification
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import UserFactory
from tests.factories.staff import staff_member

pytestmark = pytest.mark.django_db
TEXTS = """
SELECT table_name, column_name FROM information_schema.columns
 WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'jsonb', 'ARRAY')
"""


def columns_holding(secret: str) -> list[str]:
    """Look for a text in every column of every table that can hold one."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(TEXTS)
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE strpos("{column}"::text, %s) > 0',
                [secret],
            )
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return found


def test_token_is_nowhere_once_it_was_shown(caplog: pytest.LogCaptureFixture) -> None:
    issued = tokens.create(
        owner=UserFactory(developer=True), name="Website", now=clock.now(), scopes=["read"]
    )
    first = issued.plain
    second = tokens.regenerate(token=issued.token, now=clock.now()).plain
    with caplog.at_level(logging.DEBUG):
        for plain in (first, second):
            headers = {"Authorization": f"Bearer {plain}"}
            Client().post(
                "/api/check-email",
                json.dumps({"email": "a@b.example"}),
                "application/json",
                headers=headers,
            )
            Client().get(f"/api/sites?token={plain}", headers=headers)

    for plain in (first, second):
        assert columns_holding(plain.removeprefix("ww_dev_")) == []
        assert plain not in caplog.text
    assert columns_holding(tokens.digest(second)) == ["apitokens_apitoken.token_hash"]
    assert columns_holding(tokens.digest(first)) == []


def test_key_of_a_mailed_link_is_in_no_table_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    meeting = MeetingFactory(pending=True)
    confirm = links.key(Purpose.CONFIRM_BOOKING, meeting.id)
    manage = links.key(Purpose.MANAGE_BOOKING, meeting.id)
    with caplog.at_level(logging.DEBUG):
        assert Client().post(f"/booking/confirm/k/{confirm}/").status_code == 302
        assert Client().post(f"/fr/booking/k/{manage}/cancel/").status_code == 302

    assert columns_holding(meeting.id) != []
    for key in (confirm, manage):
        assert columns_holding(key) == []
        assert key not in caplog.text


def test_second_factors_and_passwords_lie_in_no_plain_text() -> None:
    from organizations.domain import second_factors

    person = staff_member()

    assert columns_holding(str(second_factors.secret_of(person))) == []
    assert columns_holding("correct horse battery") == []


def test_link_that_proves_an_address_is_in_no_table_and_no_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Source: safety, S-27; the mail is put into words only when it is sent."""
    person = UserFactory(email_verified_at=None)
    verifications.send(person, company="Acme", now=clock.now())
    link = EmailVerification.objects.get()
    key = links.key(Purpose.VERIFY_EMAIL, link.pk)
    password = {"password1": "a sentence is fine", "password2": "a sentence is fine"}
    with caplog.at_level(logging.DEBUG):
        assert Client().get(f"/register/verify/k/{key}/").status_code == 200
        assert Client().post(f"/fr/register/verify/k/{key}/", password).status_code == 302

    assert columns_holding(key) == columns_holding("a sentence is fine") == []
    assert key not in caplog.text
    assert "a sentence is fine" not in caplog.text
