"""The cut-off of a day: from then on who has accepted to come is counted, no longer who may be expected.

Source: forecasting, "Evolution", "Formulation"; workplace-api, section 1, `evolution_settings`.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from sites_app.domain import workplace_settings
from sites_app.models import Site


def of(site: Site, day: dt.date) -> dt.datetime | None:
    """Return the moment, None where the location has none.

    It is at `evolution_stops_at` on the location's clocks, `evolution_offset_days` before the day.
    """
    settings = workplace_settings.read(site.workplace_settings)
    if settings.evolution_stops_at is None:
        return None
    on = day - dt.timedelta(days=settings.evolution_offset_days)
    return dt.datetime.combine(on, settings.evolution_stops_at, ZoneInfo(site.time_zone))


def is_over(site: Site, day: dt.date, *, at: dt.datetime) -> bool:
    """Say whether the day's cut-off has come by that moment."""
    moment = of(site, day)
    return moment is not None and at >= moment
