"""Names that tell places and teams apart in choices: a "Garden" may be on every floor of every site."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms

from workplace.models import Layer, Space, Team, Zone

OF_LAYER = ("site",)
OF_ZONE = ("layer__site",)
OF_SPACE = ("zone", "layer__site")
OF_TEAM = ("organization",)


def layer(one: Layer) -> str:
    return f"{one.name} · {one.site.name}"


def zone(one: Zone) -> str:
    return f"{one.name} · {one.layer.name} · {one.layer.site.name}"


def space(one: Space) -> str:
    where = f"{one.zone.name} · " if one.zone else ""
    return f"{one} · {where}{one.layer.name} · {one.layer.site.name}"


def team(one: Team) -> str:
    return f"{one.name} · {one.organization.name}"


_LABELS: Mapping[type, tuple[Callable[[Any], str], tuple[str, ...]]] = {
    Layer: (layer, OF_LAYER),
    Zone: (zone, OF_ZONE),
    Space: (space, OF_SPACE),
    Team: (team, OF_TEAM),
}


def name_choices(form: forms.ModelForm) -> None:
    """Give the form's choices of places and teams their full names, in no more queries."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            label, related = _LABELS.get(field.queryset.model, (None, ()))
            if label is not None:
                field.label_from_instance = label  # type: ignore[method-assign, assignment]  # as Django's documentation has it
                field.queryset = field.queryset.select_related(*related)
