from django.urls import URLPattern, re_path

from config.api.routing import endpoint
from workplace.api.envelope import unknown_path
from workplace.api.openapi import WorkplaceSchemaView
from workplace.api.team_settings import TeamSettingsView

BASE = "workplace/v1"

urlpatterns: list[URLPattern] = [
    endpoint(f"{BASE}/schema", WorkplaceSchemaView, name="workplace-schema"),
    endpoint(f"{BASE}/team/settings", TeamSettingsView, name="workplace-team-settings"),
    re_path(rf"^{BASE}(/.*)?$", unknown_path, name="workplace-unknown"),  # stands last
]
