"""Teams as staff keep them: each has its settings from the start, and takes them along when it goes."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from apitokens.models import EventType
from workplace.domain import team_settings_events
from workplace.models import Team, TeamSettings


@transaction.atomic
def equip(team: Team, *, now: dt.datetime) -> TeamSettings:
    """Give a team its settings, unless it has them."""
    settings, is_new = TeamSettings.objects.select_related("team").get_or_create(team=team)
    if is_new:
        team_settings_events.record(EventType.TEAM_SETTINGS_CREATED, [settings], now=now)
    return settings


@transaction.atomic
def delete(teams: Iterable[Team], *, now: dt.datetime) -> None:
    """Remove teams with their settings; those that seats or plans name cannot go.

    :raises django.db.models.ProtectedError:
    """
    wanted = [team.pk for team in teams]
    settings = TeamSettings.objects.filter(team__in=wanted).select_related("team").order_by("pk")
    team_settings_events.record(EventType.TEAM_SETTINGS_DELETED, settings, now=now)
    Team.objects.filter(pk__in=wanted).delete()
