"""Actions of lists that ask once more before they do what cannot simply be undone; without JavaScript."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise

CONFIRMED = "confirmed"
NAMED = 20
"""How many of the chosen records the question names."""

Action = Callable[[Any, HttpRequest, QuerySet[Any]], HttpResponse | None]


def confirmed(*, question: str | Promise, consequence: str | Promise) -> Callable[[Action], Action]:
    """Decorate a list's action so that a page first asks the question and names the records."""

    def decorate(act: Action) -> Action:
        @wraps(act)
        def asked(admin: Any, request: HttpRequest, chosen: QuerySet[Any]) -> HttpResponse | None:
            if request.POST.get(CONFIRMED) == "yes":
                return act(admin, request, chosen)
            context = {
                **admin.admin_site.each_context(request),
                "title": question,
                "consequence": consequence,
                "opts": admin.model._meta,
                "records": chosen[:NAMED],
                "others": max(chosen.count() - NAMED, 0),
                "posted": _posted(request),
            }
            return TemplateResponse(request, "admin/confirm_action.html", context)

        return asked

    return decorate


def _posted(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what the list sent, to be sent again with the answer."""
    names = ("action", "select_across", "index")
    once = [(name, request.POST[name]) for name in names if name in request.POST]
    return once + [(ACTION_CHECKBOX_NAME, pk) for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)]
