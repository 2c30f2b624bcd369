"""What of the API will end, and when: declared here, told by every answer that it concerns.

Source: public-api, section 7, "API changes": six months' notice, `Deprecation` and `Sunset` headers;
RFC 9745 and RFC 8594.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date

NOTICE = dt.timedelta(days=183)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprecation:
    """An endpoint, or one parameter or body field of it, that ends on a day (midnight UTC).

    `replaced_by` is the path of what takes its place. What is told of a field concerns only the calls
    that send it; a field of an answer is declared for its whole endpoint.
    """

    method: str
    path: str
    field: str = ""
    announced_on: dt.date
    ends_on: dt.date
    replaced_by: str = ""

    def __post_init__(self) -> None:
        if self.ends_on - self.announced_on < NOTICE:
            raise ValueError(
                f"{self.method} {self.path} {self.field}: less than six months' notice"
            )


TABLE: tuple[Deprecation, ...] = ()
"""All that is announced today; the guide's page of changes lists it."""


def concerns_fields_of(request: HttpRequest) -> bool:
    """Tell whether any parameter of this endpoint is to end, so that it matters which ones were sent."""
    return any(entry.field for entry in _entries(request))


def announce(
    request: HttpRequest, response: HttpResponse, *, sent: Collection[str]
) -> HttpResponse:
    """Write into the answer what of the call will end: of several things the first end counts.

    `sent` are the names of the parameters and body fields that came with the call.
    """
    found = [entry for entry in _entries(request) if not entry.field or entry.field in sent]
    if found:
        first = min(found, key=lambda entry: entry.ends_on)
        response["Deprecation"] = f"@{int(_midnight(first.announced_on).timestamp())}"
        response["Sunset"] = http_date(_midnight(first.ends_on).timestamp())
        response["Link"] = ", ".join(_links(first))
    return response


def _entries(request: HttpRequest) -> Iterator[Deprecation]:
    if not TABLE:
        return
    path = request.path_info.rstrip("/")
    asked = "GET" if request.method == "HEAD" else request.method
    for entry in TABLE:
        if (entry.method, entry.path) == (asked, path):
            yield entry


def _links(entry: Deprecation) -> Iterator[str]:
    yield f'<{settings.PUBLIC_URL}/developers/support/>; rel="deprecation"; type="text/html"'
    if entry.replaced_by:
        yield f'<{settings.PUBLIC_URL}{entry.replaced_by}>; rel="successor-version"'


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
