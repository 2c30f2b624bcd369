"""Gathering the facts of a day from the tables.

Rows that an evolution must keep are taken off the zones' seats, the teams' demand and the desks.
Source: workplace-api, section 6; forecasting, "Evolution", "Formulation".
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.intervals import Interval
from sites_app.domain import operating_hours
from sites_app.models import RoomLease, Site
from workplace import selectors_evolutions as reads
from workplace.domain import evolution_cut_off, evolution_kept
from workplace.domain.evolution_facts import DayFacts, PersonFacts, Spot, TeamFacts
from workplace.domain.evolution_kept import KeptSeats
from workplace.models import (
    PRESENT_TYPES,
    Allocation,
    Intention,
    IntentionType,
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


def gather(
    site: Site, day: dt.date, *, organization_id: str | None, asked_at: dt.datetime
) -> Gathered:
    """Read everything that the plan of a day depends on, in a constant number of queries.

    A plan that is asked for after the day's cut-off goes by who has accepted to come, not by the forecast.
    """
    span = opening(site, day)
    if span is None:
        return Gathered(facts=_closed(site, day, organization_id), standing=[])
    is_settled = evolution_cut_off.is_over(site, day, at=asked_at)
    gathering = _Gathering.start(site, day, span, organization_id, is_settled=is_settled)
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
    is_settled: bool
    zones: list[Zone]
    rooms: list[RoomLease]
    kept: list[Allocation]
    replaced: list[Allocation]
    before: list[Allocation]
    plans: list[Intention]
    seated: set[str]
    homes: Mapping[str, str]

    @classmethod
    def start(
        cls,
        site: Site,
        day: dt.date,
        span: Interval[dt.datetime],
        organization_id: str | None,
        *,
        is_settled: bool,
    ) -> "_Gathering":
        zones = reads.zones(site.id, organization_id=organization_id)
        rooms = reads.leases(site.id, day=day, organization_id=organization_id)
        rows = reads.allocations(site.id, span)
        spot_ids = {zone.id for zone in zones} | {lease.room_id for lease in rooms}
        replaced = reads.replaceable(rows, organization_id=organization_id, spot_ids=spot_ids)
        replaced_ids = {row.id for row in replaced}
        kept = [row for row in rows if row.id not in replaced_ids]
        plans = reads.plans(span, organization_id=organization_id)
        seated = {row.person_id for row in kept if row.person_id}
        named = seated | {plan.person_id for plan in plans if plan.person_id}
        return cls(
            site=site,
            day=day,
            span=span,
            organization_id=organization_id,
            is_settled=is_settled,
            zones=zones,
            rooms=_free_rooms(rooms, span, replaced),
            kept=kept,
            replaced=replaced,
            before=reads.previous_rows(site, day),
            plans=plans,
            seated=seated | reads.seated_elsewhere(site.id, span),
            homes=reads.primary_teams(named),
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
            previous=evolution_kept.seats(self.before),
            standing=evolution_kept.without_joined(evolution_kept.seats(self.replaced), teams),
            kept_rows=len(self.kept),
        )

    # --- where ------------------------------------------------------------------------------

    def _spots(self) -> Iterator[Spot]:
        desks = self._desks()
        loads = evolution_kept.loads(self.kept)
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
        accepted = self._accepted_heads() if self.is_settled else {}
        found = reads.teams(
            self.site.id,
            team_ids=[*forecasts, *wishes, *accepted],
            organization_id=self.organization_id,
        )
        heads = Counter(team for _, team in reads.members([team.id for team in found]))
        kept = KeptSeats.of(self.kept, homes=self.homes)
        for team in found:
            # who has no row beside others' is not expected; without any rows heads stand for them
            expected = forecasts.get(team.id, 0 if forecasts else heads[team.id])
            wanted = accepted.get(team.id, 0) if self.is_settled else expected
            yield _team(team, wishes.get(team.id), kept.of_team(team.id), wanted=wanted)
        yield from self._single_people({team.id for team in found})

    def _accepted_heads(self) -> Mapping[str, int]:
        """Count by team who has accepted to be here."""
        return Counter(self.homes[one] for one in self._here() if one in self.homes)

    def _here(self) -> set[str]:
        """Name who has accepted to be here at some time of the day."""
        return {plan.person_id for plan in self.plans if plan.person_id and not self._is_away(plan)}

    def _single_people(self, team_ids: Collection[str]) -> Iterator[TeamFacts]:
        """Give those of none of these teams who said that they come to a desk here, each by themselves."""
        here = {
            plan.person_id: plan
            for plan in self.plans
            if plan.site_id == self.site.id and plan.type == IntentionType.SPACE and plan.person_id
        }
        teamed = {person for person, team in self.homes.items() if team in team_ids}
        for person_id in sorted(set(here) - teamed - self.seated):
            yield TeamFacts(
                id=person_id,
                organization_id=here[person_id].organization_id,
                demand=1,
                person_id=person_id,
            )

    def _people(self, teams: Sequence[TeamFacts]) -> Iterator[PersonFacts]:
        """Give who may sit, the likeliest of each team first; not those who said they stay away."""
        here = self._here()
        away = {plan.person_id for plan in self.plans if plan.person_id} - here
        wishes = {plan.person_id: frozenset(plan.preferences) for plan in self.plans}
        out = away | self.seated
        spots, desks = evolution_kept.places_of_people(self.before)
        likely = reads.likelihoods(self.site.id, day=self.day)
        pairs = reads.members([team.id for team in teams if team.person_id is None])
        pairs += [(team.person_id, team.id) for team in teams if team.person_id]
        found = [
            PersonFacts(
                id=person_id,
                team_id=team_id,
                likelihood=likely.get(person_id, 1.0 if person_id in here else UNFORESEEN),
                wishes=wishes.get(person_id, frozenset()),
                spot_before=spots.get(person_id),
                desk_before=desks.get(person_id),
            )
            for person_id, team_id in pairs
            if person_id not in out and (person_id in here or not self.is_settled)
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
