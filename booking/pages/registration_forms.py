"""The website's forms for becoming a customer: shapes only; the rules are the domain's."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy

from booking import selectors_pages
from config.typed_fields import LineField, LongTextField
from organizations.models import User
from sites_app.domain import countries
from sites_app.models import Site

MOST_PEOPLE = 10_000
USUAL_COUNTRIES = ("FR", "BE", "IE")


class RegistrationForm(forms.Form):
    """The company and its first person; the fields that are known already are left out."""

    name = LineField(label=gettext_lazy("Company"), max_length=200)
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    company_number = LineField(label=gettext_lazy("Company number"), max_length=32, required=False)
    vat_number = LineField(label=gettext_lazy("VAT number"), max_length=32, required=False)
    address = LongTextField(
        label=gettext_lazy("Billing address"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    first_name = LineField(label=gettext_lazy("First name"), max_length=100)
    last_name = LineField(label=gettext_lazy("Last name"), max_length=100, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    phone = LineField(
        label=gettext_lazy("Phone"), max_length=64, widget=forms.TextInput(attrs={"type": "tel"})
    )
    max_resident_users = forms.IntegerField(
        label=gettext_lazy("People who need access"),
        min_value=1,
        max_value=MOST_PEOPLE,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    site_id = forms.ChoiceField(label=gettext_lazy("Site"))
    comments = LongTextField(
        label=gettext_lazy("Wishes"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    terms = forms.BooleanField(
        label=gettext_lazy("I accept the terms and have read the privacy notice"),
        error_messages={"required": gettext_lazy("Please accept the terms to register.")},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        site: Site | None,
        known_email: str,
        person: User | None,
        initial: dict[str, Any],
    ) -> None:
        sites = [summary.site for summary in selectors_pages.sites()]
        country = next((each.country for each in (site, *sites) if each is not None), "")
        usual = {"country": country, **initial, **_of_person(person)}
        super().__init__(data, initial=usual)
        _choice(self, "country").choices = _country_choices(sites)
        _choice(self, "site_id").choices = [(each.pk, each.name) for each in sites]
        if site is not None:
            del self.fields["site_id"]
        if known_email:
            del self.fields["email"]


class PasswordForm(forms.Form):
    """A new password, typed twice; whether it is good enough the domain says."""

    password1 = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(),
        error_messages={
            "max_length": gettext_lazy("Your password can hold at most %(limit_value)d characters.")
        },
    )
    password2 = forms.CharField(
        label=gettext_lazy("Password, once more"), strip=False, widget=forms.PasswordInput()
    )

    def clean_password2(self) -> str:
        again: str = self.cleaned_data["password2"]
        if "password1" in self.cleaned_data and self.cleaned_data["password1"] != again:
            raise forms.ValidationError(gettext_lazy("The two passwords differ."))
        return again


class CustomerForm(PasswordForm, RegistrationForm):
    """The company, its first person and their password, for whose address is proven already."""


class AddressForm(forms.Form):
    """To whom a fresh link goes."""

    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)


def _choice(form: forms.Form, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field


def _of_person(person: User | None) -> dict[str, str]:
    if person is None:
        return {}
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "phone": person.phone,
    }


def _country_choices(sites: Sequence[Site]) -> list[tuple[str, str]]:
    offered = {*USUAL_COUNTRIES, *(site.country for site in sites)}
    return [choice for choice in countries.choices(get_language() or "en") if choice[0] in offered]
