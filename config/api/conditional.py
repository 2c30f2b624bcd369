"""Answers of reads as ready-made bytes: compressed once, named by an ETag, not sent twice.

Source: public-api, section 1, Caching.
"""

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest, HttpResponse

JSON = "application/json"
PUBLIC = "public, max-age=0, must-revalidate"
PRIVATE = "private, max-age=0, must-revalidate"

_WORTH_COMPRESSING = 1024
_NO_GZIP = re.compile(r"gzip\s*;\s*q=0(\.0*)?\s*(,|$)", re.IGNORECASE)
_ETAG = re.compile(r'"[^"]*"')


@dataclass(frozen=True)
class Representation:
    """One answer's bytes and their name without quotes; pictures are compressed already."""

    body: bytes
    tag: str
    content_type: str
    is_compressible: bool = True

    @cached_property
    def gzipped(self) -> bytes | None:
        """The bytes compressed when first asked for; None where that does not help."""
        is_worth_it = self.is_compressible and len(self.body) >= _WORTH_COMPRESSING
        return gzip.compress(self.body, 6, mtime=0) if is_worth_it else None


def represent(body: bytes, *, content_type: str = JSON) -> Representation:
    """Name the bytes; equal bytes get an equal name in every process."""
    return Representation(
        body=body, tag=hashlib.sha256(body).hexdigest()[:32], content_type=content_type
    )


def respond(
    request: HttpRequest,
    found: Representation,
    *,
    cache_control: str,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Answer 200 with the bytes, or 304 when the caller has them; HEAD gets the headers alone."""
    response = _not_modified(request, found) or _full(request, found)
    response["Vary"] = "Authorization, Accept-Encoding"
    response["Cache-Control"] = cache_control
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def _full(request: HttpRequest, found: Representation) -> HttpResponse:
    zipped = found.gzipped if _takes_gzip(request) else None
    body = found.body if zipped is None else zipped
    response = HttpResponse(
        b"" if request.method == "HEAD" else body, content_type=found.content_type
    )
    response["Content-Length"] = str(len(body))
    response["ETag"] = _names(found)[0 if zipped is None else 1]
    if zipped is not None:
        response["Content-Encoding"] = "gzip"
    return response


def _not_modified(request: HttpRequest, found: Representation) -> HttpResponse | None:
    known = request.headers.get("If-None-Match", "")
    if known.strip() == "*":
        known = _names(found)[0]
    for name in _ETAG.findall(known):
        if name in _names(found):
            return HttpResponse(status=304, headers={"ETag": name})
    return None


def _names(found: Representation) -> tuple[str, str]:
    """Return the strong ETags of the plain and of the gzipped bytes."""
    return f'"{found.tag}"', f'"{found.tag}-gzip"'


def _takes_gzip(request: HttpRequest) -> bool:
    accepted = request.headers.get("Accept-Encoding", "")
    return "gzip" in accepted.lower() and not _NO_GZIP.search(accepted)
