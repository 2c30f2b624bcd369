"""GET /api/sites and GET /api/rooms, as ready bytes. Source: Public API; public-api, sections 2 and 6."""

from django.http import HttpRequest, HttpResponse

from apitokens.authentication import caller_of
from apitokens.domain.callers import Caller, MissingHeader
from apitokens.models import Scope
from booking.api import catalogue_shapes as shapes
from booking.api import catalogue_shelf as shelf
from booking.api import free_rooms, paging
from booking.domain import catalogue
from booking.domain.catalogue import Filter
from config import clock
from config.api import conditional
from config.api.conditional import Representation
from config.api.errors import InvalidInput
from config.api.inputs import Reader, query
from config.api.reads import public_read
from sites_app.domain import countries
from sites_app.models import PUBLIC_TYPES, RoomType

ALL = "all"
INVALID_SITE = "Invalid site ID format."


class InvalidCountry(InvalidInput):
    """The seed answers this one refusal with an empty list beside it."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f'Invalid country: "{text}". Use ISO code (e.g., "FR", "BE") '
            'or country name (e.g., "France", "Belgium")',
            data=[],
        )


@public_read
def sites(request: HttpRequest) -> HttpResponse:
    """Answer with sites and their rooms; those that a filter leaves empty only without `type`."""
    caller = caller_of(request, scope=Scope.READ)
    params = query(request)
    types = _types(params, caller)
    wanted = Filter(with_hidden=caller is not None, country=country(params), types=types)
    now = clock.now()

    answer = shelf.sites(wanted, keep_empty=types is None, now=now)
    return _respond(request, answer, caller)


@public_read
def rooms(request: HttpRequest) -> HttpResponse:
    """Answer with rooms in detail; those asked for by size, time or page are listed anew."""
    caller = caller_of(request, scope=Scope.READ)
    params = query(request)
    wanted = Filter(
        with_hidden=caller is not None,
        country=country(params),
        site_id=params.object_id("site", message=INVALID_SITE),
        types=_types(params, caller),
        capacity=params.integer("capacity", minimum=1),
    )
    now = clock.now()
    page = paging.read(params)
    window = free_rooms.read(params)
    if wanted.capacity is None and page is None and window is None:
        answer = shelf.rooms(wanted, now=now)
    else:
        found = catalogue.list_rooms(wanted, now=now)
        listed = free_rooms.among(found.rooms, window=window, now=now)
        shown, cursor = paging.cut(listed, page)
        data = [shapes.room(room, with_token=wanted.with_hidden, now=now) for room in shown]
        answer = shelf.written(data, **({"nextCursor": cursor} if cursor else {}))
    return _respond(request, answer, caller)


def country(params: Reader) -> str | None:
    """Read `country` in any of its spellings; None is no filter."""
    text = params.text("country", max_length=100)
    code = countries.resolve(text) if text else None
    if text and code is None:
        raise InvalidCountry(text)
    return code


def _types(params: Reader, caller: Caller | None) -> tuple[str, ...] | None:
    """Read `type`; None is no filter. Without a token a known private type asks for one."""
    wanted = params.text("type", max_length=100)
    if not wanted or wanted == ALL:
        return None
    allowed = RoomType.values if caller else list(PUBLIC_TYPES)
    if wanted in allowed:
        return (wanted,)
    if wanted in RoomType.values:
        raise MissingHeader
    raise InvalidInput(f"Invalid type: must be one of {', '.join([*allowed, ALL])}")


def _respond(request: HttpRequest, answer: Representation, caller: Caller | None) -> HttpResponse:
    return conditional.respond(
        request,
        answer,
        cache_control=conditional.PRIVATE if caller else conditional.PUBLIC,
        headers=caller.headers if caller else None,
    )
