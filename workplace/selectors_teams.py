"""Reads of teams and their settings."""

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sites_app.models import Site
from workplace.models import (
    Layer,
    Team,
    TeamLocationSettings,
    TeamMembership,
    TeamSettings,
    Zone,
)


def team_settings(teams: QuerySet[Team]) -> QuerySet[TeamSettings]:
    """Return the settings of these teams, each with its `head_count`, ready to be shown.

    :returns: rows with team, default location, and all of `locations` and `linked_locations`.
    """
    live = TeamMembership.objects.filter(
        team=OuterRef("team"), is_primary=True, person__is_archived=False
    )
    heads = live.order_by().values("team").annotate(heads=Count("pk")).values("heads")
    return (
        TeamSettings.objects.filter(team__in=teams)
        .select_related("team", "default_location")
        .annotate(head_count=Coalesce(Subquery(heads), 0))
        .prefetch_related(
            Prefetch("linked_locations", Site.objects.only("id").order_by("pk")),
            Prefetch(
                "locations",
                TeamLocationSettings.objects.order_by("site", "pk").prefetch_related(
                    Prefetch("preferred_layers", Layer.objects.only("id").order_by("pk")),
                    Prefetch("preferred_zones", Zone.objects.only("id").order_by("pk")),
                    Prefetch("adjacent_teams", Team.objects.only("id").order_by("pk")),
                ),
            ),
        )
    )
