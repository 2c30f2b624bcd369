from django.apps import AppConfig


class WorkplaceConfig(AppConfig):
    """Who sits where: occupancy, forecasts, allocations."""

    name = "workplace"
    verbose_name = "Workplace"
