"""Archiving in the back office, of people as of companies."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action

from config.admin_confirming import confirmed
from organizations.domain import archiving


class ArchivingActions:
    """Archive and bring back the chosen records, through the domain; cards follow what a form says."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        super().save_related(request, form, formsets, change)  # type: ignore[misc]  # the admin's
        archiving.cards_follow(type(form.instance), [form.instance.pk])

    @action(description=_("Archive"))
    @confirmed(
        question=_("Archive these records?"),
        consequence=_(
            "Whoever belongs to them is logged out and can no longer log in, book or call the API, and "
            "their access cards are blocked. They can be brought back from the archive."
        ),
    )
    def archive(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        count = archiving.archive(chosen)
        self.tell(  # type: ignore[attr-defined]  # of the admin it is mixed into
            request, ngettext("%d record archived.", "%d records archived.", count) % count
        )

    @action(description=_("Bring back from the archive"))
    def unarchive(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        count = archiving.unarchive(chosen)
        self.tell(  # type: ignore[attr-defined]  # of the admin it is mixed into
            request, ngettext("%d record brought back.", "%d records brought back.", count) % count
        )
