"""Pages of lists. Source: workplace-api, section 0, Pagination and Sorting."""

import pytest

from organizations.models import User
from tests.factories.organizations import UserFactory
from workplace.api import paging
from workplace.api.fields import Fields
from workplace.domain.refusals import Invalid

SORTS = {"name": ("last_name", "first_name"), "created_at": ("created_at",)}


def read(**params: str) -> paging.Page:
    fields = Fields(values=params, from_text=True)
    page = paging.read(fields, sorts=SORTS, default="name")
    fields.problems.refuse()
    return page


def test_defaults() -> None:
    assert read() == paging.Page(skip=0, limit=25, order_by=("last_name", "first_name", "pk"))


@pytest.mark.parametrize("order", ["desc", "DESC", "Desc"])
def test_descending_is_the_exact_reverse(order: str) -> None:
    assert read(order=order, sort="created_at").order_by == ("-created_at", "-pk")


@pytest.mark.parametrize(("name", "value"), [("limit", "1"), ("limit", "1000"), ("skip", "0")])
def test_borders_are_accepted(name: str, value: str) -> None:
    assert getattr(read(**{name: value}), name) == int(value)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("limit", "0", "must be at least 1"),
        ("limit", "1001", "must be at most 1000"),
        ("limit", "x", "must be a whole number"),
        ("limit", "2.5", "must be a whole number"),
        ("skip", "-1", "must be at least 0"),
        ("skip", "9" * 25, "must be at most 2147483647"),
        ("sort", "password", "must be one of name, created_at"),
        ("sort", "-name", "must be one of name, created_at"),
        ("order", "up", "must be one of asc, desc"),
    ],
)
def test_anything_else_is_refused(name: str, value: str, message: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read(**{name: value})
    assert [(each.path, each.message) for each in refusal.value.details] == [(name, message)]


@pytest.mark.parametrize(
    ("skip", "shown", "total", "told"),
    [(0, 25, 120, (1, 25)), (100, 20, 120, (101, 120)), (120, 0, 120, (0, 0)), (0, 0, 0, (0, 0))],
)
def test_what_a_page_shows_is_told(
    skip: int, shown: int, total: int, told: tuple[int, int]
) -> None:
    assert paging.pagination(skip=skip, shown=shown, total=total) == {
        "current_results": {"from": told[0], "to": told[1]},
        "total_results": total,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_pages_visit_each_row_once_where_all_sort_alike(order: str) -> None:
    everybody = {UserFactory(organization=None).pk for _ in range(7)}
    rows = User.objects.filter(pk__in=everybody)

    pages = [
        paging.cut(rows, read(sort="name", order=order, limit="3", skip=str(skip)))
        for skip in (0, 3, 6, 9)
    ]

    seen = [row.pk for shown, _ in pages for row in shown]
    assert seen == sorted(everybody, reverse=order == "desc")
    assert [told["current_results"] for _, told in pages] == [
        {"from": 1, "to": 3},
        {"from": 4, "to": 6},
        {"from": 7, "to": 7},
        {"from": 0, "to": 0},
    ]
    assert {told["total_results"] for _, told in pages} == {7}
