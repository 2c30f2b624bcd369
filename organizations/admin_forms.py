"""What staff write and confirm about people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldBooleanSwitchWidget

from organizations.models import ApiRole


class PersonForm(forms.ModelForm):
    """Whoever leaves an organization keeps no API access by oversight. Source: safety, S-11."""

    def clean_email(self) -> str:
        """Read an address as it is stored, however it is typed."""
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        has_left = self.initial.get("organization") and told.get("organization") is None
        if has_left and told.get("api_role") == ApiRole.DEVELOPER:
            self.add_error(
                "organization",
                _(
                    "Without an organization, an API developer sees the data of all organizations. "
                    "Take the API role away first."
                ),
            )
        return told


class SecondFactorResetForm(BaseDialogForm):
    """Somebody who says that they lost their telephone may be somebody else."""

    is_known = forms.BooleanField(
        label=_("I have made sure that it is this person who asks"),
        help_text=_("For example by calling them back on a number that was known before."),
        widget=UnfoldBooleanSwitchWidget,
    )
