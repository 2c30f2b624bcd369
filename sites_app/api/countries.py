"""GET /api/countries: where there are public sites."""

from django.http import HttpRequest, HttpResponse

from config.api import conditional
from config.api.envelope import OK, dumps
from config.api.reads import public_read
from sites_app import selectors
from sites_app.domain import countries as names


@public_read
def countries(request: HttpRequest) -> HttpResponse:
    """Answer with English names, sorted; a token is not looked at."""
    data = sorted(names.english_name(code) for code in selectors.public_countries())
    body = dumps({"retcode": OK, "message": "OK", "data": data})
    found = conditional.represent(body)
    return conditional.respond(request, found, cache_control=conditional.PUBLIC)
