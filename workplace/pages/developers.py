"""The Workplace API in the developers' home: its guide, and its reference with "Try it now" for reads.

The reference is made from the OpenAPI document. Source: workplace-api, section 0.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from booking.pages import developers as public
from config import clock
from config.api import loopback, reference
from config.api.reference import Operation
from workplace.api import openapi
from workplace.pages import notes
from workplace.pages.try_form import KeyTryForm

NAME = "developers-workplace"
EXAMPLES = {
    "first": 'curl "@portal@/workplace/v1/team/settings?limit=100" \\\n  -H "x-api-key: $KEY"',
    "success": """{
  "success": true,
  "data": {
    "team_settings": [],
    "pagination": {"current_results": {"from": 0, "to": 0}, "total_results": 0}
  },
  "identifier": "get_team_settings_successful"
}""",
    "refusal": """{
  "success": false,
  "error": {
    "code": "validation_failed",
    "message": "Invalid limit: must be at most 1000",
    "details": [{"path": "limit", "message": "must be at most 1000"}],
    "request_id": "req_6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
  },
  "identifier": "get_team_settings_failed"
}""",
}
"""What the guide shows; `@portal@` stands for this portal's address."""


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Show how to begin, in the reader's language, and every endpoint by its subject."""
    groups: dict[str, list[Operation]] = {}
    for operation in _operations():
        groups.setdefault(operation.tag, []).append(operation)
    languages = (public.language(), settings.LANGUAGE_CODE)
    context = {
        "bodies": [f"developers/guide/workplace.{code}.html" for code in languages],
        "groups": groups,
        "navigation": public.navigation(NAME),
        **{name: text.replace("@portal@", settings.PUBLIC_URL) for name, text in EXAMPLES.items()},
    }
    return render(request, "developers/workplace.html", context)


@sensitive_post_parameters("token")
@never_cache
def endpoint(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one endpoint; a form sent from it makes the call, where that only reads, and shows the answer."""
    operations = [operation for operation in _operations() if operation.slug == slug]
    if not operations:
        raise Http404
    tried = request.POST.get("method") if request.method == "POST" else None
    context = {
        "path": operations[0].path,
        "sections": [_section(request, operation, tried=tried) for operation in operations],
        "navigation": public.navigation(NAME),
        "base": settings.PUBLIC_URL,
        "is_plain": True,  # the form is sent like any other: its header is not the other API's
    }
    return render(request, "developers/endpoint.html", context)


def address(operation: Operation) -> str:
    """Return where an operation is explained."""
    return reverse("developers-workplace-endpoint", args=[operation.slug])


def _section(request: HttpRequest, operation: Operation, *, tried: str | None) -> Mapping[str, Any]:
    section: dict[str, Any] = {
        "operation": operation,
        "curl": operation.curl(base=settings.PUBLIC_URL),
        "answers": [public.labelled(example) for example in operation.answers],
    }
    if operation.changes_things:
        return section
    form = KeyTryForm(request.POST if operation.method == tried else None, operation=operation)
    answer = loopback.perform(form.call, on_behalf_of=request) if form.is_valid() else None
    return section | {"form": form, "answer": public.shown(answer) if answer else None}


def _operations() -> list[Operation]:
    words = notes.notes(language=public.language())
    return reference.operations(openapi.document(), notes=words, today=clock.now().date())
