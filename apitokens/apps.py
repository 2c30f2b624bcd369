from django.apps import AppConfig


class ApitokensConfig(AppConfig):
    """Who may call and who is told: tokens, scopes, quotas, events."""

    name = "apitokens"
    verbose_name = "API access"
