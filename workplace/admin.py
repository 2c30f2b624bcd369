"""The workplace in the back office: each kind of record in a module of its own."""

from workplace.admin_places import LayerAdmin, RoomPlacementAdmin, SpaceAdmin, ZoneAdmin
from workplace.admin_plans import AllocationAdmin, ConfigurationAdmin, IntentionAdmin
from workplace.admin_runs import (
    EvolutionAdmin,
    ForecastJobAdmin,
    LocationForecastAdmin,
    PersonForecastAdmin,
    TeamForecastAdmin,
)
from workplace.admin_seen import (
    AttendanceDayAdmin,
    OccupancyAdmin,
    OccupancySessionAdmin,
    PersonalReadAdmin,
)
from workplace.admin_teams import DefaultLocationAdmin, TeamAdmin, TeamSettingsAdmin

__all__ = [
    "AllocationAdmin",
    "AttendanceDayAdmin",
    "ConfigurationAdmin",
    "DefaultLocationAdmin",
    "EvolutionAdmin",
    "ForecastJobAdmin",
    "IntentionAdmin",
    "LayerAdmin",
    "LocationForecastAdmin",
    "OccupancyAdmin",
    "OccupancySessionAdmin",
    "PersonForecastAdmin",
    "PersonalReadAdmin",
    "RoomPlacementAdmin",
    "SpaceAdmin",
    "TeamAdmin",
    "TeamForecastAdmin",
    "TeamSettingsAdmin",
    "ZoneAdmin",
]
