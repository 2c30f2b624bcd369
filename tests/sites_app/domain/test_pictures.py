"""Taking pictures in: what is refused, and what is left of what is accepted."""

import io

import pytest
from PIL import Image

from sites_app.domain import pictures
from tests.factories.sites_app import RoomFactory

pytestmark = pytest.mark.django_db


def _file(size=(800, 600), kind="JPEG", mode="RGB", **options) -> io.BytesIO:
    written = io.BytesIO()
    Image.new(mode, size).save(written, kind, **options)
    written.seek(0)
    return written


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_accepted_picture_is_written_anew(kind):
    image = pictures.store(RoomFactory(), _file(kind=kind))

    assert (image.width, image.height) == (800, 600)
    with image.file.open() as stored:
        assert Image.open(stored).format == "WEBP"
    assert image.file.name.endswith(".webp")


def test_pictures_stand_in_the_order_of_upload():
    room = RoomFactory()
    stored = [pictures.store(room, _file()) for _ in range(3)]
    assert [image.position for image in stored] == [0, 1, 2]
    assert list(room.images.all()) == stored


def test_where_it_was_taken_is_forgotten_and_its_turn_applied():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010E] = "secret place"
    image = pictures.store(RoomFactory(), _file(exif=exif))

    assert (image.width, image.height) == (600, 800)
    with image.file.open() as stored:
        assert not Image.open(stored).getexif()


def test_large_pictures_are_made_smaller():
    image = pictures.store(RoomFactory(), _file(size=(4000, 3000)))
    assert (image.width, image.height) == (2560, 1920)


@pytest.mark.parametrize("size", [(6000, 4000), (24_000_000 // 4000, 4000)])
def test_24_megapixels_are_read(size):
    assert pictures.store(RoomFactory(), _file(size=size, kind="PNG", mode="1")).width == 2560


@pytest.mark.parametrize("size", [(6001, 4000), (9000, 9000), (20_000, 20_000)])
def test_more_pixels_are_refused_before_they_are_decoded(size):
    bomb = _file(size=size, kind="PNG", mode="1")
    with pytest.raises(pictures.PictureRefused, match="24 megapixels"):
        pictures.store(RoomFactory(), bomb)


def test_more_than_5_mib_are_refused():
    picture = _file().getvalue()
    fitting = io.BytesIO(picture + bytes(pictures.MAX_BYTES - len(picture)))
    pictures.store(RoomFactory(), fitting)
    with pytest.raises(pictures.PictureRefused, match="5 MiB"):
        pictures.store(RoomFactory(), io.BytesIO(picture + bytes(pictures.MAX_BYTES)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a",
        _file(kind="GIF").getvalue(),
        _file(kind="BMP").getvalue(),
        _file().getvalue()[:200],
    ],
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(pictures.PictureRefused):
        pictures.store(RoomFactory(), io.BytesIO(content))
    assert not pictures.RoomImage.objects.exists()


def test_nothing_of_a_second_content_survives():
    polyglot = io.BytesIO(_file().getvalue() + b"<script>alert(1)</script>")
    image = pictures.store(RoomFactory(), polyglot)
    with image.file.open() as stored:
        assert b"script" not in stored.read()
