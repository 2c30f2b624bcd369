"""What is kept of a person leaves nothing out, tells no secret, and is that person's alone."""

import datetime as dt
import json

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.personal import gathering
from booking.models import Meeting
from organizations.models import User
from tests.backoffice import world
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import UserFactory
from tests.factories.staff import BACKEND

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)

ELSEWHERE = {
    ("admin.LogEntry", "user"): "of staff's work, not of the person",
    ("account.EmailAddress", "user"): "the same address as the person's",
    ("account.EmailAddress", "email"): "the same address as the person's",
    ("account.EmailConfirmation", "email_address"): "never written: the portal proves addresses",
    ("apitokens.ApiCall", "user"): "stands under API Developer Settings, and ages out in weeks",
    ("booking.CalendarLink", "made_by"): "of what somebody did for a company",
    ("organizations.Departure", "decided_by"): "about somebody else",
    ("organizations.EmailVerification", "email"): "of the person in `user`",
    ("organizations.Invitation", "invited_by"): "about somebody else",
    ("organizations.JoinRequest", "decided_by"): "about somebody else",
    ("organizations.Organization", "email"): "the company's",
    ("organizations.User", "email"): "the person's own row",
    ("organizations.User", "email_verified_at"): "a moment",
    ("sites_app.Site", "email"): "the operator's",
    ("workplace.Intention", "created_by"): "about somebody else, unless the person's own",
    ("workplace.Intention", "invited_by"): "about somebody else",
}
"""Columns by which no row is gathered, and why."""


def test_every_column_that_names_a_person_is_gathered_or_has_a_reason() -> None:
    found = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        if not hasattr(model, "pgh_id")
        for field in model._meta.concrete_fields
        if field.related_model is User or "email" in field.name or field.name == "to_address"
    }
    gathered = {
        (part.model._meta.label, name)
        for part in gathering.PARTS
        for name in (part.own, part.addressed)
    }

    assert found - gathered - set(ELSEWHERE) == set()


def test_one_of_everything_is_gathered_and_no_secret() -> None:
    world.populate()
    person = User.objects.get(pk=Meeting.objects.get(series__isnull=False).organizer_id)

    facts = gathering.gather(person, now=NOW)

    assert [row["email"] for row in facts["person"]] == [person.email]
    for name in ("meetings", "accessCards", "mails", "addressProofs", "webhooks", "teams"):
        assert len(facts[name]) == 1, name
    for name in ("intentions", "presence", "forecasts", "seats", "usualSites", "calendarLinks"):
        assert len(facts[name]) == 1, name
    columns = {column for rows in facts.values() if rows != NOW for row in rows for column in row}
    assert {c for c in columns if "hash" in c or "secret" in c or "password" in c} <= {
        "former_secret_until",
        "second_factor_reset_at",
    }
    assert "session_key" not in columns


def test_others_are_not_in_it_and_the_questions_are_as_many() -> None:
    person, other = UserFactory(), UserFactory()
    MeetingFactory(organizer=person, contact_email=person.email, name="Mine")
    MeetingFactory(organizer=other, contact_email=other.email, name="Theirs")

    with CaptureQueriesContext(connection) as captured:
        facts = gathering.gather(person, now=NOW)

    assert [row["name"] for row in facts["meetings"]] == ["Mine"]
    assert len(captured) == len(gathering.PARTS)


def test_what_was_booked_without_log_in_is_found_by_the_address() -> None:
    person = UserFactory()
    MeetingFactory(organizer=None, contact_email=person.email, name="Before I had an account")

    facts = gathering.gather(person, now=NOW)

    assert [row["name"] for row in facts["meetings"]] == ["Before I had an account"]


def test_the_file_is_json_to_keep(client: Client) -> None:
    person = UserFactory(first_name="Zoé")
    client.force_login(person, backend=BACKEND)

    answer = client.get("/account/data/my-data.json")

    assert json.loads(answer.content)["person"][0]["first_name"] == "Zoé"
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]


def test_every_part_names_columns_that_its_model_has() -> None:
    for part in gathering.PARTS:
        model: type[Model] = part.model
        names = {field.name for field in model._meta.concrete_fields} | {"pk", ""}
        assert {part.own, part.addressed, *part.kept_back} <= names, part.name
