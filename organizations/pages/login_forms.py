"""The forms of allauth's pages that the portal fills in itself; named in the settings."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import get_language, gettext, gettext_lazy

from config import clock
from organizations.domain import accounts, new_passwords


class ForgottenPasswordForm(forms.Form):
    """The address that wants a new password; who has it is looked up when nobody waits."""

    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=accounts.MAX_EMAIL)

    def clean_email(self) -> str:
        try:
            return accounts.normalise_email(self.cleaned_data["email"])
        except accounts.InvalidEmail as error:
            raise ValidationError(gettext("Enter a valid e-mail address.")) from error

    def save(self, _request: HttpRequest, **_options: Any) -> str:
        email: str = self.cleaned_data["email"]
        new_passwords.ask(email, language=get_language() or "en", now=clock.now())
        return email
