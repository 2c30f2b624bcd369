"""The rows of a planned day, as they are kept with the run, and how they differ from those that stand."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from workplace.models import Allocation, AllocationType

Key = tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """One allocation of the plan: a team's seats in a zone or room, or one person's."""

    organization_id: str | None
    team_id: str | None
    person_id: str | None
    layer_id: str | None
    zone_id: str | None
    room_id: str | None
    seats: int
    space_ids: tuple[str, ...]
    starts_at: dt.datetime
    ends_at: dt.datetime

    @property
    def key(self) -> Key:
        """What stays the same of a row when a plan changes: a person's row follows the person."""
        if self.person_id is not None:
            return (None, self.person_id, None)
        return (self.team_id, None, self.zone_id or self.room_id)

    @property
    def type(self) -> str:
        return AllocationType.ROOM if self.room_id else AllocationType.SPACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """A stored row as it stood before a run changed or deleted it, and the run that it was of then."""

    id: str
    evolution_id: UUID | None
    row: PlannedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is to be done so that the rows that stand become the planned ones."""

    created: list[PlannedRow]
    updated: list[tuple[Allocation, PlannedRow]]
    deleted: list[Allocation]

    @property
    def is_none(self) -> bool:
        return not (self.created or self.updated or self.deleted)

    def counts(self) -> dict[str, int]:
        return {
            "created": len(self.created),
            "updated": len(self.updated),
            "deleted": len(self.deleted),
        }


def of_allocation(row: Allocation) -> PlannedRow:
    """Return a stored row, with the spaces that it holds, as a planned one."""
    return PlannedRow(
        organization_id=row.organization_id,
        team_id=row.team_id,
        person_id=row.person_id,
        layer_id=row.layer_id,
        zone_id=row.zone_id,
        room_id=row.room_id,
        seats=row.seats or 0,
        space_ids=tuple(sorted(held.space_id for held in row.held_spaces.all())),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def difference(standing: Iterable[Allocation], planned: Iterable[PlannedRow]) -> Difference:
    """Compare by key; a second row with the same key is surplus."""
    wanted = {row.key: row for row in planned}
    updated, deleted = [], []
    for row in standing:
        stored = of_allocation(row)
        new = wanted.pop(stored.key, None)
        if new is None:
            deleted.append(row)
        elif new != stored:
            updated.append((row, new))
    return Difference(created=list(wanted.values()), updated=updated, deleted=deleted)


def as_json(rows: Sequence[PlannedRow]) -> list[dict[str, Any]]:
    return [
        {
            **asdict(row),
            "space_ids": list(row.space_ids),
            "starts_at": row.starts_at.isoformat(),
            "ends_at": row.ends_at.isoformat(),
        }
        for row in rows
    ]


def from_json(stored: Iterable[Mapping[str, Any]]) -> list[PlannedRow]:
    return [
        PlannedRow(
            **{
                **row,
                "space_ids": tuple(row["space_ids"]),
                "starts_at": dt.datetime.fromisoformat(row["starts_at"]),
                "ends_at": dt.datetime.fromisoformat(row["ends_at"]),
            }
        )
        for row in stored
    ]


def stood_as_json(rows: Iterable[Stood]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "evolution_id": str(one.evolution_id) if one.evolution_id else None,
            "row": as_json([one.row])[0],
        }
        for one in rows
    ]


def stood_from_json(stored: Iterable[Mapping[str, Any]]) -> list[Stood]:
    """Read rows that were kept with a run; older ones do not know of which run they had been."""
    return [
        Stood(
            id=one["id"],
            evolution_id=UUID(one["evolution_id"]) if one.get("evolution_id") else None,
            row=from_json([one["row"]])[0],
        )
        for one in stored
    ]
