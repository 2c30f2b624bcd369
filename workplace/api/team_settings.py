"""`GET` and `PUT /workplace/v1/team/settings`. Source: workplace-api, section 3."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from rest_framework.request import Request
from rest_framework.response import Response

from config import clock
from workplace import selectors_teams
from workplace.api import inputs, paging, team_settings_changes
from workplace.api.views import WorkplaceView
from workplace.domain import team_settings
from workplace.domain.times import written
from workplace.models import TeamLocationSettings, TeamSettings

SORTS = {
    "team_name": ("team__name",),
    "head_count": ("head_count",),
    "created_at": ("created_at",),
    "updated_at": ("updated_at",),
}
DEFAULT_SORT = "team_name"


class TeamSettingsView(WorkplaceView):
    """What teams wish for, and their limits."""

    resource = "team_settings"

    def get(self, request: Request) -> Response:
        params = inputs.query(request)
        page = paging.read(params, sorts=SORTS, default=DEFAULT_SORT)
        site_id, team_id = params.id("location_id"), params.id("team_id")
        external_id = params.text("external_id")
        params.problems.refuse()
        rows = selectors_teams.team_settings(self.tenant.teams())
        if team_id:
            rows = rows.filter(team=team_id)
        if external_id:
            rows = rows.filter(team__external_id=external_id)
        if site_id:
            at_site = TeamLocationSettings.objects.filter(site=site_id).values("settings")
            linked = TeamSettings.linked_locations.through.objects.filter(site=site_id)
            rows = rows.filter(Q(pk__in=at_site) | Q(pk__in=linked.values("teamsettings")))
        shown, pagination = paging.cut(rows, page)
        return self.ok(
            {"team_settings": [shape(row, site_id) for row in shown], "pagination": pagination}
        )

    def put(self, request: Request) -> Response:
        changes = team_settings_changes.read(inputs.body(request), request)
        changed = team_settings.change(changes, tenant=self.tenant, now=clock.now())
        rows = selectors_teams.team_settings(self.tenant.teams()).in_bulk(changed)
        return self.ok({"team_settings": [shape(rows[each]) for each in changed]})


def shape(row: TeamSettings, site_id: str | None = None) -> dict[str, Any]:
    """Write a team's settings; with a site, of its locations that one alone."""
    team, place = row.team, row.default_location
    return {
        "_id": row.pk,
        "team_id": team.pk,
        "external_id": team.external_id or None,
        "organization_id": team.organization_id,
        "team_name": team.name,
        "color": team.color or None,
        "head_count": row.head_count,  # type: ignore[attr-defined]  # annotated by the selector
        "space_type_preference": row.space_type_preference,
        "priority": row.priority,
        "default_location": {"location_id": place.pk, "name": place.name} if place else None,
        "linked_locations": _ids(row.linked_locations.all()),
        "settings": [
            _location(each) for each in row.locations.all() if site_id in (None, each.site_id)
        ],
        "version": row.version,
        "created_at": written(row.created_at),
        "updated_at": written(row.updated_at),
    }


def _location(row: TeamLocationSettings) -> dict[str, Any]:
    return {
        "location_id": row.site_id,
        "type": row.type,
        "min_capacity": row.min_capacity,
        "max_capacity": row.max_capacity,
        "target": row.target,
        "contingency": row.contingency,
        "fixed_days": row.fixed_days,
        "preferred_layer_ids": _ids(row.preferred_layers.all()),
        "preferred_zone_ids": _ids(row.preferred_zones.all()),
        "adjacent_team_ids": _ids(row.adjacent_teams.all()),
        "room_id": row.room_id,
        "allow_split": row.allow_split,
    }


def _ids(rows: Any) -> Sequence[str]:
    return [row.pk for row in rows]
