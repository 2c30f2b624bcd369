from django.urls import URLPattern, path

from booking.pages.account import account

urlpatterns: list[URLPattern] = [
    path("account/", account, name="account"),
]
