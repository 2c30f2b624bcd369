"""Sites as every rule knows them."""

from config.errors import DomainError


class SiteNotFound(DomainError):
    """No site that the asker may see has that id."""

    code = "SITE_NOT_FOUND"
    status = 404
    message = "Site not found"
