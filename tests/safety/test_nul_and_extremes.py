"""What no address, cookie or date of an honest client holds. Source: safety, S-30."""

import json

import pytest
from django.test import Client

from booking.models import RefusedDemand
from tests.factories.sites_app import RoomFactory
from tests.safety.test_hostile_requests import ROOM_ID

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("octal", ["\\000", "\\001", "\\355\\240\\200"])
@pytest.mark.parametrize("path", ["/", "/account/", "/accounts/login/", "/admin/", "/fr/"])
def test_control_character_in_the_session_cookie_is_no_session(path: str, octal: str) -> None:
    client = Client(headers={"cookie": f'sessionid="{octal}aaaaaaaaaaaaaaaa"'})

    assert client.get(path).status_code in (200, 302)


@pytest.mark.parametrize(
    "path",
    [
        "/sites/%00/",
        "/rooms/%00/",
        "/fr/sites/a%00b/",
        "/booking/k/%00/",
        "/accounts/password/reset/key/%00-x/",
        "/api/%00",
        "/static/%00",
    ],
)
def test_nul_in_a_path_is_an_address_that_nothing_has(path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("day", ["0001-01-01", "1970-01-01", "2199-01-01", "9999-12-31"])
@pytest.mark.parametrize("time", ["", "00:00", "23:59"])
def test_search_at_the_ends_of_the_calendar_finds_nothing(day: str, time: str) -> None:
    RoomFactory(id=ROOM_ID)

    response = Client().get("/find/", {"day": day, "time": time})

    assert response.status_code == 200
    assert response.context["count"] == 0
    assert not RefusedDemand.objects.exists()


@pytest.mark.parametrize(
    "path", ["/api/rooms", "/api/sites", "/api/icsfeed", "/api/availability", "/imageroom"]
)
def test_too_many_parameters_are_refused_in_the_envelope(path: str) -> None:
    query = "&".join(f"a{number}=1" for number in range(1100))

    response = Client().get(f"{path}?{query}")

    assert (response.status_code, response.json()) == (
        400,
        {"retcode": -1, "message": "Bad request"},
    )


@pytest.mark.parametrize("path", ["/api/availability", "/api/schema", "/api/rooms"])
def test_scripts_of_any_site_may_ask_for_public_reads(path: str) -> None:
    response = Client().options(path, headers={"Origin": "https://elsewhere.example"})

    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert Client().get(path)["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/api/meeting-request", "/api/check-email"])
def test_scripts_of_other_sites_may_not_write(path: str) -> None:
    response = Client().options(path, headers={"Origin": "https://elsewhere.example"})

    assert (response.status_code, response.content) == (204, b"")
    assert response["Allow"] == "POST, OPTIONS"
    assert "Access-Control-Allow-Origin" not in response
    refused = Client().post(path, json.dumps({}), content_type="application/json")
    assert (refused.status_code, "Access-Control-Allow-Origin" in refused) == (401, False)
