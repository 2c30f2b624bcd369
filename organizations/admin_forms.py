"""What staff confirm about people."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldBooleanSwitchWidget


class SecondFactorResetForm(BaseDialogForm):
    """Somebody who says that they lost their telephone may be somebody else."""

    is_known = forms.BooleanField(
        label=_("I have made sure that it is this person who asks"),
        help_text=_("For example by calling them back on a number that was known before."),
        widget=UnfoldBooleanSwitchWidget,
    )
