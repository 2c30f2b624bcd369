"""Gathering the facts of a day from the tables.

Rows that an evolution must keep are taken off the zones' seats, the teams' demand and the desks.
Source: workplace-api, section 6; forecasting, "Evolution", "Formulation".
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.intervals import Interval
from sites_app.domain import operating_hours
from sites_app.models import RoomLease, Site
from workplace import selectors_evolutions as reads
from workplace.domain import zone_loads
from workplace.domain.evolution_facts import DayFacts, PersonFacts, Spot, TeamFacts
from workplace.models import (
    PRESENT_TYPES,
    Allocation,
    Intention,
    Space,
    Team,
    TeamLocationSettings,
    Zone,
)

UNFORESEEN = 0.5  # how likely somebody without a forecast comes


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The facts of a day, and the rows of the plan that stands and may be replaced."""

    facts: DayFacts
    standing: list[Allocation]


def gather(site: Site, day: dt.date, *, organization_id: str | None) -> Gathered:
    """Read everything that the plan of a day depends on, in a constant number of queries."""
    span = opening(site, day)
    if span is None:
        return Gathered(facts=_closed(site, day, organization_id), standing=[])
    gathering = _Gathering.start(site, day, span, organization_id)
    return Gathered(facts=gathering.facts(), standing=gathering.replaced)


def opening(site: Site, day: dt.date) -> Interval[dt.datetime] | None:
    """Return from when to when people sit on that day: from the first opening to the last closing."""
    spans = operating_hours.openings(site, first_day=day, last_day=day).on(day)
    if not spans:
        return None
    return Interval(spans[0].start, spans[-1].end)


