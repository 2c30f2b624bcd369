from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """On what terms: rates and contract options."""

    name = "contracts"
    verbose_name = "Contracts"
