"""Puts the portal's own admin site in the place of Django's."""

from django.conf import settings
from django.contrib.admin.apps import SimpleAdminConfig


class BackOfficeAdminConfig(SimpleAdminConfig):
    """Loads every app's admin at the start; a process that serves no pages, once it needs an address."""

    default = False
    default_site = "backoffice.admin_site.BackOfficeSite"

    def ready(self) -> None:
        super().ready()
        if not settings.SERVES_NO_PAGES:
            self.module.autodiscover()  # type: ignore[union-attr]  # Django's own admin package
