"""A lost second factor: who may take it away, what ends with it, and who is told."""

import datetime as dt
from importlib import import_module

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.management import CommandError, call_command

from config import clock
from organizations.domain import mail_messages, second_factor_resets, second_factors
from organizations.domain.second_factor_resets import (
    NoSecondFactor,
    NotStaff,
    OwnSecondFactor,
    PersonNotFound,
    SecondFactorOfStaff,
)
from organizations.models import ApiRole, OutgoingEmail, User
from tests.factories.organizations import UserFactory
from tests.factories.staff import staff_member

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def protected(**values: object) -> User:
    """Make somebody with an authenticator app and recovery codes."""
    person = UserFactory(password="correct horse battery", **values)
    second_factors.ensure(person)
    RecoveryCodes.activate(person)
    return person


def sessions_of(person: User) -> int:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    return sum(store().exists(one.session_key) for one in UserSession.objects.filter(user=person))


def log_in(person: User) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["_auth_user_id"] = person.pk
    store.create()
    UserSession.objects.create(user=person, ip="192.0.2.1", session_key=store.session_key)


def told() -> list[tuple[str, str]]:
    rows = OutgoingEmail.objects.filter(template="second_factor_reset")
    return sorted(rows.values_list("to_address", "language"))


def test_everything_of_the_second_factor_ends_and_every_device_is_logged_out() -> None:
    person, other = protected(language="fr"), protected()
    for one in (person, person, other):
        log_in(one)

    second_factor_resets.reset(person.pk, by=staff_member(), now=NOW)

    assert not Authenticator.objects.filter(user=person).exists()
    assert Authenticator.objects.filter(user=other).count() == 2
    assert (sessions_of(person), sessions_of(other)) == (0, 1)
    assert told() == [(person.email, "fr")]
    kept = User.objects.get(pk=person.pk)
    assert kept.second_factor_reset_at == NOW
    assert kept.password == person.password


def test_the_mail_says_what_to_do_if_it_was_somebody_else() -> None:
    person = protected()

    second_factor_resets.reset(person.pk, by=staff_member(), now=NOW)

    text = mail_messages.write(OutgoingEmail.objects.get(to_address=person.email)).body
    assert "second factor of your account" in text
    assert "/accounts/password/reset/key/" in text


def test_an_address_that_was_changed_lately_is_told_too() -> None:
    """Whoever changes the address first does not keep the news from its owner."""
    with time_machine.travel(NOW - 40 * DAY, tick=False):
        person = protected(email="first@acme.example")
    for days, email in ((35, "second@acme.example"), (1, "third@acme.example")):
        with time_machine.travel(NOW - days * DAY, tick=False):
            User.objects.filter(pk=person.pk).update(email=email)
            _backdate(person, email, NOW - days * DAY)
    _backdate(person, "first@acme.example", NOW - 40 * DAY)

    second_factor_resets.reset(person.pk, by=staff_member(), now=NOW)

    assert [address for address, _language in told()] == [
        "second@acme.example",
        "third@acme.example",
    ]


def _backdate(person: User, email: str, at: dt.datetime) -> None:
    """Move a version in the history, whose clock is the database's."""
    versions = User.pgh_event_model.objects.filter(pgh_obj_id=person.pk, email=email)
    versions.update(pgh_created_at=at)


def test_a_former_address_gets_no_link() -> None:
    person = protected(email="first@acme.example")
    User.objects.filter(pk=person.pk).update(email="second@acme.example")

    second_factor_resets.reset(person.pk, by=staff_member(), now=clock.now())

    mail = OutgoingEmail.objects.get(to_address="first@acme.example")
    assert "/accounts/password/reset/key/" not in mail_messages.write(mail).body


@pytest.mark.parametrize(
    "values",
    [
        {"app_admin": True},
        {"app_admin": True, "is_archived": True},
    ],
)
def test_nobody_takes_away_that_of_somebody_who_runs_the_portal(values: dict) -> None:
    colleague = protected(**values)

    with pytest.raises(SecondFactorOfStaff):
        second_factor_resets.reset(colleague.pk, by=staff_member(), now=NOW)

    assert Authenticator.objects.filter(user=colleague).count() == 2
    assert told() == []


def test_taking_the_role_first_opens_no_way_round() -> None:
    colleague = protected(app_admin=True)
    User.objects.filter(pk=colleague.pk).update(api_role=ApiRole.NONE)

    with pytest.raises(SecondFactorOfStaff):
        second_factor_resets.reset(colleague.pk, by=staff_member(), now=NOW)


@pytest.mark.parametrize("role", [ApiRole.NONE, ApiRole.DEVELOPER])
def test_only_staff_do_it(role: str) -> None:
    person = protected()

    with pytest.raises(NotStaff):
        second_factor_resets.reset(person.pk, by=UserFactory(api_role=role), now=NOW)


def test_archived_staff_do_not() -> None:
    person = protected()

    with pytest.raises(NotStaff):
        second_factor_resets.reset(
            person.pk, by=UserFactory(app_admin=True, archived=True), now=NOW
        )


def test_nobody_takes_away_their_own() -> None:
    staff = staff_member()

    with pytest.raises(OwnSecondFactor):
        second_factor_resets.reset(staff.pk, by=staff, now=NOW)


def test_there_must_be_somebody_with_a_second_factor() -> None:
    with pytest.raises(NoSecondFactor):
        second_factor_resets.reset(UserFactory().pk, by=staff_member(), now=NOW)
    with pytest.raises(PersonNotFound):
        second_factor_resets.reset("0" * 24, by=staff_member(), now=NOW)


def test_the_command_line_resets_that_of_staff_as_well(capsys: pytest.CaptureFixture) -> None:
    staff = staff_member()

    call_command("reset_second_factor", f" {staff.email.upper()} ")

    assert not Authenticator.objects.filter(user=staff).exists()
    assert told() == [(staff.email, "en")]
    assert "asks for a new one" in capsys.readouterr().out


def test_the_command_line_names_what_is_wrong() -> None:
    with pytest.raises(CommandError, match="Person not found"):
        call_command("reset_second_factor", "nobody@acme.example")
    with pytest.raises(CommandError, match="no second factor"):
        call_command("reset_second_factor", UserFactory().email)
