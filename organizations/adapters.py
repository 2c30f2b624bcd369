"""How allauth's account pages fit the portal."""

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.urls import reverse

from config import clock, sealing
from organizations import member_sessions
from organizations.models import User
from organizations.second_factor import STAFF_SESSION

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Log-in for people whom registration or staff made known."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """People register with their company, so allauth's own sign-up stays closed."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin the session; one of staff ends after eight hours, used or not."""
        super().login(request, user)
        member_sessions.begin(request.session, now=clock.now())
        if user.is_staff:
            request.session.set_expiry(clock.now() + STAFF_SESSION)
        log.info("login.succeeded", user=user.pk)

    def authentication_failed(self, _request: HttpRequest, **_credentials: Any) -> None:
        log.warning("login.failed")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead staff to the back office and everybody else to their bookings."""
        return reverse("admin:index" if request.user.is_staff else "account")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count wrong passwords by account and address, so that nobody shuts out somebody else.

        What the request calls the portal is no part of it: another Host would begin a new count.
        """
        login = str(credentials.get("email", "")).strip().lower()
        return f"{login} {self.get_client_ip(request)}"


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors sealed in the database."""

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)
