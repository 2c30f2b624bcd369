"""The forms of the API settings: shapes only; the rules are the domain's."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apitokens.domain import tokens
from apitokens.models import EVERY_EVENT, EventType, Scope, WorkplaceScope
from config import outbound
from config.typed_fields import LineField, LongTextField
from organizations.models import Organization


class TokenForm(forms.Form):
    """What a token is called and what it may do."""

    name = LineField(label=_("Name"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, allowed: list[str]) -> None:
        super().__init__(data, initial={"scopes": allowed})
        labels = dict(Scope.choices)
        self.fields["scopes"].choices = [(scope, labels[scope]) for scope in allowed]  # type: ignore[attr-defined]  # a choice field's


class KeyForm(forms.Form):
    """What a key of the Workplace API is called, what it may do, and for staff whose workplace it sees."""

    name = LineField(label=_("Name"), max_length=100)
    organization = LineField(label=_("Organization"), max_length=200, required=False)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, allowed: list[str], own: Organization | None) -> None:
        super().__init__(data, initial={"scopes": list(tokens.WORKPLACE_DEFAULT)})
        labels = dict(WorkplaceScope.choices)
        self.fields["scopes"].choices = [(scope, labels[scope]) for scope in allowed]  # type: ignore[attr-defined]  # a choice field's
        self.own = own
        if own is not None:
            del self.fields["organization"]

    def clean_organization(self) -> Organization | None:
        """Find an organization by its id or its whole name; blank is the operator."""
        typed = self.cleaned_data["organization"]
        if not typed:
            return None
        found = list(Organization.objects.filter(Q(pk=typed.lower()) | Q(name__iexact=typed))[:2])
        if len(found) == 1:
            return found[0]
        raise forms.ValidationError(
            _("Several organizations have this name. Give the id.")
            if found
            else _("No organization has this name or id.")
        )

    @property
    def chosen(self) -> Organization | None:
        """The organization whose workplace the key sees; None is the operator."""
        return self.own or self.cleaned_data.get("organization")


class AccessForm(forms.Form):
    """Why somebody wants to use the API."""

    purpose = LongTextField(
        label=_("What will you build?"),
        min_length=10,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class WebhookForm(forms.Form):
    """Which address is told of which events; nothing ticked means all."""

    url = forms.CharField(
        label=_("Address"),
        max_length=outbound.MAX_URL,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    description = LineField(label=_("Description"), max_length=200, required=False)
    events = forms.MultipleChoiceField(
        label=_("Events"),
        choices=EventType.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @property
    def event_types(self) -> list[str]:
        """The chosen event types, as the domain names them."""
        return self.cleaned_data["events"] or [EVERY_EVENT]
