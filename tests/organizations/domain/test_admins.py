"""`create_admin`: a new administrator, a promoted person, and what is refused."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from organizations.domain import admins, passwords, second_factors
from organizations.domain.accounts import InvalidEmail
from organizations.models import User
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC)
PASSWORD = "correct horse battery"


def test_a_new_administrator_is_staff_with_a_second_factor_to_set_up():
    made = admins.make_admin(
        email=" Boss@Portal.example ", password=PASSWORD, first_name="Ada", now=NOW
    )

    person = User.objects.get(email="boss@portal.example")
    assert made.is_new
    assert (person.is_staff, person.is_existing, person.first_name) == (True, True, "Ada")
    assert person.check_password(PASSWORD)
    secret = second_factors.secret_of(person)
    assert made.second_factor.startswith("otpauth://totp/")
    assert f"secret={secret}" in made.second_factor


def test_a_promoted_person_keeps_company_role_name_and_second_factor():
    person = UserFactory(role="admin", first_name="Jean")
    secret = second_factors.ensure(person)

    made = admins.make_admin(email=person.email, password=PASSWORD, now=NOW)

    promoted = User.objects.get(pk=person.pk)
    assert not made.is_new
    assert made.second_factor == ""
    assert (promoted.role, promoted.api_role, promoted.first_name) == ("admin", "app-admin", "Jean")
    assert promoted.organization_id == person.organization_id
    assert second_factors.secret_of(promoted) == secret


def test_a_temporary_person_becomes_a_user():
    person = UserFactory(new=True)
    admins.make_admin(email=person.email, password=PASSWORD, now=NOW)
    promoted = User.objects.get(pk=person.pk)
    assert (promoted.role, promoted.email_verified_at) == ("user", NOW)


def test_weak_passwords_and_addresses_are_refused():
    with pytest.raises(passwords.WeakPassword, match="at least 12 characters"):
        admins.make_admin(email="boss@portal.example", password="elevenchars", now=NOW)
    with pytest.raises(InvalidEmail):
        admins.make_admin(email="boss", password=PASSWORD, now=NOW)
    assert not User.objects.exists()


def test_the_command_reads_the_password_and_prints_the_set_up_line(monkeypatch, capsys):
    monkeypatch.setenv("PASSWORD", PASSWORD)
    call_command("create_admin", "boss@portal.example", "--last-name", "Lovelace")
    said = capsys.readouterr().out
    assert said.startswith("boss@portal.example is a new administrator.\n")
    assert "\notpauth://totp/" in said

    call_command("create_admin", "boss@portal.example")
    assert "is an administrator.\nThe second factor that was set up before stays." in (
        capsys.readouterr().out
    )


def test_the_command_asks_twice(monkeypatch):
    answers = iter([PASSWORD, "another one entirely"])
    monkeypatch.delenv("PASSWORD", raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(answers))
    with pytest.raises(CommandError, match="differ"):
        call_command("create_admin", "boss@portal.example")
    assert not User.objects.exists()
