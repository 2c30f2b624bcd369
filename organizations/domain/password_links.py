"""Links to choose a new password, made when the mail that holds one is put into words."""

from allauth.account import app_settings
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from organizations import selectors


def link_for(address: str, *, language: str) -> str:
    """Return the link for the person with that address, in that language; empty when nobody may use one.

    It dies with the password that it replaces, and after three days.
    """
    person = selectors.person_by_email(address)
    if person is None or person.counts_as_archived:
        return ""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    with translation.override(language):
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": person.pk, "key": key})
    return f"{settings.PUBLIC_URL}{path}"
