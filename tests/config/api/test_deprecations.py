"""What of the API will end says so in its answers. Source: public-api, section 7, "API changes".

Nothing is deprecated today; the entries here are the tests' own. 1893456000 is 2030-01-01 00:00 UTC.
"""

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.test import Client

from config.api import deprecations
from config.api.deprecations import Deprecation
from tests.factories.apitokens import ApiTokenFactory

pytestmark = pytest.mark.django_db
GUIDE = '<https://portal.example/developers/support/>; rel="deprecation"; type="text/html"'
FIRST_DAY = dt.date(2030, 1, 1)
READ = Deprecation(
    method="GET",
    path="/api/countries",
    announced_on=FIRST_DAY,
    ends_on=dt.date(2030, 7, 3),
    replaced_by="/api/sites",
)
PARAMETER = replace(READ, path="/api/rooms", field="country", replaced_by="")
BODY_FIELD = replace(READ, method="POST", path="/api/check-email", field="email", replaced_by="")


@pytest.fixture(autouse=True)
def _table(monkeypatch):
    monkeypatch.setattr(deprecations, "TABLE", (READ, PARAMETER, BODY_FIELD))


def told(answer) -> tuple[str | None, ...]:
    return tuple(answer.get(name) for name in ("Deprecation", "Sunset", "Link"))


SILENT = (None, None, None)
TOLD = ("@1893456000", "Wed, 03 Jul 2030 00:00:00 GMT", GUIDE)


@pytest.mark.parametrize("path", ["/api/countries", "/api/countries/"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_every_answer_of_an_endpoint_that_ends_tells_when_and_what_instead(method, path):
    answer = getattr(Client(), method)(path)

    assert answer.status_code == 200
    assert told(answer) == (
        *TOLD[:2],
        f'{GUIDE}, <https://portal.example/api/sites>; rel="successor-version"',
    )
    shown = answer["Access-Control-Expose-Headers"]
    assert {"Deprecation", "Sunset", "Link"} <= set(shown.split(", "))


def test_also_when_nothing_has_changed_since():
    first = Client().get("/api/countries")

    again = Client().get("/api/countries", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, told(again)) == (304, told(first))


def test_other_methods_and_endpoints_say_nothing():
    assert told(Client().post("/api/countries")) == SILENT
    assert told(Client().get("/api/sites")) == SILENT


def test_a_parameter_concerns_who_sends_it():
    assert told(Client().get("/api/rooms")) == SILENT
    assert told(Client().get("/api/rooms?country=FR")) == TOLD
    assert told(Client().get("/api/rooms?country=nowhere")) == TOLD


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        ('{"email": "a@b.example"}', 200, TOLD),
        ('{"email": "nonsense"}', 400, TOLD),
        ("{}", 400, SILENT),
        ("[]", 400, SILENT),
        ("{", 400, SILENT),
        (json.dumps({"email": "x" * 2_000_000}), 413, SILENT),
    ],
)
def test_a_field_of_a_body_concerns_who_sends_it(body, status, expected):
    answer = Client().post(
        "/api/check-email", body, content_type="application/json", headers=ApiTokenFactory().header
    )

    assert (answer.status_code, told(answer)) == (status, expected)


def test_who_is_not_let_in_is_told_too_or_not_at_all():
    answer = Client().post("/api/check-email", "{", content_type="application/json")

    assert (answer.status_code, told(answer)) == (401, SILENT)


def test_of_several_things_the_first_end_counts(monkeypatch):
    later = replace(PARAMETER, field="type", ends_on=dt.date(2031, 1, 1))
    monkeypatch.setattr(deprecations, "TABLE", (later, PARAMETER))

    assert told(Client().get("/api/rooms?type=publicMeeting&country=FR")) == TOLD


@pytest.mark.parametrize(("days", "is_enough"), [(182, False), (183, True)])
def test_nothing_ends_within_half_a_year(days, is_enough):
    ends_on = FIRST_DAY + dt.timedelta(days=days)

    if is_enough:
        assert replace(READ, ends_on=ends_on).ends_on == ends_on
    else:
        with pytest.raises(ValueError, match="six months"):
            replace(READ, ends_on=ends_on)


@pytest.mark.parametrize(
    ("path", "day", "nothing"),
    [
        ("/developers/support/", "3 July 2030", "Nothing is deprecated today."),
        ("/fr/developers/support/", "3 juillet 2030", "Rien n’est déprécié aujourd’hui."),
    ],
)
def test_the_guide_lists_what_will_end(monkeypatch, path, day, nothing):
    listed = Client().get(path).content.decode()
    monkeypatch.setattr(deprecations, "TABLE", ())
    empty = Client().get(path).content.decode()

    assert day in listed
    assert "POST /api/check-email email" in listed
    assert nothing not in listed
    assert nothing in empty


def test_nothing_is_deprecated_today(monkeypatch):
    monkeypatch.undo()

    assert deprecations.TABLE == ()
    assert told(Client().get("/api/countries")) == SILENT
