"""No field of the product's models is forgotten by the bulk file: exported, or left out by name."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from django.apps import apps
from django.db.models import Field, Model

from backoffice.bulk import exporting, files, importing, left_out, workplace_forms
from sites_app.models import RoomImage

OURS = (
    "organizations",
    "apitokens",
    "sites_app",
    "booking",
    "contracts",
    "workplace",
    "backoffice",
)
DATA = Path(__file__).parents[2] / "data"
NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC)


def models() -> list[type[Model]]:
    """List our models but the histories that triggers write."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in OURS and not hasattr(model, "pgh_tracked_model")
    ]


def fields_of(model: type[Model]) -> list[Field]:
    plain = [one for one in model._meta.concrete_fields if one.name != model._meta.pk.name]
    return [*plain, *model._meta.many_to_many]


def exported() -> Iterator[str]:
    """Name every field that a form of the file writes and reads."""
    beside = (workplace_forms.OCCUPANCY, workplace_forms.TEAM_WISHES)
    forms = [(form.model, form.fields, None) for form in (*importing.FORMS, *beside)]
    children = [one for found in files.CHILD_FORMS.values() for one in found]
    forms += [(child.model, child.fields, child.owner) for child in children]
    for model, fields, owner in forms:
        attributes = {one.attribute for one in fields} | {owner}
        for field in fields_of(model):
            if field.name in attributes or field.attname in attributes:
                yield f"{model._meta.label}.{field.name}"


def test_every_field_is_exported_or_left_out_with_its_reason():
    whole = {model._meta.label for model in models()}
    assert set(left_out.MODELS) <= whole
    kept = [model for model in models() if model._meta.label not in left_out.MODELS]
    stored = {f"{model._meta.label}.{one.name}" for model in kept for one in fields_of(model)}
    written = set(exported())

    named = [*left_out.FIELDS, *left_out.ELSEWHERE]
    assert sorted(stored - written - set(named)) == []
    assert sorted(set(named) - stored) == []
    assert sorted(written & set(named)) == []
    assert all(reason.strip() for reason in (*left_out.MODELS.values(), *left_out.FIELDS.values()))


def test_fields_of_a_file_are_those_of_the_forms():
    """A model that is left out has no collection, and a collection's model is not left out."""
    for form in importing.FORMS:
        assert form.model._meta.label not in left_out.MODELS


@pytest.mark.django_db(transaction=True)
def test_what_is_held_in_another_form_really_is(tmp_path):
    importing.load_file(DATA / "operator.json", now=NOW)
    importing.load_file(DATA / "workplace.json", now=NOW)
    RoomImage.objects.update(alt_text="The room")
    file = tmp_path / "all.json"
    exporting.write_file(file, with_secrets=True)
    found = orjson.loads(file.read_bytes())
    places = {
        f"{collection}.{name}" for collection, rows in found.items() for row in rows for name in row
    }
    assert sorted(set(left_out.ELSEWHERE.values()) - places) == []
