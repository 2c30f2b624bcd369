from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    """Who: users, companies, verification, access cards, and the mail we send them."""

    name = "organizations"
    verbose_name = _("People and companies")
