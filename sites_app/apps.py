from django.apps import AppConfig


class SitesAppConfig(AppConfig):
    """Where: sites, rooms, opening hours, closures, pictures, leases."""

    name = "sites_app"
    verbose_name = "Sites and rooms"
