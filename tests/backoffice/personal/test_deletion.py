"""Somebody asks for the deletion of their data: staff and the person are told, once."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import translation

from organizations.models import OutgoingEmail, User
from tests.factories.organizations import UserFactory
from tests.factories.staff import BACKEND

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)
DATA, DELETE = "/account/data/", "/account/data/delete/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller, translation.override("en"):
        yield traveller


@pytest.fixture
def person() -> User:
    return UserFactory(language="fr")


@pytest.fixture
def mine(person: User) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def mails() -> set[tuple[str, str, str]]:
    found = OutgoingEmail.objects.all()
    return {(mail.template, mail.to_address, mail.language) for mail in found}


def test_staff_and_the_person_are_told_and_nothing_is_deleted(mine: Client, person: User) -> None:
    page = mine.post(DELETE, follow=True).content.decode()

    assert mails() == {
        ("staff_deletion_asked", settings.SUPPORT_EMAIL, "en"),
        ("deletion_asked", person.email, "fr"),
    }
    assert "You asked for it on 7 January 2030." in page
    assert User.objects.filter(pk=person.pk, is_archived=False).exists()


def test_asked_again_within_a_month_the_first_request_stands(mine: Client) -> None:
    mine.post(DELETE)
    mine.post(DELETE)

    assert OutgoingEmail.objects.count() == 2


def test_after_a_month_one_may_ask_again(mine: Client, person: User, clock) -> None:
    mine.post(DELETE)
    clock.move_to(NOW + dt.timedelta(days=30))
    mine.force_login(person, backend=BACKEND)

    page = mine.get(DATA).content.decode()
    mine.post(DELETE)

    assert "Ask for the deletion of my data" in page
    assert OutgoingEmail.objects.count() == 4


def test_somebody_elses_request_is_not_mine(mine: Client) -> None:
    other = Client()
    other.force_login(UserFactory(), backend=BACKEND)
    other.post(DELETE)

    assert "Ask for the deletion of my data" in mine.get(DATA).content.decode()
