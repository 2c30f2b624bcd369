"""What every list and form of the back office has in common."""

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from config import admin_clocks, ids, record_history
from config.errors import DomainError


class RecordList(ChangeList):
    """A list that offers to show everything only where something is left out."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.query and not self.get_filters_params():
            self.full_result_count = self.result_count


class RecordAdmin(ModelAdmin):
    """A list that stays quick however long it is; an exact id finds its record, history is the database's.

    Moments stand on the clock of the site that a record belongs to, else on the reader's.
    Nothing is deleted unless a subclass says that it may be: other records and reports refer to it.
    """

    list_per_page = 50
    show_full_result_count = False
    list_fullwidth = True
    compressed_fields = True
    warn_unsaved_form = True
    list_filter_submit = True
    object_history_template = "admin/record_history.html"
    may_be_deleted: ClassVar[bool] = False
    clock_of: ClassVar[str] = ""
    """The path from a record to its site, such as "room__site"."""

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [self._clocked.get(name, name) for name in super().get_list_display(request)]

    @cached_property
    def _clocked(self) -> dict[str, Any]:
        """Columns of moments, by their fields' names; made once, as Django compares columns."""
        return {
            field.name: admin_clocks.column(field, path=self.clock_of)
            for field in self.model._meta.get_fields()
            if admin_clocks.is_clocked(field)
        }

    def get_changelist(self, _request: HttpRequest, **_kwargs: Any) -> type[ChangeList]:
        return RecordList

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """Look an id up by its key; search the texts for anything else."""
        if key := ids.normalise(search_term.strip()):
            return queryset.filter(pk=key), False
        found: tuple[models.QuerySet[Any], bool] = super().get_search_results(
            request, queryset, search_term
        )
        return found

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.may_be_deleted and super().has_delete_permission(request, obj)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what the domain refuses after the form was found good; nothing is saved then."""
        try:
            with timezone.override(self._zone(request, object_id)):
                return _rendered(
                    super().changeform_view(request, object_id, form_url, extra_context)
                )
        except DomainError as error:
            self.tell(request, error.message, failed=True)
            return HttpResponseRedirect(request.get_full_path())

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = dict(extra_context or {})
        if record_history.is_kept(self.model):
            context["changes"] = record_history.of_record(self.model, object_id)
        with timezone.override(self._zone(request, object_id)):
            return _rendered(super().history_view(request, object_id, context))

    def _zone(self, request: HttpRequest, object_id: str | None) -> str:
        """Return the time zone that a record's pages stand in."""
        reader = timezone.get_current_timezone_name()
        if not self.clock_of or object_id is None:
            return reader
        record = self.get_object(request, unquote(object_id))
        return admin_clocks.zone_of(record, self.clock_of) or reader

    def address_of(self, pk: str) -> str:
        """Answer where a record of this model is edited."""
        options = self.model._meta
        return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[pk])

    def back_to(self, pk: str) -> HttpResponse:
        """Lead from a dialog back to the record."""
        return HttpResponse(headers={"HX-Redirect": self.address_of(pk)})

    def tell(self, request: HttpRequest, text: str, *, failed: bool = False) -> None:
        self.message_user(request, text, messages.ERROR if failed else messages.SUCCESS)


def _rendered(response: HttpResponse) -> HttpResponse:
    """Put a page into words now, while the clock that it is to show is set."""
    return response.render() if isinstance(response, SimpleTemplateResponse) else response


class ReadOnlyAdmin(RecordAdmin):
    """Records that only the portal itself writes."""

    def has_add_permission(self, request: HttpRequest, _obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False
