"""GET /api/countries: where there are public sites."""

from django.http import HttpRequest, HttpResponse

from config.api import conditional
from config.api.envelope import OK, dumps
from config.api.reads import public_read
from sites_app.domain import countries as names
from sites_app.models import Site


@public_read
def countries(request: HttpRequest) -> HttpResponse:
    """Answer with English names, sorted; a token is not looked at."""
    codes = Site.objects.filter(is_public=True).values_list("country", flat=True).distinct()
    data = sorted(names.english_name(code) for code in codes)
    body = dumps({"retcode": OK, "message": "OK", "data": data})
    found = conditional.represent(body)
    return conditional.respond(request, found, cache_control=conditional.PUBLIC)
