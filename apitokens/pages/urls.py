"""The addresses of Settings → API Developer Settings."""

from django.urls import URLPattern, path

from apitokens.pages import developer, webhooks

urlpatterns: list[URLPattern] = [
    path("", developer.overview, name="api-tokens"),
    path("access/", developer.access, name="api-access"),
    path("calls/", developer.calls, name="api-calls"),
    path("tokens/new/", developer.create, name="api-token-new"),
    path("keys/new/", developer.create_key, name="api-key-new"),
    path("tokens/<str:token_id>/regenerate/", developer.regenerate, name="api-token-regenerate"),
    path("tokens/<str:token_id>/delete/", developer.delete, name="api-token-delete"),
    path("webhooks/", webhooks.listed, name="api-webhooks"),
    path("webhooks/new/", webhooks.create, name="api-webhook-new"),
    path("webhooks/<str:webhook_id>/", webhooks.one, name="api-webhook"),
    path("webhooks/<str:webhook_id>/secret/", webhooks.rotate, name="api-webhook-secret"),
    path("webhooks/<str:webhook_id>/delete/", webhooks.delete, name="api-webhook-delete"),
]
