"""What staff read above a column or beside a field is in their language."""

from django.apps import apps
from django.contrib import admin
from django.utils.functional import Promise

OURS = ("organizations", "apitokens", "sites_app", "booking", "contracts", "workplace")


def test_every_field_that_staff_may_see_has_a_name_that_is_translated() -> None:
    """Django makes one up from the Python name where none is given, which stays English."""
    models = [model for model in apps.get_models() if model._meta.app_label in OURS]
    seen = [model for model in models if admin.site.is_registered(model)]

    unnamed = [
        f"{model._meta.label}.{field.name}"
        for model in seen
        for field in [*model._meta.fields, *model._meta.many_to_many]
        if field.editable and not field.primary_key and not isinstance(field.verbose_name, Promise)
    ]

    assert len(seen) > 20
    assert unnamed == []
