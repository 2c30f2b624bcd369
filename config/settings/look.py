"""What the portal looks like: its name, and the back office's colours and doors.

Source: README, "Configuration".
"""

from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

env = environ.Env()

BRAND_NAME = env.str("BRAND_NAME", default="Workways")
BRAND_LOGO_URL = env.str("BRAND_LOGO_URL", default="")
BRAND_ACCENT = env.str("BRAND_ACCENT", default="")

OFFICE_TIME_ZONE = env.str("OFFICE_TIME_ZONE", default="")
if OFFICE_TIME_ZONE and OFFICE_TIME_ZONE not in available_timezones():
    raise ImproperlyConfigured(f"OFFICE_TIME_ZONE is no time zone: {OFFICE_TIME_ZONE}")

UNFOLD = {
    "SITE_TITLE": BRAND_NAME,
    "SITE_HEADER": BRAND_NAME,
    "SITE_SUBHEADER": _("Back office"),
    "SITE_SYMBOL": "meeting_room",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "backoffice.navigation.favicon"}
    ],
    "SHOW_BACK_BUTTON": True,
    "DASHBOARD_CALLBACK": "backoffice.dashboard.show",
    "STYLES": ["backoffice.navigation.stylesheet"],
    "SCRIPTS": ["backoffice.navigation.hours", "backoffice.navigation.dialogs"],
    "SIDEBAR": {"show_search": True, "navigation": "backoffice.navigation.sidebar"},
    "COMMAND": {"search_models": "backoffice.navigation.searched_models"},
    "ACCOUNT": {"navigation": "backoffice.navigation.account"},
    "COLORS": {
        "primary": {
            "50": "#eef7f3",
            "100": "#d9ede5",
            "200": "#b4dccb",
            "300": "#86c4ab",
            "400": "#56a88a",
            "500": "#2f8a6d",
            "600": "#0b5f4b",
            "700": "#095241",
            "800": "#084838",
            "900": "#073c2f",
            "950": "#03231b",
        }
    },
}
