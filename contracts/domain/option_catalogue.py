"""What can be ordered at a site. Source: Public API, GET /api/contract-options."""

from collections.abc import Sequence

from contracts import selectors
from contracts.models import Rate
from sites_app.domain.sites import SiteNotFound


def at_site(site_id: str) -> Sequence[Rate]:
    """List the active rates of a site and of all sites; the site's own hides a general one of its key.

    :raises SiteNotFound:
    """
    if not selectors.site_exists(site_id):
        raise SiteNotFound
    return list(selectors.rates_at(site_id))
