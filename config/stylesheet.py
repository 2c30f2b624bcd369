"""The site's style sheet: the layered files joined at run time into one immutable answer.

One request instead of twenty, without a build step; the operator's colours come with it.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from config import branding

CSS_DIR = Path(settings.BASE_DIR) / "static" / "css"
LAYERS = "@layer reset, tokens, base, layout, components, pages;"
GROUND = ("reset.css", "tokens.css", "base.css", "layout.css")
YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class Sheet:
    """The joined sheet, plain and packed, with a name that changes with its content."""

    content: bytes
    packed: bytes
    digest: str


def _files() -> list[Path]:
    return [CSS_DIR / name for name in GROUND] + sorted((CSS_DIR / "components").glob("*.css"))


def _build() -> Sheet:
    parts = [LAYERS, *(path.read_text(encoding="utf-8") for path in _files())]
    content = "\n".join([*parts, branding.tokens(settings.BRAND_ACCENT)]).encode()
    return Sheet(
        content=content,
        packed=gzip.compress(content, compresslevel=9, mtime=0),
        digest=hashlib.sha256(content).hexdigest()[:16],
    )


_build_once = lru_cache(maxsize=1)(_build)


def current() -> Sheet:
    """Join the files once; in development at every call, so that an edit shows at once."""
    return _build() if settings.DEBUG else _build_once()


def url() -> str:
    """Answer the address under which the current sheet may be kept for ever."""
    return reverse("stylesheet", args=[current().digest])


@require_safe
def stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    """Serve the sheet; an outdated name gets the current one, not to be kept."""
    sheet = current()
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(sheet.packed if packs else sheet.content, content_type="text/css")
    if packs:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    is_current = digest == sheet.digest
    response["Cache-Control"] = (
        f"public, max-age={YEAR_SECONDS}, immutable" if is_current else "no-cache"
    )
    return response
