from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """Who: users, companies, verification, access cards, and the mail we send them."""

    name = "organizations"
    verbose_name = "People and companies"
