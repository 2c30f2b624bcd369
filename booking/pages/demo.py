"""The demo application: a small client in the browser that uses the public API alone.

Source: Public API, "Interactive Demo Application".
"""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_safe

from sites_app import selectors
from sites_app.domain import countries

_DRY_RUN = gettext_lazy("Dry run: check everything, change and send nothing")


class TokenForm(forms.Form):
    """The token, which stays in the browser."""

    token = forms.CharField(
        label=gettext_lazy("Token"),
        required=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "ww_dev_…"}
        ),
    )
    keep = forms.BooleanField(label=gettext_lazy("Keep it until this tab closes"), required=False)


class PlaceForm(forms.Form):
    """Which sites to list; the countries come from the API."""

    country = forms.ChoiceField(
        label=gettext_lazy("Country"), choices=[("", gettext_lazy("All countries"))], required=False
    )


class TimeForm(forms.Form):
    """How long a meeting lasts; the lengths come from the room."""

    duration = forms.ChoiceField(label=gettext_lazy("How long"))


class RequestForm(forms.Form):
    """A meeting request; fields are named as in the API."""

    contactEmail = forms.EmailField(label=gettext_lazy("E-mail"))
    contactName = forms.CharField(label=gettext_lazy("Your name"), required=False)
    bookedUser = forms.IntegerField(label=gettext_lazy("People"), min_value=1, initial=2)
    name = forms.CharField(label=gettext_lazy("Subject"), required=False)
    dryRun = forms.BooleanField(label=_DRY_RUN, required=False, initial=True)


class CompanyForm(forms.Form):
    """A registration; fields are named as in the API."""

    name = forms.CharField(label=gettext_lazy("Company"))
    companyNumber = forms.CharField(label=gettext_lazy("Company number"), required=False)
    firstName = forms.CharField(label=gettext_lazy("First name"))
    lastName = forms.CharField(label=gettext_lazy("Last name"), required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    phone = forms.CharField(label=gettext_lazy("Phone, with country code"))
    maxResidentUsers = forms.IntegerField(
        label=gettext_lazy("People who need access"), min_value=1, initial=1
    )
    comments = forms.CharField(
        label=gettext_lazy("Wishes"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    dryRun = forms.BooleanField(label=_DRY_RUN, required=False, initial=True)


@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Show the page; its module does the rest, with a token that the visitor pastes."""
    context = {
        "token_form": TokenForm(auto_id="token-%s"),
        "place_form": PlaceForm(auto_id="place-%s"),
        "time_form": TimeForm(auto_id="time-%s"),
        "request_form": RequestForm(auto_id="request-%s"),
        "company_form": CompanyForm(auto_id="company-%s"),
        "countries": [
            (countries.english_name(code), countries.name(code, get_language() or "en"))
            for code in selectors.public_countries()
        ],
    }
    return render(request, "booking/demo.html", context)
