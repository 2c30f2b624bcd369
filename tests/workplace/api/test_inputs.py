"""Reading calls: everything that is wrong is told at once, with its place.

Source: workplace-api, sections 0 and 13.
"""

import datetime as dt
from typing import Any

import pytest
from django.test import RequestFactory

from workplace.api import inputs
from workplace.api.fields import Fields
from workplace.domain.refusals import Invalid
from workplace.domain.times import Span

ID = "5f0000000000000000000001"


def told(fields: Fields) -> list[tuple[str, str, str]]:
    return [(each.path, each.message, each.code) for each in fields.problems.found]


@pytest.mark.parametrize(
    ("method", "value", "read"),
    [
        ("text", " a ", "a"),
        ("text", " ", None),
        ("text", None, None),
        ("integer", 3, 3),
        ("integer", 3.0, 3),
        ("number", 3, 3.0),
        ("number", 2.5, 2.5),
        ("boolean", False, False),
        ("id", ID.upper(), ID),
        ("day", "2025-01-31", dt.date(2025, 1, 31)),
        ("array", [], []),
        ("ids", [ID, ID.upper()], [ID]),
        ("texts", ["a", " b "], ["a", "b"]),
    ],
)
def test_values_are_read(method: str, value: Any, read: Any) -> None:
    fields = Fields(values={"x": value})

    assert getattr(fields, method)("x") == read
    assert told(fields) == []


@pytest.mark.parametrize(
    ("method", "value", "path", "message"),
    [
        ("text", 3, "x", "must be a string"),
        ("text", "a\x00", "x", "must not contain control characters"),
        ("text", "\ud800", "x", "must not contain control characters"),
        ("text", "a" * 201, "x", "must be at most 200 characters"),
        ("integer", "3", "x", "must be a whole number"),
        ("integer", True, "x", "must be a whole number"),
        ("integer", 10**400, "x", "must be at most 2147483647"),
        ("number", "3", "x", "must be a number"),
        ("number", False, "x", "must be a number"),
        ("boolean", 1, "x", "must be true or false"),
        ("boolean", "true", "x", "must be true or false"),
        ("id", "5f", "x", "must be an id of 24 hexadecimal characters"),
        ("id", [ID], "x", "must be an id of 24 hexadecimal characters"),
        ("day", "2025-01-31T00:00:00Z", "x", "must be a date, YYYY-MM-DD"),
        ("day", 20250131, "x", "must be a date, YYYY-MM-DD"),
        ("zone", "Mars/Olympus", "x", "must be an IANA time zone"),
        ("array", {}, "x", "must be an array"),
        ("array", [0] * 1001, "x", "must have at most 1000 items"),
        ("items", [1], "x[0]", "must be an object"),
        ("ids", [ID, 7], "x[1]", "must be an id of 24 hexadecimal characters"),
        ("texts", ["a", 7], "x[1]", "must be a string"),
    ],
)
def test_wrong_values_are_noted(method: str, value: Any, path: str, message: str) -> None:
    fields = Fields(values={"x": value})

    getattr(fields, method)("x")

    assert told(fields) == [(path, message, "")]


def test_choices() -> None:
    fields = Fields(values={"x": "MIN", "y": ["MIN"]})

    assert fields.choice("x", among=("MIN", "MAX")) == "MIN"
    assert fields.choice("x", among=("min",), any_case=True) == "min"
    assert fields.choice("y", among=("MIN", "MAX")) is None
    assert told(fields) == [("y", "must be one of MIN, MAX", "")]


def test_text_of_a_query_string_stands_for_values_and_blank_for_nothing() -> None:
    fields = Fields(values={"i": " 7 ", "t": "TRUE", "f": "false", "b": " "}, from_text=True)

    assert (fields.integer("i"), fields.boolean("t"), fields.boolean("f")) == (7, True, False)
    assert (fields.id("b"), fields.text("b"), fields.integer("b")) == (None, None, None)
    assert told(fields) == []


def test_everything_wrong_in_every_item_is_told_at_once_with_its_place() -> None:
    body = Fields(values={"items": [{"a": 1}, {"a": "b", "c": 1}, {}], "more": 1})

    body.only("items")
    for item in body.items("items"):
        item.only("a")
        item.require("a")
        item.text("a")
    with pytest.raises(Invalid) as refusal:
        body.problems.refuse()

    assert told(body) == [
        ("more", "is not known", "unknown_field"),
        ("items[0].a", "must be a string", ""),
        ("items[1].c", "is not known", "unknown_field"),
        ("items[2].a", "is required", "required"),
    ]
    assert refusal.value.message == "Invalid more: is not known"
    assert refusal.value.details == tuple(body.problems.found)


def test_spans() -> None:
    def span(**values: str) -> tuple[Span, list[tuple[str, str, str]]]:
        fields = Fields(values=values, from_text=True)
        return fields.span(), told(fields)

    start = dt.datetime(2025, 10, 25, 22, tzinfo=dt.UTC)
    end = start + dt.timedelta(hours=25, microseconds=-1)
    both = {"starts_at": "2025-10-26", "ends_at": "2025-10-26", "timezone": "Europe/Paris"}
    assert span(**both) == (Span(start, end), [])
    assert span() == (Span(None, None), [])
    same = {"starts_at": "2025-10-26T10:00:00Z", "ends_at": "2025-10-26T10:00:00Z"}
    assert span(**same)[1] == []
    _, wrong = span(starts_at="2025-10-27", ends_at="2025-10-26")
    assert wrong == [("starts_at", "must not be after ends_at", "")]
    _, wrong = span(starts_at="2025-10-26T10:00:00+02:00", timezone="Europe/Paris")
    assert [(path, code) for path, _, code in wrong] == [("starts_at", "ambiguous_timezone")]


@pytest.mark.parametrize(
    "query", ["x={a}&x={b}", "x[]={a}&x[]={b}", "x={a},{b}", "x={a}, {b},", "x={a}&x[]={b},{a}"]
)
def test_filters_may_name_several(query: str) -> None:
    other = "5f0000000000000000000002"
    request = RequestFactory().get("/?" + query.format(a=ID, b=other.upper()))
    fields = inputs.query(request)

    assert inputs.many_ids(request, fields, "x") == [ID, other]
    assert told(fields) == []


def test_filters_name_at_most_200_ids() -> None:
    for count, problems in ((200, 0), (201, 1)):
        request = RequestFactory().get("/", {"x": [f"{n:024x}" for n in range(count)]})
        fields = inputs.query(request)
        found = inputs.many_ids(request, fields, "x")
        assert (len(found) == count, len(told(fields))) == (not problems, problems)
