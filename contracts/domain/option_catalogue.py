"""What can be ordered at a site. Source: Public API, GET /api/contract-options."""

from collections.abc import Sequence

from config.errors import DomainError
from contracts import selectors
from contracts.models import Rate


class SiteNotFound(DomainError):
    """There is no such site."""

    code = "SITE_NOT_FOUND"
    status = 404
    message = "Site not found"


def at_site(site_id: str) -> Sequence[Rate]:
    """List the active rates of a site and of all sites; the site's own hides a general one of its key.

    :raises SiteNotFound:
    """
    if not selectors.site_exists(site_id):
        raise SiteNotFound
    return list(selectors.rates_at(site_id))