def _closed(site: Site, day: dt.date, organization_id: str | None) -> DayFacts:
    return DayFacts(
        site_id=site.id,
        day=day,
        organization_id=organization_id,
        span=None,
        spots=(),
        teams=(),
        people=(),
        previous={},
        standing={},
        kept_rows=0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathering:
    site: Site
    day: dt.date
    span: Interval[dt.datetime]
    organization_id: str | None
    zones: list[Zone]
    rooms: list[RoomLease]
    kept: list[Allocation]
    replaced: list[Allocation]
    before: list[Allocation]
    plans: list[Intention]

    @classmethod
    def start(
        cls, site: Site, day: dt.date, span: Interval[dt.datetime], organization_id: str | None
    ) -> "_Gathering":
        zones = reads.zones(site.id, organization_id=organization_id)
        rooms = reads.leases(site.id, day=day, organization_id=organization_id)
        rows = reads.allocations(site.id, span)
        spot_ids = {zone.id for zone in zones} | {lease.room_id for lease in rooms}
        replaced = reads.replaceable(rows, organization_id=organization_id, spot_ids=spot_ids)
        replaced_ids = {row.id for row in replaced}
        return cls(
            site=site,
            day=day,
            span=span,
            organization_id=organization_id,
            zones=zones,
            rooms=_free_rooms(rooms, span, replaced),
            kept=[row for row in rows if row.id not in replaced_ids],
            replaced=replaced,
            before=reads.previous_rows(site, day),
            plans=reads.plans(span, organization_id=organization_id),
        )

    def facts(self) -> DayFacts:
        spots = tuple(self._spots())
        teams = tuple(self._teams())
        return DayFacts(
            site_id=self.site.id,
            day=self.day,
            organization_id=self.organization_id,
            span=self.span,
            spots=spots,
            teams=teams,
            people=tuple(self._people(teams)),
            previous=_seats(self.before),
            standing=_seats(self.replaced),
            kept_rows=len(self.kept),
        )

    # --- where ------------------------------------------------------------------------------

    def _spots(self) -> Iterator[Spot]:
        desks = self._desks()
        loads = _loads(self.kept)
        for zone in self.zones:
            yield Spot(
                id=zone.id,
                layer_id=zone.layer_id,
                capacity=zone.capacity,
                organization_id=zone.organization_id,
                neighbours=frozenset(other.id for other in zone.neighbours.all()),
                desks=tuple(desks[zone.id]),
                taken=loads.get(zone.id, 0),
            )
        for lease in self.rooms:
            room = lease.room
            placement = getattr(room, "placement", None)
            yield Spot(
                id=room.id,
                layer_id=placement.layer_id if placement else None,
                capacity=room.nb_seat or room.max_person,
                is_room=True,
                organization_id=lease.organization_id,
                desks=tuple(desks[room.id]),
            )

    def _desks(self) -> Mapping[str, list[tuple[str, frozenset[str]]]]:
        """Return the desks of each spot that no kept row holds."""
        held = {desk.space_id for row in self.kept for desk in row.held_spaces.all()}
        found: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
        zone_ids = [zone.id for zone in self.zones]
        room_ids = [lease.room_id for lease in self.rooms]
        for space in reads.spaces(zone_ids, room_ids):
            if space.id not in held:
                found[_spot_of(space)].append((space.id, frozenset(space.labels)))
        return found

    # --- who --------------------------------------------------------------------------------

    def _teams(self) -> Iterator[TeamFacts]:
        forecasts = reads.team_forecasts(
            self.site.id, day=self.day, organization_id=self.organization_id
        )
        wishes = {
            one.settings.team_id: one
            for one in reads.team_settings(self.site.id, organization_id=self.organization_id)
        }
        found = reads.teams(
            self.site.id,
            team_ids=[*forecasts, *wishes],
            organization_id=self.organization_id,
        )
        heads = Counter(team for _, team in reads.members([team.id for team in found]))
        kept = _KeptSeats.of(self.kept)
        for team in found:
            # who has no row beside others' is not expected; without any rows heads stand for them
            wanted = forecasts.get(team.id, 0 if forecasts else heads[team.id])
            yield _team(team, wishes.get(team.id), kept.of_team(team.id), wanted=wanted)
        yield from self._single_people()

    def _single_people(self) -> Iterator[TeamFacts]:
        """Give those without a team who said that they come to a desk here, each by themselves."""
        here = {
            plan.person_id: plan
            for plan in self.plans
            if plan.site_id == self.site.id and plan.type == "SPACE" and plan.person_id
        }
        seated = {row.person_id for row in self.kept if row.person_id}
        alone = set(here) - reads.teamed(list(here)) - seated
        for person_id in sorted(alone):
            yield TeamFacts(
                id=person_id,
                organization_id=here[person_id].organization_id,
                demand=1,
                person_id=person_id,
            )

    def _people(self, teams: Sequence[TeamFacts]) -> Iterator[PersonFacts]:
        """Give who may sit, the likeliest of each team first; not those who said they stay away."""
        away = {plan.person_id for plan in self.plans if self._is_away(plan)}
        wishes = {plan.person_id: frozenset(plan.preferences) for plan in self.plans}
        seated = {row.person_id for row in self.kept if row.person_id}
        spots, desks = _places_of_people(self.before)
        likely = reads.likelihoods(self.site.id, day=self.day)
        pairs = reads.members([team.id for team in teams if team.person_id is None])
        pairs += [(team.person_id, team.id) for team in teams if team.person_id]
        found = [
            PersonFacts(
                id=person_id,
                team_id=team_id,
                likelihood=likely.get(person_id, UNFORESEEN),
                wishes=wishes.get(person_id, frozenset()),
                spot_before=spots.get(person_id),
                desk_before=desks.get(person_id),
            )
            for person_id, team_id in pairs
            if person_id not in away and person_id not in seated
        ]
        yield from sorted(found, key=lambda one: (one.team_id, -one.likelihood, one.id))

    def _is_away(self, plan: Intention) -> bool:
        return plan.type not in PRESENT_TYPES or plan.site_id != self.site.id


def _free_rooms(
    rooms: Sequence[RoomLease], span: Interval[dt.datetime], replaced: Iterable[Allocation]
) -> list[RoomLease]:
    """Leave out rooms that somebody else has then; each room once."""
    own = {row.reservation_id for row in replaced if row.reservation_id}
    taken = {
        room_id
        for room_id, reservation_id in reads.reservations_of([one.room_id for one in rooms], span)
        if reservation_id not in own
    }
    return list({one.room_id: one for one in rooms if one.room_id not in taken}.values())


def _spot_of(space: Space) -> str:
    return space.zone_id or space.room_id or ""


def _team(
    team: Team, wishes: TeamLocationSettings | None, kept: Mapping[str, Any], *, wanted: int
) -> TeamFacts:
    facts = dict(kept)
    settings = getattr(team, "settings", None)
    if settings is not None:
        facts |= {"space_type": settings.space_type_preference, "priority": settings.priority}
    if wishes is not None:
        facts |= {
            "flexibility": wishes.type,
            "preferred_layers": frozenset(one.id for one in wishes.preferred_layers.all()),
            "preferred_zones": frozenset(one.id for one in wishes.preferred_zones.all()),
            "adjacent": frozenset(one.id for one in wishes.adjacent_teams.all()),
            "room_id": wishes.room_id,
            "allow_split": wishes.allow_split,
        }
    return TeamFacts(
        id=team.id,
        organization_id=team.organization_id,
        demand=max(0, wanted - sum(kept["seated"].values())),
        **facts,
    )


def _seats(rows: Iterable[Allocation]) -> dict[tuple[str, str], int]:
    """Count the seats of each team in each spot; people without a team count as their own."""
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        spot = row.zone_id or row.room_id
        if spot is None:
            continue
        if row.person_id is None and row.team_id is not None:
            found[(row.team_id, spot)] += row.seats or 0
        elif row.team_id is None and row.person_id is not None:
            found[(row.person_id, spot)] += 1
    return dict(found)


def _loads(rows: Iterable[Allocation]) -> dict[str, int]:
    """Count the most seats that kept rows take of each zone at one moment."""
    by_zone: dict[str, list[zone_loads.Seats]] = defaultdict(list)
    for row in rows:
        if row.zone_id:
            by_zone[row.zone_id].append(
                zone_loads.Seats(
                    starts_at=row.starts_at,
                    ends_at=row.ends_at,
                    seats=1 if row.person_id else row.seats or 0,
                    team_id=row.team_id,
                    is_person=row.person_id is not None,
                )
            )
    return {zone_id: zone_loads.most_taken(seats) for zone_id, seats in by_zone.items()}


@dataclass(frozen=True, slots=True)
class _KeptSeats:
    """What kept rows give to teams, by team and spot; a team's people sit among its own row's seats."""

    rows: dict[str, Counter[str]]
    people: dict[str, Counter[str]]
    desks: dict[str, dict[str, list[str]]]

    @classmethod
    def of(cls, kept: Iterable[Allocation]) -> "_KeptSeats":
        found = cls(
            defaultdict(Counter), defaultdict(Counter), defaultdict(lambda: defaultdict(list))
        )
        taken = set()
        for row in kept:
            spot = row.zone_id or row.room_id or row.layer_id or row.site_id
            if row.team_id is None:
                continue
            held = [desk.space_id for desk in row.held_spaces.all()]
            if row.person_id is not None:
                found.people[row.team_id][spot] += 1
                taken.update(held)
            else:
                found.rows[row.team_id][spot] += row.seats or 0
                found.desks[row.team_id][spot] += held
        for desks in found.desks.values():
            for spot, ids in desks.items():
                desks[spot] = [desk for desk in ids if desk not in taken]
        return found

    def of_team(self, team_id: str) -> Mapping[str, Any]:
        """Return the team's `seated`, `vacant` and `vacant_desks`."""
        rows = self.rows.get(team_id, Counter[str]())
        people = self.people.get(team_id, Counter[str]())
        alone = {spot: count for spot, count in people.items() if spot not in rows}
        return {
            "seated": {**rows, **alone},
            "vacant": {
                spot: seats - people[spot] for spot, seats in rows.items() if seats > people[spot]
            },
            "vacant_desks": {
                spot: tuple(ids) for spot, ids in self.desks.get(team_id, {}).items() if ids
            },
        }


def _places_of_people(rows: Iterable[Allocation]) -> tuple[dict[str, str], dict[str, str]]:
    """Return each person's spot and desk of that day."""
    spots: dict[str, str] = {}
    desks: dict[str, str] = {}
    for row in rows:
        if row.person_id is None:
            continue
        if row.zone_id:
            spots[row.person_id] = row.zone_id
        for held in row.held_spaces.all():
            desks[row.person_id] = held.space_id
    return spots, desks
