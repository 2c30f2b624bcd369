from django.urls import URLPattern, re_path

from config.api.routing import endpoint
from workplace.api.allocations import AllocationsView
from workplace.api.envelope import unknown_path
from workplace.api.evolutions import EvolveStartView, EvolveStatusView
from workplace.api.occupancy import OccupancyView
from workplace.api.openapi import WorkplaceSchemaView
from workplace.api.team_settings import TeamSettingsView
from workplace.api.urls_forecasts import urlpatterns as forecasts
from workplace.api.urls_intentions import urlpatterns as intentions

BASE = "workplace/v1"

urlpatterns: list[URLPattern] = [
    endpoint(f"{BASE}/schema", WorkplaceSchemaView, name="workplace-schema"),
    endpoint(f"{BASE}/team/settings", TeamSettingsView, name="workplace-team-settings"),
    endpoint(f"{BASE}/evolve/start", EvolveStartView, name="workplace-evolve-start"),
    endpoint(f"{BASE}/evolve/status", EvolveStatusView, name="workplace-evolve-status"),
    endpoint(f"{BASE}/allocations", AllocationsView, name="workplace-allocations"),
    endpoint(f"{BASE}/occupancy", OccupancyView, name="workplace-occupancy"),
    *forecasts,
    *intentions,
    re_path(rf"^{BASE}(/.*)?$", unknown_path, name="workplace-unknown"),  # stands last
]
