"""One field of the registration form, checked while the others are still being filled in.

The page's script asks as soon as a field is left; the whole form is checked again when it is sent.
Nothing here depends on who is a customer, and no company register is asked.
"""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from booking.pages import words
from booking.pages.registration_forms import RegistrationForm
from config.errors import DomainError
from organizations.domain import accounts, phones


@never_cache
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Answer the messages that belong below the field named by `checked`; none when it is right."""
    name = request.POST.get("checked", "")
    form = RegistrationForm(request.POST, site=None, known_email="", person=None, initial={})
    if name not in form.fields:
        return HttpResponse(status=404)
    rule = _RULES.get(name)
    if not form.errors.get(name) and rule is not None:
        try:
            rule(form.cleaned_data)
        except DomainError as refusal:
            form.add_error(name, words.refusal(refusal))
    return render(request, "components/field_errors.html", {"bound": form[name]})


def _phone(typed: Mapping[str, str]) -> None:
    phones.normalise(typed["phone"], country=typed.get("country", ""))


def _email(typed: Mapping[str, str]) -> None:
    accounts.normalise_email(typed["email"])


_RULES: Mapping[str, Callable[[Mapping[str, str]], None]] = {"phone": _phone, "email": _email}
"""What the domain asks of a field beyond its shape."""
