"""The developers' guide and the reference with "Try it now", in both languages."""

import datetime as dt
import json
import re
from pathlib import Path

import jsonschema
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from booking.models import Meeting
from booking.pages import api_notes, developers
from config import clock
from config.api import openapi, reference
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory

pytestmark = pytest.mark.django_db
LANGUAGES = ("", "/fr")
GUIDE = ["/developers/", *(f"/developers/{page}/" for page in developers.PAGES)]


def slugs() -> list[str]:
    return sorted({reference.slug_of(path) for path in openapi.document()["paths"]})


@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("path", GUIDE)
def test_guide_page_has_its_text_in_each_language(prefix: str, path: str) -> None:
    page = Client().get(prefix + path).content.decode()

    assert page.count("<h1>") == 1
    assert "@portal@" not in page
    assert ('lang="fr"' in page[:200]) is bool(prefix)


def test_french_guide_has_the_same_examples_as_the_english_one() -> None:
    def examples(path: str) -> list[str]:
        return re.findall(r'<code id="(example-[^"]+)"', Client().get(path).content.decode())

    assert [examples(path) for path in GUIDE] == [examples(f"/fr{path}") for path in GUIDE]


def test_unknown_pages_and_endpoints_are_not_found() -> None:
    paths = ("/developers/nothing/", "/developers/reference/nothing/")

    assert [Client().get(path).status_code for path in paths] == [404, 404]


@pytest.mark.parametrize("prefix", LANGUAGES)
def test_reference_lists_and_explains_every_endpoint(prefix: str) -> None:
    index = Client().get(f"{prefix}/developers/reference/").content.decode()

    for path, methods in openapi.document()["paths"].items():
        address = f"{prefix}/developers/reference/{reference.slug_of(path)}/"
        page = Client().get(address).content.decode()
        for method in methods:
            assert f'href="{address}#{method}"' in index
            assert f'data-try-method="{method.upper()}" data-try-path="{path}"' in page


def test_examples_show_this_portals_ids_and_days_ahead() -> None:
    room = RoomFactory()

    page = Client().get("/developers/reference/meeting-request/").content.decode()

    example = re.search(r"&quot;bookedAt&quot;: &quot;(\d{4}-\d\d-\d\d)", page)
    assert f"&quot;bookedRoom&quot;: &quot;{room.id}&quot;" in page
    assert example is not None
    assert dt.date.fromisoformat(example[1]) >= clock.now().date() + dt.timedelta(days=14)


def try_it(client: Client, slug: str, **values: str):
    address = reverse("developers-endpoint", args=[slug])
    return client.post(address, values)


def shown(response) -> dict:
    """Return the answer that the page shows, as JSON."""
    return response.context["sections"][0]["answer"]


def test_trying_a_read_shows_what_the_api_answers() -> None:
    room = RoomFactory(site__country="FR", site__name="Paris")
    RoomFactory(site__country="IE")

    response = try_it(Client(), "rooms", method="GET", **{"query-country": "France"})

    answer = shown(response)
    body = json.loads(answer["body"])
    assert answer["status"] == "200 OK"
    assert [each["_id"] for each in body["data"]] == [room.id]
    assert "Content-Type: application/json" in answer["headers"]


def test_trying_a_booking_is_a_dry_run_unless_unticked() -> None:
    room, token = RoomFactory(), ApiTokenFactory()
    UserFactory(email="known@company.example")
    body = json.dumps(
        {
            "contactEmail": "known@company.example",
            "bookedRoom": room.id,
            "bookedAt": "2030-01-08T10:00:00",
            "duration": 60,
        }
    )

    rehearsed = try_it(
        Client(), "meeting-request", method="POST", token=token.plain, body=body, dry_run="on"
    )
    meetings_then = Meeting.objects.count()
    done = try_it(Client(), "meeting-request", method="POST", token=token.plain, body=body)

    assert json.loads(shown(rehearsed)["body"])["dryRun"] is True
    assert meetings_then == 0
    assert json.loads(shown(done)["body"])["status"] == "ACCEPTED"
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize("body", ["{", "[]", '"x"', '{"bookedRoom": '])
def test_a_body_that_cannot_be_read_is_not_sent_while_the_dry_run_is_ticked(body: str) -> None:
    response = try_it(Client(), "meeting-request", method="POST", body=body, dry_run="on")

    assert shown(response) is None
    assert "field--invalid" in response.content.decode()


