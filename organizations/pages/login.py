"""Where the portal's rules differ from allauth's pages."""

from typing import NoReturn

from allauth.mfa.totp.views import ActivateTOTPView
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse

from organizations import second_factor


def not_offered(_request: HttpRequest) -> NoReturn:
    """Answer as for an unknown address: people have one e-mail address, which staff change."""
    raise Http404


class ActivateSecondFactor(ActivateTOTPView):
    """Setting up the second factor proves it, so that staff need not type a second code at once."""

    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        second_factor.record(self.request)
        return response


activate_second_factor = ActivateSecondFactor.as_view()
