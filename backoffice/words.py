"""Words of the back office's toolkit that it brings in English alone; listed here, they are translated."""

from django.utils.translation import gettext_noop

TOOLKIT = (
    gettext_noop("General"),
    gettext_noop("No results found"),
    gettext_noop("Reset filters"),
    gettext_noop("Search apps and models..."),
    gettext_noop("This page yielded into no results. Create a new item or reset your filters."),
    gettext_noop("Type to search"),
)
