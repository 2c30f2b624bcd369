"""A company's own page: its data for all its people, its contract for those who lead it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import clock
from config.errors import DomainError
from config.pages.sent_once import sent_once
from config.typed_fields import LineField, LongTextField
from contracts.domain import own_contract
from organizations import selectors
from organizations.domain import company_details, phones
from organizations.domain.company_details import CompanyDetails, VatNumberRefused
from organizations.models import Language, Organization, User
from sites_app.domain import countries

LANGUAGES = ((Language.ENGLISH.value, "English"), (Language.FRENCH.value, "Français"))
CARDS_A_PAGE = 50
REFUSALS = {
    phones.InvalidPhone: ("phone", gettext_lazy("Enter a phone number at which we can call you.")),
    VatNumberRefused: (
        "vat_number",
        gettext_lazy("We cannot take over this VAT number by ourselves. Please write to us."),
    ),
}


class CompanyForm(forms.Form):
    """What a company's administrators may change of it."""

    name = LineField(label=gettext_lazy("Company"), max_length=200)
    vat_number = LineField(label=gettext_lazy("VAT number"), max_length=32, required=False)
    address = LongTextField(
        label=gettext_lazy("Billing address"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    email = forms.EmailField(label=gettext_lazy("Billing e-mail"), max_length=254)
    phone = LineField(
        label=gettext_lazy("Phone"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of invoices"), choices=LANGUAGES)


@never_cache
@login_required
@require_safe
def company(request: HttpRequest) -> HttpResponse:
    """Show the company's data and sites, and to its principal administrators the contract."""
    person, organization = belonging(request)
    contract = own_contract.of(organization.pk, now=clock.now())
    context = {
        "person": person,
        "company": contract.organization,
        "country": _country(organization),
        "contract": contract,
        "cards": _cards(request, person),
    }
    return render(request, "account/company.html", context)


@never_cache
@login_required
@sent_once
def change(request: HttpRequest) -> HttpResponse:
    """Show what may be changed; a POST changes it."""
    person, organization = belonging(request)
    if not person.is_principal_admin:
        raise Http404
    form = CompanyForm(
        request.POST if request.method == "POST" else None, initial=_known(organization)
    )
    if form.is_bound and form.is_valid():
        try:
            company_details.change(CompanyDetails(**form.cleaned_data), by=person)
        except (phones.InvalidPhone, VatNumberRefused) as refusal:
            _add(form, refusal)
        else:
            messages.success(request, gettext("Your company's data are saved."))
            return redirect("company")
    context = {"form": form, "company": organization}
    return render(
        request, "account/company_change.html", context, status=422 if form.is_bound else 200
    )


def belonging(request: HttpRequest) -> tuple[User, Organization]:
    """Return who asks and their company; who merely asked to join has none yet."""
    person = request.user
    if not isinstance(person, User) or person.organization is None or not person.is_existing:
        raise Http404
    return person, person.organization


def _cards(request: HttpRequest, person: User) -> Page | None:
    """Return a page of the company's cards, for those who lead it: which door who opens is theirs."""
    if not person.is_principal_admin:
        return None
    found = selectors.cards_of(str(person.organization_id))
    return Paginator(found, CARDS_A_PAGE).get_page(request.GET.get("page"))


def _country(organization: Organization) -> str:
    """Name the country in the reader's language; companies that staff prepared may have none."""
    iso = organization.country
    return countries.name(iso, get_language() or "en") if iso else ""


def _known(organization: Organization) -> dict[str, Any]:
    return {name: getattr(organization, name) for name in CompanyForm.base_fields}


def _add(form: CompanyForm, refusal: DomainError) -> None:
    name, sentence = REFUSALS[type(refusal)]
    form.add_error(name, str(sentence))
