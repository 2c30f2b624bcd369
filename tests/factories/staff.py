"""Staff who have given their second factor in this session, as a browser would hold it."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from organizations.models import User
from tests.factories.organizations import UserFactory

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def staff_member(**values: object) -> User:
    """Make an application administrator with an authenticator app."""
    person = UserFactory(app_admin=True, password="correct horse battery", **values)
    TOTP.activate(person, generate_totp_secret())
    return person


def logged_in(person: User | None = None) -> Client:
    """Give the browser of a staff member who has just typed password and code."""
    client = Client()
    person = person or staff_member()
    client.force_login(person, backend=BACKEND)
    session = client.session
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time()},
        {"method": "mfa", "type": "totp", "at": time.time()},
    ]
    session.save()
    return client
