"""The addresses to which mails lead, without the pages that answer there.

The worker writes mails and serves nothing: to find an address among all pages it would have to load
them all, a third of its memory. A test holds each of these against `config.urls`.
"""

from typing import Any

from django.conf.urls.i18n import i18n_patterns
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from config.links import Purpose

SIGNED = {
    Purpose.MANAGE_BOOKING: "booking/k/<str:key>/",
    Purpose.CONFIRM_BOOKING: "booking/confirm/k/<str:key>/",
    Purpose.COMPLETE_REGISTRATION: "register/k/<str:key>/",
    Purpose.LEAVE_WAITLIST: "waitlist/k/<str:key>/",
    Purpose.VERIFY_EMAIL: "register/verify/k/<str:key>/",
    Purpose.DECIDE_JOINING: "team/k/<str:key>/",
    Purpose.ACCEPT_INVITATION: "invitation/k/<str:key>/",
    "account_reset_password_from_key": "accounts/password/reset/key/<str:uidb36>-<str:key>/",
}
PLAIN = {
    "account": "account/",
    "account_login": "accounts/login/",
    "api-webhooks": "account/api/webhooks/",
    "find": "find/",
    "my-week": "account/week/",
    "register": "register/",
    "team-waiting": "account/team/",
}
ADMIN = {
    "organizations_joinrequest_changelist": "organizations/joinrequest/",
    "organizations_user_change": "organizations/user/<path:object_id>/change/",
}


def _elsewhere(_request: HttpRequest, **_key: Any) -> HttpResponse:
    """Answer nobody: another process does."""
    raise Http404


def _patterns(addresses: dict[Any, str]) -> list[URLPattern]:
    return [path(address, _elsewhere, name=str(name)) for name, address in addresses.items()]


urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", include((_patterns(ADMIN), "admin"))),
    *i18n_patterns(*_patterns(SIGNED), *_patterns(PLAIN), prefix_default_language=False),
]
