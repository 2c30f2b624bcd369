"""Whose workplace a caller of the Workplace API sees: an organization's, or as the operator all.

What lies outside is never said to exist. Source: workplace-api, section 0, Tenancy; section 13,
Tenancy.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import DateField, DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from organizations.models import User
from sites_app.models import RoomLease, Site, SiteMembership
from workplace.models import Team


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """One organization, or the operator (None); leases count as they are at `now`."""

    organization_id: str | None
    now: dt.datetime

    @property
    def is_operator(self) -> bool:
        return self.organization_id is None

    def sites(self) -> QuerySet[Site]:
        """Return the sites: those it has access to, and those where it rents a room."""
        if self.is_operator:
            return Site.objects.all()
        memberships = SiteMembership.objects.filter(
            site=OuterRef("pk"), organization=self.organization_id
        )
        leases = RoomLease.objects.annotate(today=Cast(_wall(self.now), DateField())).filter(
            Q(ends_on=None) | Q(ends_on__gte=F("today")),
            room__site=OuterRef("pk"),
            organization=self.organization_id,
        )
        return Site.objects.filter(Exists(memberships) | Exists(leases))

    def people(self) -> QuerySet[User]:
        """Return the people, archived ones too."""
        if self.is_operator:
            return User.objects.all()
        return User.objects.filter(organization=self.organization_id)

    def teams(self) -> QuerySet[Team]:
        if self.is_operator:
            return Team.objects.all()
        return Team.objects.filter(organization=self.organization_id)

    def day_zone(self, site_ids: Sequence[str]) -> dt.tzinfo:
        """Return the clock by which a date alone is meant: the site's where one is named, else UTC.

        Source: workplace-api, section 13, Time.
        """
        if len(site_ids) != 1:
            return dt.UTC
        found = self.sites().filter(pk=site_ids[0]).values_list("time_zone", flat=True).first()
        return ZoneInfo(found) if found else dt.UTC


def _wall(now: dt.datetime) -> Func:
    """Give the time on the wall of the leased room's site."""
    return Func(
        F("room__site__time_zone"), Value(now), function="timezone", output_field=DateTimeField()
    )
