"""Somebody uses two mailed links at once: neither waits for the other for ever."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from organizations.domain import invitations, verifications
from organizations.domain.invitations import Answer
from organizations.domain.verifications import DeadLink
from organizations.models import Role, User
from tests.contention.lock_waits import until_waited_for
from tests.factories.organizations import UserFactory

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]

NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _mail_waits(monkeypatch):
    monkeypatch.setattr("config.background.after_commit", lambda *_args: None)
    monkeypatch.setattr("config.background.after_commit_together", lambda *_args: None)


def used(verification_id):
    try:
        with transaction.atomic():
            return verifications.use(verification_id, password=PASSWORD, now=NOW)
    except Exception as refusal:  # noqa: BLE001 - whatever it is, the test is to show it
        return refusal
    finally:
        connection.close()


def test_an_invitation_is_accepted_while_the_address_is_proven():
    boss = UserFactory(role=Role.PRINCIPAL_ADMIN)
    person = UserFactory(new=True, organization=None)
    with transaction.atomic():
        invitation = invitations.invite(
            person.email, role=Role.USER, language="en", by=boss, now=NOW
        )
        proof = verifications.begin(person, now=NOW)

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=person.pk)
            answer = other.submit(used, proof.pk)
            until_waited_for(answer)
            invitations.accept(invitation.pk, Answer(password=PASSWORD), now=NOW)
        assert isinstance(answer.result(), DeadLink)

    person.refresh_from_db()
    assert person.organization == boss.organization
