"""Log in, second factor, devices: allauth's pages, with ours where the portal's rules differ."""

from django.urls import URLPattern, URLResolver, include, path

from organizations.pages import login

urlpatterns: list[URLPattern | URLResolver] = [
    path("email/", login.not_offered, name="account_email"),
    path("2fa/totp/activate/", login.activate_second_factor, name="mfa_activate_totp"),
    path("", include("allauth.urls")),
]
