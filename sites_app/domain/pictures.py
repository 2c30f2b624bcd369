"""Pictures of rooms: taking them in safely, their addresses, and the sizes in which they are shown.

Source: public-api, section 2, GET /imageroom; section 1, Addresses.
"""

import datetime as dt
import hashlib
import io
from dataclasses import dataclass
from functools import lru_cache
from typing import IO
from urllib.parse import urlencode

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare
from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from config import ids
from config.errors import DomainError
from sites_app.models import PUBLIC_TYPES, Room, RoomImage

WIDTHS = (320, 640, 1280)
MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 24_000_000
SIGNED_DAYS = 8

_FORMATS = ("JPEG", "PNG", "WEBP")
_LONGEST_SIDE = 2560
_TOO_MANY_PIXELS = "The picture must have at most 24 megapixels"
_QUALITY = 82
_SIGNER = Signer(salt="sites_app.pictures")


class PictureRefused(DomainError):
    """The file is no picture that can be shown."""

    code = "PICTURE_REFUSED"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's bytes in WebP or as uploaded, and a name that changes with them."""

    body: bytes
    content_type: str
    tag: str


def written_anew(file: IO[bytes]) -> ContentFile:
    """Return an upload's picture alone, as WebP under a name that nobody can guess.

    :raises PictureRefused: over 5 MiB or 24 megapixels, or neither JPEG, PNG nor WebP.
    """
    raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise PictureRefused("The picture must be at most 5 MiB")
    picture = _decode(raw)
    picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return ContentFile(_webp(picture), name=f"{ids.new_id()}.webp")


def url(
    *,
    room_id: str,
    image_id: str | None,
    is_public: bool,
    now: dt.datetime,
    width: int | None = None,
) -> str:
    """Return the address of a room's picture; without one, of the neutral picture.

    A private room's address is signed and works for 7 to 8 days; it changes once a day.
    """
    id_ = image_id or room_id
    if is_public and width is None:
        return f"{settings.PUBLIC_URL}/imageroom?id={id_}"
    query: dict[str, str] = {"id": id_}
    if width is not None:
        query["w"] = str(width)
    if not is_public:
        until = (now.astimezone(dt.UTC).date() + dt.timedelta(days=SIGNED_DAYS)).isoformat()
        query |= {"until": until, "signature": _signature(id_, until)}
    return f"{settings.PUBLIC_URL}/imageroom?{urlencode(query)}"


def is_signed(*, id_: str, until: str, signature: str, now: dt.datetime) -> bool:
    """Say whether an address was made by `url` and still works; its last day is the day before."""
    today = now.astimezone(dt.UTC).date().isoformat()
    return today < until and constant_time_compare(signature, _signature(id_, until))


def is_public(room: Room) -> bool:
    """Say whether anybody may see the pictures of a room, fetched with its site."""
    return room.site.is_public and room.type in PUBLIC_TYPES


def tag(image: RoomImage | None, *, width: int | None) -> str:
    """Name the bytes that `show` would return, without reading them."""
    name = image.file.name if image else "neutral"
    return hashlib.sha256(f"{name} {width}".encode()).hexdigest()[:32]


def show(image: RoomImage | None, *, width: int | None) -> Picture:
    """Return a picture, resized to `width` when one is given; without image the neutral one.

    A picture narrower than `width` keeps its size. Resized ones are kept in the storage.
    """
    name = tag(image, width=width)
    if image is None:
        return Picture(neutral(width or WIDTHS[1]), "image/webp", name)
    if width is None:
        return Picture(_stored(str(image.file.name)), _content_type(str(image.file.name)), name)
    return Picture(_resized(image, width), "image/webp", name)


@lru_cache(maxsize=len(WIDTHS) + 1)
def neutral(width: int) -> bytes:
    """Draw what stands for a room without a picture: a table, its chairs and a window, 16 by 9."""
    height = width * 9 // 16
    unit = width / 320
    picture = Image.new("RGB", (width, height), "#e9eef0")
    draw = ImageDraw.Draw(picture)

    def box(left: float, top: float, right: float, bottom: float, colour: str) -> None:
        corners = [left * unit, top * unit, right * unit, bottom * unit]
        draw.rounded_rectangle(corners, radius=4 * unit, fill=colour)

    draw.rectangle([0, 130 * unit, width, height], fill="#d8e0e3")
    box(110, 25, 210, 85, "#cfdade")
    box(114, 29, 158, 81, "#f6f9fa")
    box(162, 29, 206, 81, "#f6f9fa")
    for left in (82, 122, 162, 202):
        box(left, 96, left + 26, 132, "#b4c3c9")
    box(66, 118, 254, 128, "#8fa3ab")
    box(86, 128, 92, 160, "#8fa3ab")
    box(228, 128, 234, 160, "#8fa3ab")
    return _webp(picture)


def _decode(raw: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(raw), formats=_FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise PictureRefused(_TOO_MANY_PIXELS)
            return ImageOps.exif_transpose(opened).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureRefused(_TOO_MANY_PIXELS) from None
    except UnidentifiedImageError:
        raise PictureRefused("The picture must be a JPEG, PNG or WebP file") from None
    except (OSError, ValueError, SyntaxError):
        raise PictureRefused("The picture cannot be read") from None


def _webp(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "WEBP", quality=_QUALITY)
    return written.getvalue()


def _resized(image: RoomImage, width: int) -> bytes:
    name = f"rooms/resized/{tag(image, width=width)}.webp"
    if default_storage.exists(name):
        return _stored(name)
    picture = _decode(_stored(str(image.file.name)))
    picture.thumbnail((width, picture.height))
    body = _webp(picture)
    written = default_storage.save(name, ContentFile(body))
    if written != name:
        default_storage.delete(written)  # another process was first
    return body


def _stored(name: str) -> bytes:
    with default_storage.open(name) as file:
        body: bytes = file.read()
        return body


def _content_type(name: str) -> str:
    return {"png": "image/png", "webp": "image/webp"}.get(
        name.rpartition(".")[2].lower(), "image/jpeg"
    )


def _signature(id_: str, until: str) -> str:
    return _SIGNER.signature(f"{id_} {until}")
