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
from sites_app.models import Room, RoomLease, Site, SiteMembership
from workplace.models import Layer, Space, Team, Zone


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
        leases = self._leases().filter(room__site=OuterRef("pk"), organization=self.organization_id)
        return Site.objects.filter(Exists(memberships) | Exists(leases))

    def _leases(self) -> QuerySet[RoomLease]:
        """Return the leases that are not over."""
        return RoomLease.objects.annotate(today=Cast(_wall(self.now), DateField())).filter(
            Q(ends_on=None) | Q(ends_on__gte=F("today"))
        )

    def people(self) -> QuerySet[User]:
        """Return the people, archived ones too."""
        if self.is_operator:
            return User.objects.all()
        return User.objects.filter(organization=self.organization_id)

    def teams(self) -> QuerySet[Team]:
        if self.is_operator:
            return Team.objects.all()
        return Team.objects.filter(organization=self.organization_id)

    def layers(self) -> QuerySet[Layer]:
        return Layer.objects.filter(site__in=self.sites())

    def zones(self) -> QuerySet[Zone]:
        """Return the zones of its sites, but not those that are another organization's own."""
        found = Zone.objects.filter(layer__site__in=self.sites())
        if self.is_operator:
            return found
        return found.filter(Q(organization=None) | Q(organization=self.organization_id))

    def rooms(self) -> QuerySet[Room]:
        """Return the rooms of its sites, but not those that another organization rents now."""
        found = Room.objects.filter(site__in=self.sites())
        return found if self.is_operator else found.exclude(self._is_let_to_another("pk"))

    def spaces(self) -> QuerySet[Space]:
        """Return the spaces of its sites, but not those in a zone or room that is another organization's."""
        found = Space.objects.filter(layer__site__in=self.sites())
        if self.is_operator:
            return found
        own = Q(zone__organization=None) | Q(zone__organization=self.organization_id)
        return found.filter(own).exclude(self._is_let_to_another("room"))

    def _is_let_to_another(self, room: str) -> Exists:
        running = self._leases().filter(Q(starts_on=None) | Q(starts_on__lte=F("today")))
        others = running.exclude(organization=self.organization_id)
        return Exists(others.filter(room=OuterRef(room)))

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
