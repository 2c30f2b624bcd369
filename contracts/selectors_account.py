"""What a company sees of what it owes: final statements alone, since a draft may still change."""

from django.db.models import Prefetch

from contracts.models import Statement, StatementLine, StatementStatus

MOST = 60


def statements(organization_id: str) -> list[Statement]:
    """List the last sixty final statements of a company, the latest first; one query."""
    found = Statement.objects.filter(organization=organization_id, status=StatementStatus.FINAL)
    return list(found.order_by("-month", "currency", "id")[:MOST])


def statement(statement_id: str, *, organization_id: str) -> Statement | None:
    """Return a final statement of that company with its lines in order, or None; two queries."""
    lines = Prefetch("lines", StatementLine.objects.order_by("position"))
    return (
        Statement.objects.filter(
            pk=statement_id, organization=organization_id, status=StatementStatus.FINAL
        )
        .select_related("organization")
        .prefetch_related(lines)
        .first()
    )
