"""GET /imageroom: sizes, who sees what, and what caches are told."""

import datetime as dt
import io
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from PIL import Image

from sites_app.domain import pictures
from tests.factories.sites_app import RoomFactory, RoomImageFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 2, 9, tzinfo=dt.UTC)


def _opened(answer) -> Image.Image:
    return Image.open(io.BytesIO(answer.content))


def test_the_picture_as_uploaded(client):
    image = RoomImageFactory()
    answer = client.get(f"/imageroom?id={image.id.upper()}")

    assert answer.status_code == 200
    assert (_opened(answer).format, _opened(answer).size) == ("JPEG", (1600, 900))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == "inline"


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_a_resized_webp(client, width):
    image = RoomImageFactory()
    answer = client.get(f"/imageroom?id={image.id}&w={width}")

    assert answer["Content-Type"] == "image/webp"
    assert (_opened(answer).format, _opened(answer).size) == ("WEBP", (width, width * 9 // 16))
    assert client.get(f"/imageroom?id={image.id}&w={width}").content == answer.content


def test_a_small_picture_is_not_blown_up(client):
    image = RoomImageFactory(width=400, height=300)
    assert _opened(client.get(f"/imageroom?id={image.id}&w=640")).size == (400, 300)


def test_a_tall_picture_has_the_wanted_width(client):
    image = RoomImageFactory(width=900, height=1600)
    assert _opened(client.get(f"/imageroom?id={image.id}&w=320")).size == (320, 569)


def test_a_room_without_picture_has_a_neutral_one(client):
    room = RoomFactory()
    answer = client.get(f"/imageroom?id={room.id}&w=320")

    assert (_opened(answer).format, _opened(answer).size) == ("WEBP", (320, 180))
    assert answer["Cache-Control"] == "public, max-age=300"


def test_a_rooms_id_shows_its_first_picture(client):
    room = RoomFactory()
    RoomImageFactory(room=room, position=1)
    first = RoomImageFactory(room=room, position=0, width=500, height=500)

    answer = client.get(f"/imageroom?id={room.id}")
    assert answer.content == client.get(f"/imageroom?id={first.id}").content
    assert answer["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("id_", ["0" * 24, "x", "../../etc/passwd", "0" * 25])
def test_unknown_ids(client, id_):
    answer = client.get("/imageroom", {"id": id_})
    assert (answer.status_code, answer.json()) == (
        404,
        {"retcode": -1, "message": "Image not found"},
    )


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "Missing required parameter: id"),
        ("?id=", "Missing required parameter: id"),
        ("?id={id}&w=321", "Invalid w: must be one of 320, 640, 1280"),
        ("?id={id}&w=x", "Invalid w: must be a number"),
    ],
)
def test_bad_parameters(client, query, message):
    answer = client.get("/imageroom" + query.format(id=RoomFactory().id))
    assert (answer.status_code, answer.json()["message"]) == (400, message)


def test_known_pictures_are_not_sent_again(client):
    image = RoomImageFactory()
    tag = client.get(f"/imageroom?id={image.id}&w=320")["ETag"]

    again = client.get(f"/imageroom?id={image.id}&w=320", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"/imageroom?id={image.id}&w=640", headers={"If-None-Match": tag})
    assert other.status_code == 200
    assert client.head(f"/imageroom?id={image.id}").content == b""


class TestPrivateRooms:
    def _path(self, image, **changes: str) -> str:
        url = pictures.url(room_id=image.room_id, image_id=image.id, is_public=False, now=NOW)
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        return "/imageroom?" + "&".join(f"{k}={v}" for k, v in (query | changes).items())

    def _status(self, client, path: str, *, days: int = 0) -> int:
        with time_machine.travel(NOW + dt.timedelta(days=days), tick=False):
            return client.get(path).status_code

    @pytest.mark.parametrize("room", [{"room__private_office": True}, {"room__site__hidden": True}])
    def test_only_a_signed_address_shows_them(self, client, room):
        image = RoomImageFactory(**room)
        assert self._status(client, f"/imageroom?id={image.id}") == 404
        assert self._status(client, f"/imageroom?id={image.room_id}") == 404
        assert self._status(client, self._path(image)) == 200

    def test_the_signature_covers_id_and_day(self, client):
        image = RoomImageFactory(room__private_office=True)
        other = RoomImageFactory(room__private_office=True)
        assert self._status(client, self._path(image, id=other.id)) == 404
        assert self._status(client, self._path(image, until="2031-01-01")) == 404
        assert self._status(client, self._path(image, signature="x")) == 404

    def test_it_works_for_a_week(self, client):
        path = self._path(RoomImageFactory(room__private_office=True))
        assert self._status(client, path, days=7) == 200
        assert self._status(client, path, days=8) == 404

    def test_shared_caches_do_not_keep_them(self, client):
        path = self._path(RoomImageFactory(room__private_office=True))
        with time_machine.travel(NOW, tick=False):
            assert client.get(path)["Cache-Control"] == "private, max-age=31536000, immutable"
