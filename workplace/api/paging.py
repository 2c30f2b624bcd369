"""Pages of lists: `skip` and `limit`, in an order that the caller chooses and that never wavers.

Source: workplace-api, section 0, Pagination and Sorting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from workplace.api.fields import Fields

MOST, USUAL = 1000, 25
ORDERS = ("asc", "desc")
Sorts = Mapping[str, Sequence[str]]
"""For each word of `sort` the fields behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """At most `limit` rows after the first `skip` ones; `order_by` ends with the rows' own key."""

    skip: int
    limit: int
    order_by: tuple[str, ...]


def read(params: Fields, *, sorts: Sorts, default: str, key: str = "pk") -> Page:
    """Read which page is wanted; what is wrong is noted with the other problems."""
    skip = params.integer("skip", minimum=0)
    limit = params.integer("limit", minimum=1, maximum=MOST)
    sort = params.choice("sort", among=tuple(sorts)) or default
    order = params.choice("order", among=ORDERS, any_case=True)
    sign = "-" if order == "desc" else ""
    fields = [*sorts.get(sort, ()), key]
    return Page(
        skip=skip or 0,
        limit=USUAL if limit is None else limit,
        order_by=tuple(sign + field for field in fields),
    )


def cut(rows: QuerySet[Any], page: Page) -> tuple[list[Any], dict[str, Any]]:
    """Return the page's rows, and what stands beside them under `pagination`."""
    total = rows.count()
    shown = list(rows.order_by(*page.order_by)[page.skip : page.skip + page.limit])
    return shown, pagination(skip=page.skip, shown=len(shown), total=total)


def pagination(*, skip: int, shown: int, total: int) -> dict[str, Any]:
    """Tell which of how many rows a page shows, counted from 1; 0 to 0 when it shows none."""
    first, last = (skip + 1, skip + shown) if shown else (0, 0)
    return {"current_results": {"from": first, "to": last}, "total_results": total}
