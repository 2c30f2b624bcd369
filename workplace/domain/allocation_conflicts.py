"""What stands in the way of allocations: taken desks, people seated elsewhere, full zones.

Looked at under the locks of the zones; the database's constraints have the last word.
Source: workplace-api, section 7, "409 sub-codes".
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from workplace import selectors_allocations
from workplace.domain import zone_loads
from workplace.domain.allocation_drafts import Draft
from workplace.domain.refusals import Conflict, Detail
from workplace.models import Zone
from workplace.selectors_tenants import Tenant

SPACE_TAKEN = "space_already_allocated"
ZONE_FULL = "zone_over_capacity"
PERSON_SEATED = "person_double_allocated"


def lock_zones(zone_ids: Iterable[str]) -> dict[str, Zone]:
    """Lock these zones in id order, after rooms and before people; return them as they are now."""
    rows = Zone.objects.filter(pk__in=set(zone_ids)).order_by("pk")
    return {zone.id: zone for zone in rows.select_for_update(of=("self",), no_key=True)}


def check(drafts: Sequence[Draft], zones: dict[str, Zone], *, tenant: Tenant) -> None:
    """Refuse drafts that meet what is stored or each other; the zones are locked.

    :raises Conflict: with every failing index.
    """
    seated = [draft for draft in drafts if not draft.is_room]
    if not seated:
        return
    window = _Window.of(seated)
    found = [
        *_taken_spaces(seated, window, tenant),
        *_seated_people(seated, window, tenant),
        *_full_zones(seated, zones, window),
    ]
    if found:
        raise Conflict(found)


@dataclass(frozen=True, slots=True)
class _Window:
    """The time that the drafts span, and the rows that they are written over."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    besides: list[str]

    @classmethod
    def of(cls, drafts: Sequence[Draft]) -> "_Window":
        return cls(
            min(draft.wish.starts_at for draft in drafts),
            max(draft.wish.ends_at for draft in drafts),
            [draft.row.id for draft in drafts if draft.row],
        )


@dataclass(frozen=True, slots=True)
class _Claim:
    """That somebody has, or wants, a thing for a half-open time; a draft's has no allocation."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    team_id: str | None
    person_id: str | None
    organization_id: str | None
    allocation_id: str | None = None
    draft: Draft | None = None

    @classmethod
    def of(cls, draft: Draft) -> "_Claim":
        return cls(
            draft.wish.starts_at,
            draft.wish.ends_at,
            draft.team.id if draft.team else None,
            draft.person.id if draft.person else None,
            draft.organization_id,
            draft=draft,
        )

    def shares_desk_with(self, other: "_Claim") -> bool:
        """A person has a desk among their team's."""
        is_one_person = (self.person_id is None) != (other.person_id is None)
        return is_one_person and self.team_id is not None and self.team_id == other.team_id


def _taken_spaces(drafts: Sequence[Draft], window: _Window, tenant: Tenant) -> Iterator[Detail]:
    wanted: dict[str, list[_Claim]] = defaultdict(list)
    for draft in drafts:
        for space in draft.spaces:
            wanted[space.id].append(_Claim.of(draft))
    stored: dict[str, list[_Claim]] = defaultdict(list)
    if wanted:
        for held in selectors_allocations.of_spaces(
            wanted, starts_at=window.starts_at, ends_at=window.ends_at, besides=window.besides
        ):
            row = held.allocation
            stored[held.space_id].append(
                _Claim(
                    held.during.lower,
                    held.during.upper,
                    row.team_id,
                    row.person_id,
                    row.organization_id,
                    row.id,
                )
            )
    for space_id, claims in wanted.items():
        for claim, other in _meetings(claims, stored[space_id], may_share=_Claim.shares_desk_with):
            yield _told(claim, other, tenant, "spaces", "This space is taken then", SPACE_TAKEN)


