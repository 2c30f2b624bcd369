"""Rows of several tables written by one statement. Source: stack, "create a booking"."""

import datetime as dt
from contextlib import nullcontext
from typing import Any

import pghistory
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apitokens.models import Event, EventType
from config import written_rows
from config.ids import new_id
from contracts.models import Rate
from organizations.models import OutgoingEmail

NOW = dt.datetime(2030, 1, 7, 12, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


def event(**fields: object) -> Event:
    return Event(
        type=EventType.MEETING_CONFIRMED,
        object_kind="meeting",
        object_id=new_id(),
        at=NOW,
        **fields,
    )


def mail() -> OutgoingEmail:
    return OutgoingEmail(
        template="hold_released",
        to_address="jo@acme.example",
        language="fr",
        context={"name": "Réunion", "many": [1, None]},
        calendar=b"\x00BEGIN",
        next_attempt_at=NOW,
        created_at=NOW,
    )


def test_rows_are_as_the_orm_would_have_written_them() -> None:
    rows = event(people=["a", "b"], data={"at": "12:00"}), mail()

    written_rows.insert(*rows)

    for row in rows:
        assert not row._state.adding
        read = type(row).objects.get(pk=row.pk)
        assert {f.attname: getattr(read, f.attname) for f in row._meta.concrete_fields} == {
            f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields
        }


def test_what_is_inserted_in_a_block_is_one_statement_at_its_end() -> None:
    with CaptureQueriesContext(connection) as queries, written_rows.together():
        written_rows.insert(event())
        written_rows.insert(mail(), event())
        assert len(queries) == 0

    assert len(queries) == 1
    assert (Event.objects.count(), OutgoingEmail.objects.count()) == (2, 1)


def test_nothing_is_written_after_an_error_and_the_next_insert_is_at_once_again() -> None:
    def fail_halfway() -> None:
        with written_rows.together():
            written_rows.insert(event())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()

    written_rows.insert(mail())
    assert (Event.objects.count(), OutgoingEmail.objects.count()) == (0, 1)


def test_an_empty_block_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as queries, written_rows.together():
        pass
    assert len(queries) == 0


def test_one_broken_row_keeps_all_out_and_names_its_constraint() -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic(), written_rows.together():
        written_rows.insert(event(), mail(), Rate(key="mail", name="Mail", vat_type="special"))

    assert refused.value.__cause__.diag.constraint_name == "rate_special_vat_has_a_rate"
    assert (Event.objects.count(), OutgoingEmail.objects.count()) == (0, 0)


@pytest.mark.parametrize("is_watched", [True, False])
def test_the_history_learns_who_wrote(is_watched: bool) -> None:
    rate = Rate(key="mail", name="Mail")
    watched = CaptureQueriesContext(connection) if is_watched else nullcontext()

    with pghistory.context(request_id="r-1", user="u-1"), watched:
        written_rows.insert(rate)

    assert kept(rate).pgh_context.metadata == {"request_id": "r-1", "user": "u-1"}


def test_without_a_writer_the_history_names_none() -> None:
    with pghistory.context(user="u-1"):
        written_rows.insert(event())
    rate = Rate(key="mail", name="Mail")

    written_rows.insert(rate)

    assert kept(rate).pgh_context is None


def kept(rate: Rate) -> Any:
    return Rate.pgh_event_model.objects.get(pgh_obj_id=rate.pk)
