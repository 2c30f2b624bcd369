"""Links of the back office from one record to the lists of what belongs to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class ListLink:
    """A list, by its model ("booking.meeting"), narrowed down by its own filters, or `q` to search."""

    label: str | Promise
    model: str
    narrowed_by: dict[str, Any]

    @property
    def address(self) -> str:
        name = reverse(f"admin:{self.model.replace('.', '_')}_changelist")
        return f"{name}?{urlencode(self.narrowed_by)}"


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of the back office that is no record's, by its name, with what it is asked for."""

    label: str | Promise
    page: str
    asked_for: dict[str, Any]

    @property
    def address(self) -> str:
        return f"{reverse(f'admin:{self.page}')}?{urlencode(self.asked_for)}"


def shown(links: Iterable[ListLink | PageLink]) -> SafeString:
    """Write links side by side."""
    rows = [
        (format_html('<a class="text-link" href="{}">{}</a>', link.address, link.label),)
        for link in links
    ]
    return format_html_join(" · ", "{}", rows)
