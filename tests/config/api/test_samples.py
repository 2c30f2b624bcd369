"""Examples made from a schema: every type, and dates that lie ahead."""

import datetime as dt

import pytest

from config.api import samples
from config.api.openapi import INTEGER, OBJECT_ID, STRING, array, nullable, record

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("schema", "made"),
    [
        ({"const": 1}, 1),
        ({"enum": ["a", "b"]}, "a"),
        (OBJECT_ID, samples.SAMPLE_ID),
        ({"type": "string", "pattern": r"^(\d{4}-\d{2}-\d{2})?$"}, "2025-11-05"),
        (nullable(INTEGER), 1),
        ({"type": "null"}, None),
        ({"type": ["boolean", "null"]}, False),
        (array({}, maxItems=0), []),
        (array(record({"label": STRING})), [{"label": "…"}]),
    ],
)
def test_sample_has_the_type_that_the_schema_wants(schema: dict, made: object) -> None:
    assert samples.sample(schema, name="", known={}) == made


def test_known_value_is_used_where_it_fits_alone() -> None:
    schema = record({"size": INTEGER, "name": STRING}, {"extra": STRING})
    known = {"size": "large", "name": "Garnier", "extra": "x"}

    assert samples.sample(schema, name="", known=known) == {
        "size": 1,
        "name": "Garnier",
        "extra": "x",
    }
    assert "extra" not in samples.sample(schema, name="", known=known, with_optional=False)


def test_dates_move_ahead_together_by_whole_weeks() -> None:
    value = {"from": "2025-11-05T14:00:00Z", "days": ["2025-11-06"], "note": "in 2025-11"}

    moved = samples.moved_ahead(value, today=TODAY)

    assert moved == {"from": "2026-12-09T14:00:00Z", "days": ["2026-12-10"], "note": "in 2025-11"}


@pytest.mark.parametrize(
    ("day", "moved"), [("2026-12-04", "2026-12-11"), ("2026-12-05", "2026-12-05")]
)
def test_dates_two_weeks_ahead_stay(day: str, moved: str) -> None:
    assert samples.moved_ahead(day, today=TODAY) == moved
