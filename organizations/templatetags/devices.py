"""Devices in the reader's words."""

from django import template
from django.utils.translation import gettext

from organizations.domain import devices

register = template.Library()


@register.filter
def device(user_agent: str) -> str:
    """Write "Firefox on Windows"; what cannot be told is shown as it came, cut short."""
    found = devices.named(user_agent)
    if found.browser and found.system:
        return gettext("%(browser)s on %(system)s") % {
            "browser": found.browser,
            "system": found.system,
        }
    return found.browser or found.system or user_agent[:40] or "–"
