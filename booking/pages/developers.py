"""The developers' guide and the API reference with "Try it now".

The guide's pages are texts for each language; the reference is made from the OpenAPI document.
Source: public-api, section 1, Discovery.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from booking import selectors_examples
from booking.pages import api_notes
from booking.pages.try_form import TryForm
from config import clock
from config.api import deprecations, loopback, openapi, reference
from config.api.loopback import Answer
from config.api.reference import Operation

PAGES = {
    "quick-start": gettext_lazy("Quick start"),
    "authentication": gettext_lazy("Authentication"),
    "workflows": gettext_lazy("Booking workflows"),
    "errors": gettext_lazy("Errors and retries"),
    "limits": gettext_lazy("Limits and caching"),
    "events": gettext_lazy("Webhooks and change feed"),
    "calendars": gettext_lazy("Calendars"),
    "make": gettext_lazy("Make.com"),
    "practices": gettext_lazy("Good practice"),
    "support": gettext_lazy("Support and changes"),
}
_EXAMPLES = Path(settings.BASE_DIR) / "templates" / "developers" / "examples"
LANGUAGES_OF_CODE = {
    "sh": "Shell",
    "json": "JSON",
    "py": "Python",
    "js": "Node.js",
    "txt": "",
    "ics": "iCalendar",
}
_WEEKS_AHEAD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeExample:
    """One file of `templates/developers/examples` with this portal's address, ids and a day ahead."""

    id: str
    label: str
    language: str
    text: str


@require_safe
def guide(request: HttpRequest, page: str = "") -> HttpResponse:
    """Show a page of the guide in the reader's language."""
    if page and page not in PAGES:
        raise Http404
    reader = language()
    name = f"developers/guide/{page or 'overview'}"
    values = _values()
    context = {
        "bodies": [f"{name}.{code}.html" for code in (reader, settings.LANGUAGE_CODE)],
        "title": PAGES.get(page) or gettext_lazy("Developers"),
        "navigation": navigation(page),
        "following": _following(page),
        "public_url": settings.PUBLIC_URL,
        "settings_url": _settings_url(),
        "examples": _examples(values),
        "deprecations": deprecations.TABLE,
        **values,
    }
    return render(request, "developers/guide.html", context)


@require_safe
def reference_index(request: HttpRequest) -> HttpResponse:
    """List every endpoint of the document by its subject."""
    groups: dict[str, list[Operation]] = {}
    for operation in _operations():
        groups.setdefault(operation.tag, []).append(operation)
    context = {"groups": groups, "navigation": navigation("reference")}
    return render(request, "developers/reference.html", context)