def test_the_token_stays_nowhere(capfd) -> None:
    token = ApiTokenFactory()

    response = try_it(Client(), "check-email", method="POST", token=token.plain, body="{}")

    logged = capfd.readouterr()
    assert shown(response)["status"] == "400 Bad Request"
    assert "no-store" in response["Cache-Control"]
    assert token.plain not in response.content.decode()
    assert token.plain not in logged.out + logged.err


def test_a_wrong_token_is_refused_like_everywhere() -> None:
    response = try_it(Client(), "check-email", method="POST", token="ww_dev_x", body="{}")

    assert shown(response)["status"] == "401 Unauthorized"
    assert (
        json.loads(shown(response)["body"])["message"] == "Unauthorized: Invalid or revoked token"
    )


def test_only_what_the_document_describes_can_be_called() -> None:
    for method in ("DELETE", "TRACE", "get", ""):
        response = try_it(Client(), "rooms", method=method)
        assert shown(response) is None


def test_form_from_another_site_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)

    response = try_it(client, "rooms", method="GET")

    assert response.status_code == 403


def test_the_inner_call_leaves_the_page_in_its_language() -> None:
    response = Client().post("/fr/developers/reference/countries/", {"method": "GET"})

    page = response.content.decode()
    assert '<html lang="fr">' in page
    assert response.headers["X-Request-Id"]
    assert shown(response)["status"] == "200 OK"


def test_a_picture_is_told_by_its_size() -> None:
    room = RoomFactory()

    response = try_it(Client(), "imageroom", method="GET", **{"query-id": room.id})

    assert re.fullmatch(r"\(\d+ bytes\)", shown(response)["body"])


# --- the words beside the document --------------------------------------------------------------


def document_texts() -> set[str]:
    """Return every sentence of the document that the reference shows."""
    found: set[str] = set()
    for methods in openapi.document()["paths"].values():
        for operation in methods.values():
            found |= {operation["summary"], operation["description"], *operation["tags"]}
            found |= (
                {each["description"] for each in operation["parameters"]}
                if ("parameters" in operation)
                else set()
            )
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            found |= set(_descriptions(body.get("schema", {})))
    return found - {""}


def _descriptions(schema: object) -> list[str]:
    if isinstance(schema, dict):
        own = [schema["description"]] if isinstance(schema.get("description"), str) else []
        return own + [text for part in schema.values() for text in _descriptions(part)]
    if isinstance(schema, list):
        return [text for part in schema for text in _descriptions(part)]
    return []


def operations() -> list[reference.Operation]:
    return reference.operations(
        openapi.document(), notes=api_notes.notes(language="en"), today=dt.date(2026, 11, 21)
    )


def test_every_text_of_the_document_is_in_french() -> None:
    assert sorted(document_texts() - set(api_notes.read("french"))) == []


def test_every_field_and_parameter_is_explained() -> None:
    unexplained = [
        f"{operation.key} {field.path}"
        for operation in operations()
        for field in (
            *operation.parameters,
            *operation.headers,
            *operation.body,
            *operation.fields,
        )
        if not field.text
    ]

    assert unexplained == []


def test_no_note_is_left_over() -> None:
    known = {operation.key for operation in operations()}

    assert set(api_notes.read("refusals")) - known == set()
    assert set(api_notes.read("requests")) - known == set()


def test_every_example_answer_keeps_to_the_document() -> None:
    for operation in operations():
        described = openapi.document()["paths"][operation.path][operation.method.lower()]
        for answer in operation.answers:
            schema = described["responses"]["200"]["content"]["application/json"]["schema"]
            jsonschema.validate(json.loads(answer.text), schema)


def test_every_listed_refusal_is_a_sentence_of_the_portal() -> None:
    """Look for each sentence, without its numbers and names, in the sources or in another test."""
    folders = (
        *("config", "apitokens", "organizations", "sites_app", "booking", "contracts"),
        *("tests/seeds", "tests/booking", "tests/contracts", "tests/organizations"),
    )
    texts = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in folders
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.py")
    )
    joined = re.sub(r"['\"]\s*\n\s*f?['\"]", "", texts).replace('\\"', '"')

    for rows in api_notes.read("refusals").values():
        for _status, message, *_when in rows:
            parts = re.split(r"\d+|\"[^\"]*\"|XYZ|\. |: \w+$|\w+Id\b", message)
            assert message in joined or max(parts, key=len).strip() in joined, message
