from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackofficeConfig(AppConfig):
    """The operator's view across all apps."""

    name = "backoffice"
    verbose_name = _("Back office")
