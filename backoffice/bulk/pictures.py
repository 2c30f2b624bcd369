"""Pictures of rooms beside a bulk file: checked and stored as they are, written out as they were."""

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, UnidentifiedImageError

from backoffice.bulk import codecs
from backoffice.bulk.entries import Entry, read
from backoffice.bulk.problems import at
from config import ids
from sites_app.domain.pictures import MAX_BYTES, MAX_PIXELS
from sites_app.models import RoomImage

FOLDER = "images"
_ALT_TEXT = codecs.text(longest=200)
_ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}


def wanted(entries: Sequence[Entry], *, folder: Path) -> dict[str, list[RoomImage]]:
    """Read the pictures of the entries that speak of any: `image`, or `images` for several."""
    found = {}
    for entry in entries:
        if "image" in entry.given or "images" in entry.given:
            found[entry.id] = [
                _picture(entry, label, path, alt, position, folder)
                for position, (label, path, alt) in enumerate(_paths(entry))
            ]
    return found


def _paths(entry: Entry) -> list[tuple[str, object, str]]:
    several = entry.children("images")
    if several is None:
        single = entry.given.get("image")
        return [("image", single, "")] if single else []
    paths = []
    for position, item in enumerate(several):
        label = f"images[{position}]"
        alt = read(entry.place, f"{label}.altText", _ALT_TEXT, item.get("altText"))
        paths.append((f"{label}.file", item.get("file"), alt))
    return paths


def _picture(
    entry: Entry, label: str, path: object, alt: str, position: int, folder: Path
) -> RoomImage:
    if not isinstance(path, str) or not _is_inside(path):
        raise at(entry.place, label, "must be a path beside the file")
    try:
        body = (folder / path).read_bytes()
    except OSError:
        raise at(entry.place, label, f"{path} cannot be read") from None
    try:
        with Image.open(io.BytesIO(body), formats=tuple(_ENDINGS)) as opened:
            width, height, kind = *opened.size, opened.format
            opened.verify()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise at(entry.place, label, f"{path} is no JPEG, PNG or WebP picture") from None
    if len(body) > MAX_BYTES or width * height > MAX_PIXELS:
        raise at(entry.place, label, f"{path} is larger than 5 MiB or 24 megapixels")
    # Named by its bytes, so that loading the same file again stores and changes nothing.
    name = f"rooms/{hashlib.sha256(body).hexdigest()[:32]}.{_ENDINGS[kind or 'JPEG']}"
    image = RoomImage(
        id=ids.new_id(),
        room_id=entry.id,
        position=position,
        alt_text=alt,
        width=width,
        height=height,
    )
    image.file.name = name
    image.body = body  # type: ignore[attr-defined]  # the file's bytes travel with their row
    return image


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\x00" not in path


def save(found: dict[str, list[RoomImage]]) -> set[str]:
    """Make these rooms' pictures the wanted ones, touching only what differs; return those rooms."""
    changed = set()
    stored: dict[str, list[RoomImage]] = {}
    for image in RoomImage.objects.filter(room__in=found).order_by("position", "id"):
        stored.setdefault(image.room_id, []).append(image)
    for room_id, images in found.items():
        if _facts(images) == _facts(stored.get(room_id, [])):
            continue
        RoomImage.objects.filter(room=room_id).delete()
        for image in images:
            _store(image)
        RoomImage.objects.bulk_create(images)
        changed.add(room_id)
    return changed


def _facts(images: Sequence[RoomImage]) -> list[tuple[str, str]]:
    return [(str(image.file.name), image.alt_text) for image in images]


def _store(image: RoomImage) -> None:
    # A name holds the bytes' fingerprint: what is there under it is the same picture.
    if not default_storage.exists(str(image.file.name)):
        default_storage.save(str(image.file.name), ContentFile(image.body))  # type: ignore[attr-defined]  # set above


def write(image: RoomImage, *, folder: Path, number: int) -> str:
    """Write a stored picture beside the file and return its path there."""
    suffix = f"-{number + 1}" if number else ""
    path = f"{FOLDER}/{image.room_id}{suffix}{PurePosixPath(str(image.file.name)).suffix}"
    target = folder / path
    target.parent.mkdir(exist_ok=True)
    with default_storage.open(str(image.file.name)) as source:
        target.write_bytes(source.read())
    return path
