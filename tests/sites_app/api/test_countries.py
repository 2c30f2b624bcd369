"""GET /api/countries."""

import pytest

from tests.factories.sites_app import SiteFactory

pytestmark = pytest.mark.django_db


def test_the_documented_answer(client, django_assert_num_queries):
    for country in ("IE", "FR", "FR", "BE"):
        SiteFactory(country=country)
    SiteFactory(country="LU", hidden=True)

    with django_assert_num_queries(1):
        answer = client.get("/api/countries")
    assert answer.json() == {
        "retcode": 1,
        "message": "OK",
        "data": ["Belgium", "France", "Ireland"],
    }


def test_the_header_is_ignored(client):
    answer = client.get("/api/countries", headers={"Authorization": "nonsense"})
    assert (answer.status_code, answer.json()["data"]) == (200, [])


def test_known_answers_are_not_sent_again(client):
    SiteFactory(country="IE")
    tag = client.get("/api/countries")["ETag"]
    assert client.get("/api/countries", headers={"If-None-Match": tag}).status_code == 304
    SiteFactory(country="FR")
    assert client.get("/api/countries", headers={"If-None-Match": tag}).status_code == 200


def test_other_methods(client):
    assert client.head("/api/countries").content == b""
    answer = client.delete("/api/countries")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
