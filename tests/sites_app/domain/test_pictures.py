"""Taking pictures in: what is refused, and what is left of what is accepted."""

import io

import pytest
from PIL import Image

from sites_app.domain import pictures


def _file(size=(800, 600), kind="JPEG", mode="RGB", **options) -> io.BytesIO:
    written = io.BytesIO()
    Image.new(mode, size).save(written, kind, **options)
    written.seek(0)
    return written


def _taken_in(file: io.BytesIO) -> Image.Image:
    return Image.open(pictures.written_anew(file))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_accepted_picture_is_written_anew(kind):
    written = pictures.written_anew(_file(kind=kind))

    image = Image.open(written)
    assert (image.size, image.format) == ((800, 600), "WEBP")
    assert str(written.name).endswith(".webp")


def test_where_it_was_taken_is_forgotten_and_its_turn_applied():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010E] = "secret place"

    image = _taken_in(_file(exif=exif))

    assert image.size == (600, 800)
    assert not image.getexif()


def test_large_pictures_are_made_smaller():
    assert _taken_in(_file(size=(4000, 3000))).size == (2560, 1920)


@pytest.mark.parametrize("size", [(6000, 4000), (24_000_000 // 4000, 4000)])
def test_24_megapixels_are_read(size):
    assert _taken_in(_file(size=size, kind="PNG", mode="1")).width == 2560


@pytest.mark.parametrize("size", [(6001, 4000), (9000, 9000), (20_000, 20_000)])
def test_more_pixels_are_refused_before_they_are_decoded(size):
    bomb = _file(size=size, kind="PNG", mode="1")
    with pytest.raises(pictures.PictureRefused, match="24 megapixels"):
        pictures.written_anew(bomb)


def test_more_than_5_mib_are_refused():
    picture = _file().getvalue()
    fitting = io.BytesIO(picture + bytes(pictures.MAX_BYTES - len(picture)))
    pictures.written_anew(fitting)
    with pytest.raises(pictures.PictureRefused, match="5 MiB"):
        pictures.written_anew(io.BytesIO(picture + bytes(pictures.MAX_BYTES)))


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
        pictures.written_anew(io.BytesIO(content))


def test_nothing_of_a_second_content_survives():
    polyglot = io.BytesIO(_file().getvalue() + b"<script>alert(1)</script>")

    assert b"script" not in pictures.written_anew(polyglot).read()
