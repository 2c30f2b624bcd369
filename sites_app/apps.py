from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitesAppConfig(AppConfig):
    """Where: sites, rooms, opening hours, closures, pictures, leases."""

    name = "sites_app"
    verbose_name = _("Sites and rooms")
