"""A register that fails is left alone, and never asked by too many at once; all processes know."""

import datetime as dt
import time

import psycopg
import pytest
from django.db import connection

from organizations.domain import register_breakers as breakers
from organizations.models import Register, RegisterState

NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def fail(times: int, *, register: Register = Register.VIES, now: dt.datetime = NOW) -> None:
    for _ in range(times):
        breakers.note_failure(register, reason="HTTP 500", now=now)


@pytest.mark.django_db
@pytest.mark.parametrize(("failures", "lets_through"), [(0, True), (4, True), (5, False)])
def test_opens_after_five_failures_in_a_row(failures, lets_through):
    fail(failures)

    assert breakers.lets_through(Register.VIES, now=NOW) is lets_through
    assert breakers.lets_through(Register.KBO, now=NOW)


@pytest.mark.django_db
def test_an_answer_begins_the_row_anew():
    fail(4)
    breakers.note_answer(Register.VIES)
    fail(4)

    assert breakers.lets_through(Register.VIES, now=NOW)


@pytest.mark.django_db
def test_half_open_after_a_minute_for_one_probe():
    fail(5)

    assert not breakers.lets_through(Register.VIES, now=NOW + 59 * SECOND)
    assert breakers.lets_through(Register.VIES, now=NOW + 60 * SECOND)
    assert not breakers.lets_through(Register.VIES, now=NOW + 61 * SECOND)
    assert breakers.lets_through(Register.VIES, now=NOW + 120 * SECOND)


@pytest.mark.django_db
def test_probe_that_fails_opens_again():
    fail(5)
    later = NOW + 60 * SECOND
    breakers.lets_through(Register.VIES, now=later)
    fail(1, now=later)

    assert not breakers.lets_through(Register.VIES, now=later + 59 * SECOND)
    assert breakers.lets_through(Register.VIES, now=later + 60 * SECOND)


@pytest.mark.django_db
def test_probe_that_is_answered_closes():
    fail(5)
    breakers.lets_through(Register.VIES, now=NOW + 60 * SECOND)
    breakers.note_answer(Register.VIES)

    assert breakers.lets_through(Register.VIES, now=NOW + 61 * SECOND)
    state = RegisterState.objects.get(register=Register.VIES)
    assert (state.failures, state.rests_until, state.last_failure) == (0, None, "HTTP 500")
    assert state.last_failure_at == NOW


@pytest.fixture
def elsewhere():
    """Another process's session with the same database."""
    settings = connection.get_connection_params()
    wanted = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(
        **{name: settings[name] for name in wanted if name in settings}, autocommit=True
    ) as session:
        yield session


def take(session: psycopg.Connection, *, register: Register, most: int) -> bool:
    facts = {"most": most, "key": breakers._lock_key(register)}
    return session.execute(breakers._TAKE_SLOT, facts).fetchone() is not None


@pytest.mark.django_db(transaction=True)
def test_places_for_calls_are_few_for_all_processes_together(settings, elsewhere):
    settings.COMPANY_REGISTER_CALLS_AT_ONCE = 2
    with (
        breakers.one_of_few_calls(Register.VIES) as first,
        psycopg.connect(elsewhere.info.dsn, password=elsewhere.info.password) as third,
    ):
        assert take(elsewhere, register=Register.VIES, most=2)
        assert not take(third, register=Register.VIES, most=2)
        assert take(third, register=Register.KBO, most=2)

    assert first
    with breakers.one_of_few_calls(Register.VIES) as again:
        assert again


@pytest.mark.django_db(transaction=True)
def test_no_place_left(settings, elsewhere):
    settings.COMPANY_REGISTER_CALLS_AT_ONCE = 1
    assert take(elsewhere, register=Register.VIES, most=1)

    with breakers.one_of_few_calls(Register.VIES) as has_place:
        assert not has_place
    elsewhere.close()  # a process that dies gives its places back

    for _ in range(50):
        with breakers.one_of_few_calls(Register.VIES) as has_place:
            if has_place:
                return
        time.sleep(0.02)
    pytest.fail("the place of a session that ended is still taken")
