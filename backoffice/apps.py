from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    """The operator's view across all apps."""

    name = "backoffice"
    verbose_name = "Back office"
