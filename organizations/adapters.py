"""How allauth's account pages fit the portal."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """People register with their company, so allauth's own sign-up stays closed."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False
