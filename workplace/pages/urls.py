"""The addresses of the Workplace API's guide."""

from django.urls import URLPattern, path

from workplace.pages import developers

urlpatterns: list[URLPattern] = [
    path("", developers.guide, name="developers-workplace"),
    path("<slug:slug>/", developers.endpoint, name="developers-workplace-endpoint"),
]
