"""Pages of text: terms, privacy, legal notice.

Each is a template for each language; an operator's own text in DATA_DIR/texts/documents wins.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe


@require_safe
def document(request: HttpRequest, name: str) -> HttpResponse:
    """Show a text in the reader's language, or in English where there is no translation."""
    language = get_language() or settings.LANGUAGE_CODE
    bodies = [f"documents/{name}.{code}.html" for code in (language, settings.LANGUAGE_CODE)]
    context = {"bodies": bodies, "public_url": settings.PUBLIC_URL, "name": name}
    return render(request, "documents/page.html", context)
