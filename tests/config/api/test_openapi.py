"""The OpenAPI document: valid, complete, and served."""

import openapi_spec_validator
import pytest
from django.urls import get_resolver

from config.api import openapi


def test_document_is_valid_openapi_3_1():
    openapi_spec_validator.validate(openapi.document())

    assert openapi.document()["openapi"] == "3.1.0"


def test_every_api_address_is_described():
    described = {path.removeprefix("/api/") for path in openapi.document()["paths"]}
    undescribed = {
        pattern.pattern.regex.pattern.strip("^$").removesuffix("/?")
        for resolver in get_resolver().url_patterns
        if str(resolver.pattern) == "api/"
        for pattern in resolver.url_patterns
    } - described

    assert undescribed == {"schema"}


@pytest.mark.parametrize("path", ["/api/schema", "/api/schema/"])
def test_document_is_served(client, path):
    response = client.get(path)

    assert response.status_code == 200
    assert response.json() == openapi.document()


def test_unchanged_document_is_not_sent_again(client):
    etag = client.get("/api/schema").headers["ETag"]

    assert client.get("/api/schema", headers={"If-None-Match": etag}).status_code == 304


def test_wrong_method_answers_in_the_envelope(client):
    response = client.post("/api/schema")

    assert (response.status_code, response.json()["retcode"]) == (405, -1)
