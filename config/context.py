"""What every page's template may read."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def branding(_request: HttpRequest) -> dict[str, Any]:
    """Give templates the operator's name and logo."""
    return {
        "brand": {
            "name": settings.BRAND_NAME,
            "logo_url": settings.BRAND_LOGO_URL,
            "accent": settings.BRAND_ACCENT,
            "support_email": settings.SUPPORT_EMAIL,
        }
    }
