"""The addresses of one's own data."""

from django.urls import URLPattern, path

from backoffice.personal import pages

urlpatterns: list[URLPattern] = [
    path("", pages.my_data, name="my-data"),
    path("my-data.json", pages.download, name="my-data-file"),
    path("delete/", pages.ask_for_deletion, name="my-data-delete"),
]