def _seated_people(drafts: Sequence[Draft], window: _Window, tenant: Tenant) -> Iterator[Detail]:
    wanted: dict[str, list[_Claim]] = defaultdict(list)
    for draft in drafts:
        if draft.person is not None:
            wanted[draft.person.id].append(_Claim.of(draft))
    stored: dict[str, list[_Claim]] = defaultdict(list)
    if wanted:
        for row in selectors_allocations.of_people(
            wanted, starts_at=window.starts_at, ends_at=window.ends_at, besides=window.besides
        ):
            stored[row.person_id or ""].append(
                _Claim(
                    row.starts_at,
                    row.ends_at,
                    row.team_id,
                    row.person_id,
                    row.organization_id,
                    row.id,
                )
            )
    for person_id, claims in wanted.items():
        for claim, other in _meetings(claims, stored[person_id]):
            message = "This person has another seat then"
            yield _told(claim, other, tenant, "people_id", message, PERSON_SEATED)


def _meetings(
    claims: Sequence[_Claim],
    stored: Sequence[_Claim],
    *,
    may_share: Callable[[_Claim, _Claim], bool] = lambda _one, _other: False,
) -> Iterator[tuple[_Claim, _Claim]]:
    """Pair each claim of the batch, once, with what it meets first: stored or earlier in the batch.

    Of two that meet, the one that ends later stands for both from then on, so that a thousand claims
    of one thing cost no more than a thousand of different ones.
    """
    place = {id(claim): number for number, claim in enumerate(claims)}
    told: set[int] = set()
    running: list[_Claim] = []
    for claim in sorted([*stored, *claims], key=lambda each: each.starts_at):
        running = [other for other in running if claim.starts_at < other.ends_at]
        met = next((other for other in running if not may_share(claim, other)), None)
        if met is None:
            running.append(claim)
            continue
        later, earlier = sorted((claim, met), key=lambda one: -place.get(id(one), -1))
        if id(later) in place and id(later) not in told:
            told.add(id(later))
            yield later, earlier
        if met.ends_at < claim.ends_at:
            running[running.index(met)] = claim


def _told(
    claim: _Claim, other: _Claim, tenant: Tenant, name: str, message: str, code: str
) -> Detail:
    assert claim.draft is not None
    is_visible = tenant.is_operator or other.organization_id == tenant.organization_id
    return Detail(
        path=claim.draft.wish.path(name),
        message=message,
        code=code,
        conflict_id=other.allocation_id if is_visible else None,
    )


def _full_zones(
    drafts: Sequence[Draft], zones: dict[str, Zone], window: _Window
) -> Iterator[Detail]:
    by_zone: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.zone is not None:
            by_zone[draft.zone.id].append(draft)
    stored = stored_seats(
        by_zone, starts_at=window.starts_at, ends_at=window.ends_at, besides=window.besides
    )
    for zone_id, inside in by_zone.items():
        rows = [*stored[zone_id], *(_seats_of(draft) for draft in inside)]
        overfull = zone_loads.overfull(rows, capacity=zones[zone_id].capacity)
        for draft in inside:
            if any(
                draft.wish.starts_at < end and start < draft.wish.ends_at for start, end in overfull
            ):
                yield draft.wish.wrong(
                    "zone_id", "This zone has too few seats then", code=ZONE_FULL
                )


def stored_seats(
    zone_ids: Iterable[str],
    *,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    besides: Collection[str] = (),
) -> dict[str, list[zone_loads.Seats]]:
    """Read, by zone, the seats that allocations take in that time; not those of the rows `besides`."""
    found: dict[str, list[zone_loads.Seats]] = defaultdict(list)
    ids = list(zone_ids)
    if not ids:
        return found
    rows = selectors_allocations.of_zones(
        ids, starts_at=starts_at, ends_at=ends_at, besides=besides
    )
    for zone_id, start, end, seats, team_id, person_id in rows.values_list(
        "zone_id", "starts_at", "ends_at", "seats", "team_id", "person_id"
    ):
        found[zone_id].append(
            zone_loads.Seats(
                starts_at=start,
                ends_at=end,
                seats=seats or 0 if person_id is None else 1,
                team_id=team_id,
                is_person=person_id is not None,
            )
        )
    return found


def _seats_of(draft: Draft) -> zone_loads.Seats:
    return zone_loads.Seats(
        starts_at=draft.wish.starts_at,
        ends_at=draft.wish.ends_at,
        seats=draft.seats,
        team_id=draft.team.id if draft.team else None,
        is_person=draft.person is not None,
    )
