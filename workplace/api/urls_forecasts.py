from django.urls import URLPattern

from config.api.routing import endpoint
from workplace.api.forecast_jobs import ForecastStartView, ForecastStatusView
from workplace.api.forecasts import (
    LocationForecastsView,
    PeopleForecastsView,
    TeamForecastsView,
)

BASE = "workplace/v1/forecast"

urlpatterns: list[URLPattern] = [
    endpoint(f"{BASE}/start", ForecastStartView, name="workplace-forecast-start"),
    endpoint(f"{BASE}/status", ForecastStatusView, name="workplace-forecast-status"),
    endpoint(f"{BASE}/locations", LocationForecastsView, name="workplace-forecast-locations"),
    endpoint(f"{BASE}/teams", TeamForecastsView, name="workplace-forecast-teams"),
    endpoint(f"{BASE}/people", PeopleForecastsView, name="workplace-forecast-people"),
]
