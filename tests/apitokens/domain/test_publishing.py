"""Events get their place in the feed after their commits, so that no reader misses a late one."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from apitokens.domain import change_feed, event_visibility, events, publishing
from apitokens.models import Event, EventType, WebhookDelivery
from organizations.domain import archiving
from organizations.models import Organization, User
from tests.factories.apitokens import EventFactory, WebhookDeliveryFactory, WebhookEndpointFactory
from tests.factories.organizations import OrganizationFactory, UserFactory

NOW = dt.datetime(2025, 11, 3, 9, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)

DOCUMENTED = {
    "meeting": "requested confirmed changed cancelled expired checked_in no_show",
    "organization": "registered activated archived",
    "user": "verified joined archived",
    "contract": "changed renewed ending",
    "room": "changed",
    "site": "changed",
    "access_card": "activated",
    "intention": "created updated deleted",
    "allocation": "created updated deleted",
    "team_settings": "created updated deleted",
}


@pytest.fixture
def _nothing_by_itself(monkeypatch):
    """Nothing is published after the commits but what the test publishes."""
    monkeypatch.setattr("config.background.after_commit", lambda *_args: None)


def record(object_id, *, at=NOW):
    return events.record(type="room.changed", kind="room", object_id=object_id, now=at)


def seen(cursor, *, owner):
    stretch = change_feed.read(owner=owner, cursor=cursor, limit=100, now=NOW)
    return [event.object_id for event in stretch.events], stretch.next_cursor


def test_types_are_the_documented_ones():
    assert EventType.values == [
        f"{kind}.{word}" for kind, words in DOCUMENTED.items() for word in words.split()
    ]


@pytest.mark.django_db
def test_another_type_is_refused_by_the_code_and_by_the_database():
    with pytest.raises(ValueError, match=r"meeting\.moved"):
        events.record(type="meeting.moved", kind="meeting", object_id="5f", now=NOW)
    with pytest.raises(IntegrityError, match="event_type_is_documented"):
        EventFactory(type="meeting.moved")


@pytest.mark.contention
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_nothing_by_itself")
def test_a_reader_misses_nothing_that_commits_late():
    """The first transaction writes first and commits last, after a reader has moved on."""
    owner = UserFactory(developer=True)
    has_written, may_commit = threading.Event(), threading.Event()

    def write_slowly():
        try:
            with transaction.atomic():
                record("late", at=NOW)
                has_written.set()
                assert may_commit.wait(10)
        finally:
            connection.close()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    assert has_written.wait(10)
    record("soon", at=NOW + SECOND)

    first, cursor = seen("", owner=owner)
    may_commit.set()
    slow.join(10)
    second, cursor = seen(cursor, owner=owner)
    third, _ = seen(cursor, owner=owner)

    assert (first, second, third) == (["soon"], ["late"], [])
    assert Event.objects.get(object_id="late").at < Event.objects.get(object_id="soon").at


@pytest.mark.contention
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_nothing_by_itself")
def test_many_publishers_and_writers_and_a_reader_lose_and_repeat_nothing():
    owner = UserFactory(developer=True)
    WebhookEndpointFactory()
    written, stop = 60, threading.Event()

    def write(number):
        try:
            with transaction.atomic():
                record(f"{number:03}")
                if number % 3 == 0:
                    stop.wait(0.02)  # some take their time to commit
        finally:
            connection.close()

    def publish():
        try:
            while not stop.is_set():
                publishing.publish(now=NOW)
        finally:
            connection.close()

    read, cursor = [], ""
    with ThreadPoolExecutor(8) as pool:
        publishers = [pool.submit(publish) for _ in range(3)]
        writers = [pool.submit(write, number) for number in range(written)]
        while not all(writer.done() for writer in writers):
            found, cursor = seen(cursor, owner=owner)
            read += found
        stop.set()
        for task in (*publishers, *writers):
            task.result(timeout=10)
    found, _ = seen(cursor, owner=owner)
    read += found

    assert sorted(read) == [f"{number:03}" for number in range(written)]
    assert WebhookDelivery.objects.count() == written


@pytest.mark.django_db
def test_positions_go_on_after_everything_was_forgotten():
    EventFactory(at=NOW - dt.timedelta(days=40))
    publishing.publish(now=NOW)
    (before,) = Event.objects.values_list("position", flat=True)

    publishing.forget_old(now=NOW)
    EventFactory(at=NOW)
    publishing.publish(now=NOW)

    assert Event.objects.get().position > before


@pytest.mark.django_db
def test_more_than_a_batch_is_published_in_the_order_of_time(monkeypatch):
    monkeypatch.setattr(publishing, "BATCH", 2)
    made = [EventFactory(at=NOW - number * SECOND) for number in range(5)]

    assert publishing.publish(now=NOW) == 5
    assert publishing.publish(now=NOW) == 0
    in_order = Event.objects.order_by("position").values_list("pk", flat=True)
    assert list(in_order) == [event.pk for event in reversed(made)]


@pytest.mark.django_db
def test_what_is_older_than_31_days_is_forgotten():
    limit = NOW - dt.timedelta(days=31)
    old, kept = EventFactory(at=limit - SECOND), EventFactory(at=limit)
    WebhookDeliveryFactory(event=old, created_at=limit - SECOND)
    WebhookDeliveryFactory(event=None, created_at=limit - SECOND)
    test = WebhookDeliveryFactory(event=None, created_at=limit)

    publishing.forget_old(now=NOW)

    assert list(Event.objects.all()) == [kept]
    assert list(WebhookDelivery.objects.all()) == [test]


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["action", "form", "raw"])
def test_archiving_is_an_event_whatever_writes_it(how):
    company = OrganizationFactory()
    person = UserFactory(organization=company)
    for model, record in ((Organization, company), (User, person)):
        if how == "action":
            archiving.archive(model.objects.filter(pk=record.pk))
        elif how == "form":
            record.is_archived = True
            record.save()
        else:
            model.objects.filter(pk=record.pk).update(is_archived=True)

    found = Event.objects.order_by("type").values_list(
        "type", "object_kind", "object_id", "organization_id"
    )
    assert list(found) == [
        ("organization.archived", "organization", company.pk, company.pk),
        ("user.archived", "user", person.pk, company.pk),
    ]


@pytest.mark.django_db
def test_bringing_back_and_other_changes_are_no_archiving():
    company = OrganizationFactory(archived=True)

    archiving.archive(Organization.objects.all())
    archiving.unarchive(Organization.objects.all())
    company.refresh_from_db()
    company.name = "Renamed"
    company.save()

    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("batch", [1, 2, 500])
def test_an_event_that_cannot_be_published_holds_up_no_other(monkeypatch, batch):
    """It stays unpublished, is tried again by the next run, and gets a later place then."""
    monkeypatch.setattr(publishing, "BATCH", batch)
    owner = UserFactory(developer=True)
    WebhookEndpointFactory(owner=owner)
    for number, name in enumerate(["first", "poisoned", "last"]):
        record(name, at=NOW + number * SECOND)
    sees = event_visibility.sees

    def broken(user, event):
        if event.object_id == "poisoned":
            raise ArithmeticError("broken data")
        return sees(user, event)

    monkeypatch.setattr(event_visibility, "sees", broken)

    assert publishing.publish(now=NOW) == 2
    assert WebhookDelivery.objects.count() == 2
    assert Event.objects.get(position=None).object_id == "poisoned"
    monkeypatch.setattr(event_visibility, "sees", sees)
    assert publishing.publish(now=NOW) == 1
    assert list(Event.objects.order_by("position").values_list("object_id", flat=True)) == [
        "first",
        "last",
        "poisoned",
    ]
    assert WebhookDelivery.objects.count() == 3
