"""The addresses of Settings → API Developer Settings."""

from django.urls import URLPattern, path

from apitokens.pages import developer

urlpatterns: list[URLPattern] = [
    path("", developer.overview, name="api-tokens"),
    path("access/", developer.access, name="api-access"),
    path("calls/", developer.calls, name="api-calls"),
    path("tokens/new/", developer.create, name="api-token-new"),
    path("tokens/<str:token_id>/regenerate/", developer.regenerate, name="api-token-regenerate"),
    path("tokens/<str:token_id>/delete/", developer.delete, name="api-token-delete"),
]
