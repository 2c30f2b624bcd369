"""The pages of the API settings as their tabs."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext


def sections(current: str) -> list[dict[str, Any]]:
    """List the tabs; `current` names the page that is open."""
    listed = [
        ("api-tokens", gettext("Tokens and usage")),
        ("api-webhooks", gettext("Webhooks")),
        ("api-calls", gettext("Call log")),
    ]
    return [
        {"label": label, "url": reverse(name), "is_current": name == current}
        for name, label in listed
    ]
