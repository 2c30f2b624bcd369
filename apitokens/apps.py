from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApitokensConfig(AppConfig):
    """Who may call and who is told: tokens, scopes, quotas, events."""

    name = "apitokens"
    verbose_name = _("API access")
