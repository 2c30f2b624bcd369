from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkplaceConfig(AppConfig):
    """Who sits where: occupancy, forecasts, allocations."""

    name = "workplace"
    verbose_name = _("Workplace")
