"""What every list and form of the back office has in common."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import ModelAdmin

from config import ids, record_history
from config.errors import DomainError


class RecordAdmin(ModelAdmin):
    """A list that stays quick however long it is; an exact id finds its record, history is the database's.

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
            response: HttpResponse = super().changeform_view(
                request, object_id, form_url, extra_context
            )
        except DomainError as error:
            self.tell(request, error.message, failed=True)
            return HttpResponseRedirect(request.get_full_path())
        return response

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = dict(extra_context or {})
        if record_history.is_kept(self.model):
            context["changes"] = record_history.of_record(self.model, object_id)
        response: HttpResponse = super().history_view(request, object_id, context)
        return response

    def address_of(self, pk: str) -> str:
        """Answer where a record of this model is edited."""
        options = self.model._meta
        return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[pk])

    def back_to(self, pk: str) -> HttpResponse:
        """Lead from a dialog back to the record."""
        return HttpResponse(headers={"HX-Redirect": self.address_of(pk)})

    def tell(self, request: HttpRequest, text: str, *, failed: bool = False) -> None:
        self.message_user(request, text, messages.ERROR if failed else messages.SUCCESS)


class ReadOnlyAdmin(RecordAdmin):
    """Records that only the portal itself writes."""

    def has_add_permission(self, request: HttpRequest, _obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False
