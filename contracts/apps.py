from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    """On what terms: rates and contract options."""

    name = "contracts"
    verbose_name = _("Contracts")
