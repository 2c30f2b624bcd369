"""Addresses of the API: no slash is canonical, a slash works too, without a redirect that would drop a body.

Source: public-api, section 1, Trailing slash.
"""

from typing import Any

from django.urls import URLPattern, re_path


def endpoint(path: str, view: Any, *, name: str) -> URLPattern:
    """Route `path` (without slashes at its ends) to a class-based API view."""
    pattern: URLPattern = re_path(rf"^{path}/?$", view.as_view(), name=name)
    return pattern
