"""Who sits where: places, teams, presence, forecasts, evolutions, allocations and intentions."""

from workplace.models.allocations import (
    Allocation,
    AllocationSource,
    AllocationSpace,
    AllocationType,
)
from workplace.models.evolutions import (
    ACTIVE_STATUSES,
    Disruption,
    Evolution,
    EvolutionStatus,
)
from workplace.models.forecast_jobs import (
    ACTIVE_STATES,
    ForecastJob,
    JobState,
    Quality,
)
from workplace.models.forecasts import LocationForecast, PersonForecast, TeamForecast
from workplace.models.intentions import (
    LONGEST_PLAN,
    OPEN_STATUSES,
    PRESENT_TYPES,
    TYPE_OF_EXTERNAL,
    Configuration,
    ExternalType,
    Intention,
    IntentionSource,
    IntentionStatus,
    IntentionType,
)
from workplace.models.occupancy import (
    AttendanceDay,
    Occupancy,
    OccupancySession,
)
from workplace.models.places import (
    Layer,
    RoomPlacement,
    Space,
    Zone,
)
from workplace.models.reads import PersonalRead, ReadKind
from workplace.models.teams import (
    WEEKDAYS,
    DefaultLocation,
    Flexibility,
    Priority,
    SpaceTypePreference,
    Team,
    TeamLocationSettings,
    TeamMembership,
    TeamSettings,
)

__all__ = [
    "ACTIVE_STATES",
    "ACTIVE_STATUSES",
    "LONGEST_PLAN",
    "OPEN_STATUSES",
    "PRESENT_TYPES",
    "TYPE_OF_EXTERNAL",
    "WEEKDAYS",
    "Allocation",
    "AllocationSource",
    "AllocationSpace",
    "AllocationType",
    "AttendanceDay",
    "Configuration",
    "DefaultLocation",
    "Disruption",
    "Evolution",
    "EvolutionStatus",
    "ExternalType",
    "Flexibility",
    "ForecastJob",
    "Intention",
    "IntentionSource",
    "IntentionStatus",
    "IntentionType",
    "JobState",
    "Layer",
    "LocationForecast",
    "Occupancy",
    "OccupancySession",
    "PersonForecast",
    "PersonalRead",
    "Priority",
    "Quality",
    "ReadKind",
    "RoomPlacement",
    "Space",
    "SpaceTypePreference",
    "Team",
    "TeamForecast",
    "TeamLocationSettings",
    "TeamMembership",
    "TeamSettings",
    "Zone",
]
