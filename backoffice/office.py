"""Clock and language of whoever works in the back office; its addresses carry neither.

Every account starts in English, so that only another language tells what somebody prefers; before that
their choice in this browser counts, then what the browser asks for.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest
from django.utils import translation

from organizations.models import User
from sites_app.models import Site


def zone() -> dt.tzinfo:
    """Return the operator's time zone: as configured, else that of most sites, else UTC."""
    if settings.OFFICE_TIME_ZONE:
        return ZoneInfo(settings.OFFICE_TIME_ZONE)
    zones = Site.objects.values_list("time_zone").annotate(number=Count("pk"))
    found = zones.order_by("-number", "time_zone").first()
    return ZoneInfo(found[0] if found else "UTC")


def language(request: HttpRequest) -> str:
    """Return the language to show the back office in."""
    preferred = getattr(request.user, "language", settings.LANGUAGE_CODE)
    if preferred != settings.LANGUAGE_CODE:
        return str(preferred)
    return translation.get_language_from_request(request)


def prefer(person: User, language: str) -> None:
    """Keep the language that somebody chose; what is mailed to them follows."""
    person.language = language
    person.save(update_fields=["language", "updated_at"])
