"""Evolutions by themselves: where staff switched it on, the days to come are planned every morning.

The open days after today are planned as far ahead as the cut-off lies, once each local morning, when
the night's forecasts are there, and once more when a day's cut-off has come, for who has accepted.
A run that staff asked for since then is as good; what a run plans is published at once.
Source: workplace-api, section 1, `evolution_settings`.
"""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import structlog

from sites_app.domain import operating_hours, workplace_settings
from sites_app.models import Site
from workplace.domain import evolution_cut_off, evolutions
from workplace.domain.evolutions import Wish
from workplace.models import Evolution
from workplace.selectors_tenants import Tenant

MORNING = dt.time(5)
ONE_DAY = dt.timedelta(days=1)

log = structlog.get_logger(__name__)


def start_due(*, now: dt.datetime) -> int:
    """Start the runs that are due at every location that wants them; return how many.

    What goes wrong at one location is logged and holds up no other.
    """
    sites = Site.objects.exclude(workplace_settings={}).order_by("pk")
    return sum(_started_at(site, now=now) for site in sites)


def _started_at(site: Site, *, now: dt.datetime) -> int:
    try:
        return start_due_at(site, now=now)
    except Exception:
        log.exception("workplace.auto_evolution_failed", site=site.pk)
        return 0


def start_due_at(site: Site, *, now: dt.datetime) -> int:
    """Start the runs that are due at one location; return how many."""
    operator = Tenant(organization_id=None, now=now)
    started = 0
    for day in _days(site, now=now):
        since = _due_since(site, day, now=now)
        runs = Evolution.objects.filter(organization=None, site=site, day=day)
        if not runs.filter(created_at__gte=since).exists():
            evolutions.start(site.pk, day, Wish(), tenant=operator, now=now)
            started += 1
    return started


def _days(site: Site, *, now: dt.datetime) -> Iterator[dt.date]:
    """Yield the open days after today, as far as the last morning looked ahead; none when off."""
    settings = workplace_settings.read(site.workplace_settings)
    if not settings.auto_evolve:
        return
    today = now.astimezone(ZoneInfo(site.time_zone)).date()
    ahead = (settings.evolution_offset_days + 1) * ONE_DAY
    last = _last_morning(site, now=now).date() + ahead
    days = [today + number * ONE_DAY for number in range(1, (last - today).days + 1)]
    if days:
        openings = operating_hours.openings(site, first_day=days[0], last_day=last)
        yield from (day for day in days if openings.is_open_on(day))


def _due_since(site: Site, day: dt.date, *, now: dt.datetime) -> dt.datetime:
    """Return the last moment that asks for a run: this or yesterday's morning, or the cut-off."""
    morning, cut_off = _last_morning(site, now=now), evolution_cut_off.of(site, day)
    return max(morning, cut_off) if cut_off is not None and cut_off <= now else morning


def _last_morning(site: Site, *, now: dt.datetime) -> dt.datetime:
    local = now.astimezone(ZoneInfo(site.time_zone))
    on = local.date() if local.time() >= MORNING else local.date() - ONE_DAY
    return dt.datetime.combine(on, MORNING, ZoneInfo(site.time_zone))
