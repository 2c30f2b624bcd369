"""The forms of a company's team: shapes only; the rules are the domain's."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from booking.pages.registration_forms import PasswordForm
from config.typed_fields import LineField
from organizations.domain import membership
from organizations.models import Language, User

ROLES = [(role.value, role.label) for role in membership.ROLES]
LANGUAGES = ((Language.ENGLISH.value, "English"), (Language.FRENCH.value, "Français"))


class InviteForm(forms.Form):
    """Who is asked in, as what, and the language of the mail."""

    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLES)
    language = forms.ChoiceField(label=gettext_lazy("Language of the e-mail"), choices=LANGUAGES)


class RoleForm(forms.Form):
    """What a colleague is in the company."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLES, widget=forms.RadioSelect)


class DepartureForm(forms.Form):
    """Who takes over the bookings to come, where there are any."""

    heir = forms.ChoiceField(label=gettext_lazy("Who takes over the bookings to come"))

    def __init__(self, data: Any = None, *, heirs: Sequence[User], initial: str = "") -> None:
        super().__init__(data, initial={"heir": initial})
        field = self.fields["heir"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(heir.pk, heir.full_name or heir.email) for heir in heirs]


class NamesForm(forms.Form):
    """The name of somebody who has an account without one."""

    first_name = LineField(label=gettext_lazy("First name"), max_length=100)
    last_name = LineField(label=gettext_lazy("Last name"), max_length=100, required=False)


class NewcomerForm(NamesForm, PasswordForm):
    """The name and the password of somebody who accepts and has no account yet."""

    field_order = ("first_name", "last_name", "password1", "password2")
