"""The Workplace API in the developers' home, in both languages."""

import datetime as dt
import json
import re
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.urls import reverse

from config.api import reference
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.workplace import TeamFactory
from workplace.api import openapi
from workplace.pages import developers, notes

pytestmark = pytest.mark.django_db
HOME = "/developers/workplace/"


def operations() -> list[reference.Operation]:
    words = notes.notes(language="en")
    return reference.operations(openapi.document(), notes=words, today=dt.date(2026, 11, 21))


@pytest.mark.parametrize(("prefix", "word"), [("", "A key"), ("/fr", "Une clé")])
def test_guide_and_index_in_each_language(prefix: str, word: str) -> None:
    page = Client().get(prefix + HOME).content.decode()

    assert page.count("<h1>") == 1
    assert f"<h2>{word}</h2>" in page
    assert "@portal@" not in page
    for operation in operations():
        assert f'href="{prefix}{HOME}{operation.slug}/#{operation.anchor}"' in page


def test_the_developers_home_leads_there() -> None:
    assert f'href="{HOME}"' in Client().get("/developers/").content.decode()


@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_each_endpoint_is_explained_and_only_reads_can_be_tried(prefix: str) -> None:
    for operation in operations():
        page = Client().get(f"{prefix}{HOME}{operation.slug}/").content.decode()
        form = f'data-try-method="{operation.method}" data-try-path="{operation.path}"'

        assert f'id="{operation.anchor}"' in page
        assert (form in page) is (operation.method == "GET")
        assert "x-api-key: $KEY" in page
        assert "Bearer" not in page


def tried(slug: str, **values: str) -> Any:
    address = reverse("developers-workplace-endpoint", args=[slug])
    return Client().post(address, values)


def test_trying_a_read_shows_what_the_api_answers_and_keeps_the_key_nowhere(capfd: Any) -> None:
    key = WorkplaceKeyFactory()
    wanted, _other = TeamFactory(), TeamFactory()
    sent = {"method": "GET", "token": key.plain, "query-team_id": wanted.pk}

    response = tried("team-settings", **sent)

    answer = response.context["sections"][0]["answer"]
    shown = json.loads(answer["body"])["data"]["team_settings"]
    assert (answer["status"], [row["team_id"] for row in shown]) == ("200 OK", [wanted.pk])
    assert key.plain not in response.content.decode()
    assert key.plain not in "".join(capfd.readouterr())
    assert "no-store" in response["Cache-Control"]


def test_headers_that_a_read_needs_can_be_given() -> None:
    key = WorkplaceKeyFactory()
    unknown = {"header-x-configuration-id": "5f00000000000000000000ff"}

    without, with_one = (
        tried("intentions", method="GET", token=key.plain, **headers) for headers in ({}, unknown)
    )

    assert without.context["sections"][0]["answer"]["status"] == "400 Bad Request"
    assert with_one.context["sections"][0]["answer"]["status"] == "404 Not Found"


def test_writes_are_not_called() -> None:
    key = WorkplaceKeyFactory()

    response = tried("team-settings", method="PUT", token=key.plain, body="{}")

    assert [section.get("answer") for section in response.context["sections"]] == [None, None]
    assert response.status_code == 200


def test_unknown_endpoints_are_not_found() -> None:
    assert Client().get(f"{HOME}nothing/").status_code == 404


def test_french_and_english_show_the_same_examples() -> None:
    def examples(prefix: str) -> list[str]:
        page = Client().get(prefix + HOME).content.decode()
        return re.findall(r'<code id="(workplace-[^"]+)"', page)

    assert examples("") == examples("/fr") == [f"workplace-{name}" for name in developers.EXAMPLES]


def test_every_example_answer_keeps_to_the_document() -> None:
    for operation in operations():
        described = openapi.document()["paths"][operation.path][operation.method.lower()]
        for answer in operation.answers:
            schema = described["responses"]["200"]["content"]["application/json"]["schema"]
            jsonschema.validate(json.loads(answer.text), schema)


def document_texts() -> set[str]:
    """Return every sentence of the document that the reference shows."""
    found: set[str] = set()
    for methods in openapi.document()["paths"].values():
        for operation in methods.values():
            found |= {operation["summary"], operation["description"], *operation["tags"]}
            found |= {each["description"] for each in operation["parameters"]}
    return found


def test_every_text_of_the_document_is_in_french() -> None:
    french = notes.notes(language="fr")

    assert sorted(text for text in document_texts() if text not in french.texts) == []


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
