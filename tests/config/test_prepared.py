"""Statements that are planned once a connection. Source: stack, "Connection settings"."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from config import prepared
from sites_app.models import Site
from tests.factories.sites_app import SiteFactory

pytestmark = pytest.mark.django_db

INSTANT = dt.datetime(2030, 3, 31, 1, 30, 0, 123456, tzinfo=dt.UTC)
RENAME = 'UPDATE "sites_app_site" SET "name" = %s, "city" = %s WHERE "id" = %s'
WHOSE = "SELECT pg_backend_pid()"
PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE statement = %s"


def unwatched(action: Callable[[], Any]) -> Any:
    return action()


def watched(action: Callable[[], Any]) -> Any:
    """Run it as while somebody counts queries: on Django's own cursor."""
    with CaptureQueriesContext(connection):
        return action()


@pytest.mark.parametrize("run", [unwatched, watched])
@pytest.mark.parametrize("instant", [INSTANT, INSTANT.replace(microsecond=0), None])
def test_instants_are_read_in_utc(run: Callable[..., Any], instant: dt.datetime | None) -> None:
    row = run(lambda: prepared.first_row("SELECT %(at)s::timestamptz", {"at": instant}))

    assert row == (instant,)
    assert row[0] is None or row[0].tzinfo is dt.UTC


def test_an_instant_given_in_another_zone_is_the_same_instant() -> None:
    paris = INSTANT.astimezone(dt.timezone(dt.timedelta(hours=2)))

    row = prepared.first_row("SELECT %(at)s::timestamptz", {"at": paris})

    assert row == (INSTANT,)
    assert row[0].tzinfo is dt.UTC


@pytest.mark.parametrize("run", [unwatched, watched])
def test_values_are_written_as_they_are(run: Callable[..., Any]) -> None:
    site, other = SiteFactory(), SiteFactory()

    run(lambda: prepared.write(RENAME, ["100 %s of $1", "%(city)s", site.pk]))

    assert Site.objects.values_list("name", "city").get(pk=site.pk) == ("100 %s of $1", "%(city)s")
    assert Site.objects.values_list("name").get(pk=other.pk) == (other.name,)


def end_connection() -> int:
    """Let the server end the connection that this process keeps; return whose it was."""
    (pid,) = prepared.rows(WHOSE, ())[0]
    facts = connection.get_connection_params()
    names = {name: facts[name] for name in ("dbname", "user", "host") if name in facts}
    with psycopg.connect(**names) as another:
        another.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    return int(pid)


@pytest.mark.django_db(transaction=True)
def test_a_dead_connection_is_replaced_once() -> None:
    ended = end_connection()

    row = prepared.first_row(WHOSE, ())

    assert row is not None
    assert row[0] != ended


@pytest.mark.django_db(transaction=True)
def test_a_dead_connection_ends_its_transaction() -> None:
    def read_twice() -> None:
        with transaction.atomic():
            end_connection()
            prepared.rows(WHOSE, ())

    with pytest.raises(OperationalError):
        read_twice()
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_what_takes_too_long_is_not_asked_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 50")
        cursor.execute("CREATE SEQUENCE asked")
    slow = "SELECT nextval('asked'), pg_sleep(10)"

    with pytest.raises(OperationalError):
        prepared.rows(slow, ())

    (again,) = prepared.rows("SELECT nextval('asked')", ())[0]
    with connection.cursor() as cursor:
        cursor.execute("DROP SEQUENCE asked")
    connection.close()
    assert again == 2


def test_a_statement_is_prepared_unless_somebody_watches() -> None:
    read, watched = "SELECT 1 AS read", "SELECT 1 AS watched"

    prepared.rows(read, ())
    with CaptureQueriesContext(connection) as queries:
        prepared.rows(watched, ())

    assert len(queries) == 1
    assert [prepared.first_row(PREPARED, [text]) for text in (read, watched)] == [(1,), (0,)]


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_wrote_first_is_undone_with_it() -> None:
    site = SiteFactory()

    with transaction.atomic():
        prepared.write(RENAME, ["Another", "Another", site.pk])
        transaction.set_rollback(True)

    assert Site.objects.values_list("name").get(pk=site.pk) == (site.name,)


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_cannot_be_prepared_spoils_no_other() -> None:
    with pytest.raises(ProgrammingError, match="no_such_table"):
        prepared.rows("SELECT FROM no_such_table", ())

    assert prepared.first_row("SELECT %(number)s::int", {"number": 7}) == (7,)


def test_a_value_that_stands_twice_is_sent_once() -> None:
    row = prepared.first_row("SELECT %(a)s::int + %(b)s::int * %(a)s::int", {"b": 3, "a": 2})

    assert row == (8,)


def test_nothing_found_is_no_row() -> None:
    assert prepared.first_row("SELECT 1 WHERE false", ()) is None


def test_a_statement_for_its_values_is_not_kept_with_a_plan_for_any() -> None:
    asked = "SELECT current_query(), %(number)s::int"

    [(told, number)] = prepared.rows_for_values(asked, {"number": 5})

    assert number == 5
    assert prepared.first_row(PREPARED, [told]) == (0,)
    assert prepared.rows(asked, {"number": 6}) == [(told, 6)]
    assert prepared.first_row(PREPARED, [told]) == (1,)
