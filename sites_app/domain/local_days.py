"""Which day it is at a site."""

import datetime as dt
from zoneinfo import ZoneInfo

from sites_app.models import RoomLease, Site


def zone_of(site: Site) -> ZoneInfo:
    """Return the time zone that a site keeps."""
    return ZoneInfo(site.time_zone)


def today_at(site: Site, *, now: dt.datetime) -> dt.date:
    """Return the date on the site's wall."""
    return now.astimezone(zone_of(site)).date()


def is_over(lease: RoomLease, *, now: dt.datetime) -> bool:
    """Say whether a lease's last day is past where its room is; such a one neither shows nor blocks."""
    return lease.ends_on is not None and lease.ends_on < today_at(lease.room.site, now=now)
