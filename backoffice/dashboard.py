"""The back office's start page."""

from typing import Any

from django.http import HttpRequest


def show(_request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the day's numbers to the start page."""
    return context
