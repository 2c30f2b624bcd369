"""A person's own page: name, phone, language, and the ways to what keeps the account safe."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy, override
from django.views.decorators.cache import never_cache

from config.pages.sent_once import sent_once
from config.typed_fields import LineField
from organizations.domain import phones, profiles
from organizations.domain.profiles import Profile
from organizations.models import Language, User

LANGUAGES = ((Language.ENGLISH.value, "English"), (Language.FRENCH.value, "Français"))


class ProfileForm(forms.Form):
    """What people say of themselves."""

    first_name = LineField(label=gettext_lazy("First name"), max_length=100)
    last_name = LineField(label=gettext_lazy("Last name"), max_length=100, required=False)
    phone = LineField(
        label=gettext_lazy("Phone"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of our e-mails"), choices=LANGUAGES)


@never_cache
@login_required
@sent_once
def profile(request: HttpRequest) -> HttpResponse:
    """Show the person's data; a POST changes what is theirs to change."""
    person = request.user
    assert isinstance(person, User)  # whoever has logged in
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=_known(person))
    if form.is_bound and form.is_valid():
        try:
            profiles.change(person, Profile(**form.cleaned_data))
        except phones.InvalidPhone:
            form.add_error("phone", gettext("Enter a phone number at which we can call you."))
        else:
            with override(person.language):
                messages.success(request, gettext("Your profile is saved."))
                return redirect("profile")
    context = {"person": person, "form": form}
    return render(request, "account/profile.html", context, status=422 if form.is_bound else 200)


def _known(person: User) -> dict[str, Any]:
    return {name: getattr(person, name) for name in ProfileForm.base_fields}