@sensitive_post_parameters("token")
@never_cache
def endpoint(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one endpoint; a form sent from it makes the call and shows the answer."""
    operations = [operation for operation in _operations() if operation.slug == slug]
    if not operations:
        raise Http404
    tried = request.POST.get("method") if request.method == "POST" else None
    context = {
        "path": operations[0].path,
        "sections": [_section(request, operation, tried=tried) for operation in operations],
        "navigation": navigation("reference", slug=slug),
        "base": settings.PUBLIC_URL,
    }
    return render(request, "developers/endpoint.html", context)


def _section(request: HttpRequest, operation: Operation, *, tried: str | None) -> dict[str, Any]:
    is_tried = operation.method == tried
    form = TryForm(request.POST if is_tried else None, operation=operation)
    answer = loopback.perform(form.call, on_behalf_of=request) if form.is_valid() else None
    return {
        "operation": operation,
        "curl": operation.curl(base=settings.PUBLIC_URL),
        "form": form,
        "answers": [labelled(example) for example in operation.answers],
        "answer": shown(answer) if answer else None,
    }


_WAYS = {
    "plain": gettext_lazy("JSON"),
    "public": gettext_lazy("Without a token"),
    "token": gettext_lazy("With a token"),
}


def labelled(example: reference.Example) -> dict[str, Any]:
    return {
        "kind": example.kind,
        "text": example.text,
        "label": _WAYS.get(example.kind.partition("-")[0], example.kind),
    }


def shown(answer: Answer) -> dict[str, Any]:
    return {
        "status": f"{answer.status} {answer.reason}",
        "milliseconds": answer.milliseconds,
        "headers": "\n".join(f"{name}: {value}" for name, value in answer.headers),
        "body": _readable(answer),
        "cut": answer.cut,
    }


def _readable(answer: Answer) -> str:
    if not answer.is_text:
        return f"({len(answer.content)} bytes)"
    if answer.cut or not answer.text.startswith("{"):
        return answer.text
    return reference.dumps(reference.loads(answer.text))


def language() -> str:
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def _operations() -> list[Operation]:
    notes = api_notes.notes(language=language())
    return reference.operations(openapi.document(), notes=notes, today=clock.now().date())


def navigation(current: str, *, slug: str = "") -> list[dict[str, Any]]:
    start = {
        "label": gettext_lazy("Overview"),
        "url": reverse("developers"),
        "is_current": not current,
    }
    pages = [
        {
            "label": label,
            "url": reverse("developers-page", args=[page]),
            "is_current": page == current,
        }
        for page, label in PAGES.items()
    ]
    listed = {
        "label": gettext_lazy("API reference"),
        "url": reverse("developers-reference"),
        "is_current": current == "reference" and not slug,
        "endpoints": [{**row, "is_current": row["slug"] == slug} for row in _endpoint_rows()]
        if current == "reference"
        else [],
    }
    demo = {"label": gettext_lazy("Demo application"), "url": reverse("demo"), "is_current": False}
    others = [
        {"label": label, "url": reverse(name), "is_current": name == current}
        for name, label in settings.DEVELOPERS_ALSO.items()
    ]
    return [start, *pages, listed, *others, demo]


@lru_cache(maxsize=1)
def _endpoint_paths() -> list[tuple[str, tuple[str, ...]]]:
    return [(path, tuple(methods)) for path, methods in openapi.document()["paths"].items()]


def _endpoint_rows() -> list[dict[str, Any]]:
    return [
        {
            "slug": (slug := reference.slug_of(path)),
            "path": path,
            "methods": " ".join(method.upper() for method in methods),
            "url": reverse("developers-endpoint", args=[slug]),
        }
        for path, methods in _endpoint_paths()
    ]


def _following(page: str) -> dict[str, Any]:
    """Return the page to read next; after the last comes the reference."""
    names = ["", *PAGES]
    after = names[names.index(page) + 1 :]
    if after:
        return {"label": PAGES[after[0]], "url": reverse("developers-page", args=[after[0]])}
    return {"label": gettext_lazy("API reference"), "url": reverse("developers-reference")}


def _settings_url() -> str:
    """Return where people ask for access and keep their tokens."""
    return reverse("api-tokens")


def _values() -> dict[str, str]:
    """Return what stands for @name@ in examples: this portal's address and ids, a weekday ahead."""
    today = clock.now().date()
    tuesday = today + dt.timedelta(days=1 - today.weekday(), weeks=_WEEKS_AHEAD)
    return {
        "portal": settings.PUBLIC_URL,
        "day": tuesday.isoformat(),
        "next_day": (tuesday + dt.timedelta(days=1)).isoformat(),
        **selectors_examples.example_ids(),
    }


@lru_cache(maxsize=1)
def _example_files() -> dict[str, str]:
    return {
        path.name: path.read_text(encoding="utf-8").rstrip("\n") for path in _EXAMPLES.iterdir()
    }


def _examples(values: dict[str, str]) -> dict[str, CodeExample]:
    """Return the examples by file name, with `_` for every other sign: `first_call_sh`."""
    found = {}
    for file, text in _example_files().items():
        stem, _, kind = file.partition(".")
        key = f"{stem}_{kind}".replace("-", "_")
        filled = text
        for name, value in values.items():
            filled = filled.replace(f"@{name}@", value)
        label = LANGUAGES_OF_CODE[kind]
        found[key] = CodeExample(
            id=f"example-{stem}-{kind}", label=label, language=kind, text=filled
        )
    return found
