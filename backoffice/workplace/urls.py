"""The addresses of the workplace manager's pages, below those of the back office."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from backoffice.workplace import pages, runs

Guard = Callable[[Callable[..., Any]], Callable[..., Any]]


def patterns(guard: Guard) -> list[URLPattern]:
    """List the pages behind the back office's guard."""
    return [
        path("locations/", guard(pages.locations), name="workplace-locations"),
        path("locations/<str:site_id>/", guard(pages.location), name="workplace-location"),
        path("locations/<str:site_id>/forecast/", guard(runs.forecast), name="workplace-forecast"),
        path("locations/<str:site_id>/<str:on>/", guard(pages.day), name="workplace-day"),
        path(
            "locations/<str:site_id>/<str:on>/work-out/",
            guard(runs.start),
            name="workplace-work-out",
        ),
        path("plans/<uuid:run_id>/", guard(runs.run), name="workplace-run"),
        path("plans/<uuid:run_id>/accept/", guard(runs.accept), name="workplace-accept"),
        path("plans/<uuid:run_id>/take-back/", guard(runs.take_back), name="workplace-take-back"),
    ]
