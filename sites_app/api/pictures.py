"""GET /imageroom: a room's picture, by the picture's or the room's id."""

from django.http import HttpRequest, HttpResponse

from config import clock, ids
from config.api import conditional
from config.api.conditional import Representation
from config.api.errors import InvalidInput
from config.api.inputs import query
from config.api.reads import public_read
from config.errors import DomainError
from sites_app import selectors
from sites_app.domain import pictures
from sites_app.models import RoomImage

FOR_EVER = "max-age=31536000, immutable"
FOR_A_WHILE = "max-age=300"


class ImageNotFound(DomainError):
    """There is no such picture, or the caller may not see it: both answer alike."""

    code = "IMAGE_NOT_FOUND"
    status = 404
    message = "Image not found"


@public_read
def imageroom(request: HttpRequest) -> HttpResponse:
    """Answer with the picture; of a private room only by a signed address, else as if unknown."""
    params = query(request)
    params.require("id")
    width = params.integer("w")
    if width is not None and width not in pictures.WIDTHS:
        raise InvalidInput(f"Invalid w: must be one of {', '.join(map(str, pictures.WIDTHS))}")
    id_ = ids.normalise(params.text("id"))
    room, image = selectors.pictured(id_) if id_ else (None, None)
    if id_ is None or room is None:
        raise ImageNotFound
    is_public = pictures.is_public(room)
    if not is_public and not pictures.is_signed(
        id_=id_,
        until=params.text("until", max_length=10),
        signature=params.text("signature", max_length=100),
        now=clock.now(),
    ):
        raise ImageNotFound
    kept = FOR_EVER if image is not None and image.id == id_ else FOR_A_WHILE
    return _answer(request, image, width, f"{'public' if is_public else 'private'}, {kept}")


def _answer(
    request: HttpRequest, image: RoomImage | None, width: int | None, cache_control: str
) -> HttpResponse:
    tag = pictures.tag(image, width=width)
    if f'"{tag}"' in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304, headers={"ETag": f'"{tag}"'})
        response["Cache-Control"] = cache_control
        return response
    try:
        shown = pictures.show(image, width=width)
    except FileNotFoundError:
        raise ImageNotFound from None
    found = Representation(shown.body, tag, shown.content_type, is_compressible=False)
    response = conditional.respond(request, found, cache_control=cache_control)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    del response["Vary"]
    return response
