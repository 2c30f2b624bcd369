"""Teams of a bulk file: their members, and what they wish for wherever they sit.

A team's entry holds two rows, the team's and its settings'; `settingsId` is the key of the latter.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backoffice.bulk import children, codecs, entries, links, rows, tables
from backoffice.bulk.children import Child
from backoffice.bulk.entries import Entry
from backoffice.bulk.files import File
from backoffice.bulk.problems import at
from backoffice.bulk.rows import Change
from backoffice.bulk.workplace_forms import TEAM_LOCATIONS, TEAM_WISHES
from workplace.models import TeamLocationSettings, TeamMembership, TeamSettings

MANY = {
    "preferred_layer_ids": ("preferred_layers", "layer_id"),
    "preferred_zone_ids": ("preferred_zones", "zone_id"),
    "adjacent_team_ids": ("adjacent_teams", "team_id"),
}
"""Lists of ids of a team's settings at a location: the relation, and its column."""

_ID, _FLAG = codecs.entry_id(), codecs.boolean(empty=None)


def write(file: File) -> None:
    """Write what belongs to the teams of the file, whose own rows are there."""
    found = file.entries["teams"]
    _write_members(found)
    settings = _write_wishes(file, found)
    links.replace(
        TeamSettings.linked_locations.through,
        owner="teamsettings_id",
        other="site_id",
        wanted={settings[pk]: ids for pk, ids in links.of(found, "linkedLocations").items()},
    )
    lists = file.lists_of("teams", TEAM_LOCATIONS)
    wanted = {settings[pk]: found for pk, found in lists.items()}
    children.save(TEAM_LOCATIONS, wanted)
    _write_places(wanted)


# --- members --------------------------------------------------------------------------------


def members(entry: Entry) -> list[tuple[str, bool | None]] | None:
    """Read a team's members: ids, or objects that also say whether the team is their primary one."""
    if "members" not in entry.given:
        return None
    found = entry.given["members"] or []
    if not isinstance(found, list):
        raise at(entry.place, "members", "must be a list")
    told = [_member(entry, f"members[{position}]", one) for position, one in enumerate(found)]
    if len({person for person, _ in told}) != len(told):
        raise at(entry.place, "members", "must not name one twice")
    return told


def _member(entry: Entry, label: str, given: Any) -> tuple[str, bool | None]:
    one = given if isinstance(given, dict) else {"user": given}
    person = entries.read(entry.place, f"{label}.user", _ID, one.get("user"))
    if person is None:
        raise at(entry.place, f"{label}.user", "is missing")
    return person, entries.read(entry.place, f"{label}.isPrimary", _FLAG, one.get("isPrimary"))


def _write_members(found: Iterable[Entry]) -> None:
    told = {entry.id: members(entry) for entry in found}
    wanted = {team: people for team, people in told.items() if people is not None}
    stored = {
        (one.team_id, one.person_id): one
        for batch in rows.batches(wanted)
        for one in TeamMembership.objects.filter(team__in=batch)
    }
    asked = {(team, person): flag for team, people in wanted.items() for person, flag in people}
    for batch in rows.batches(one.pk for pair, one in stored.items() if pair not in asked):
        TeamMembership.objects.filter(pk__in=batch).delete()
    flags = _primary(asked, stored)
    changed = [
        one for pair, one in stored.items() if pair in asked and one.is_primary != flags[pair]
    ]
    for one in sorted(changed, key=lambda one: one.is_primary, reverse=True):
        one.is_primary = not one.is_primary
        one.save(update_fields=["is_primary"])
    TeamMembership.objects.bulk_create(
        [
            TeamMembership(team_id=team, person_id=person, is_primary=flags[team, person])
            for team, person in asked
            if (team, person) not in stored
        ],
        batch_size=2_000,
    )


def _primary(
    asked: Mapping[tuple[str, str], bool | None], stored: Mapping[tuple[str, str], TeamMembership]
) -> dict[tuple[str, str], bool]:
    """Say which memberships are primary: as told or stored, else a person's first one."""
    flags = {
        pair: stored[pair].is_primary if flag is None and pair in stored else flag
        for pair, flag in asked.items()
    }
    has_primary = {person for (_, person), flag in flags.items() if flag}
    people = {person for _, person in asked}
    for batch in rows.batches(people):
        others = TeamMembership.objects.filter(person__in=batch, is_primary=True)
        pairs = others.values_list("team_id", "person_id")
        has_primary |= {person for team, person in pairs if (team, person) not in flags}
    settled = {}
    for (team, person), flag in flags.items():
        settled[team, person] = person not in has_primary if flag is None else flag
        if settled[team, person]:
            has_primary.add(person)
    return settled


# --- wishes ---------------------------------------------------------------------------------


def _write_wishes(file: File, found: Sequence[Entry]) -> dict[str, str]:
    """Write the settings row of each team; return its id by the team's."""
    stored = {
        row.team_id: row
        for batch in rows.batches(entry.id for entry in found)
        for row in TeamSettings.objects.filter(team__in=batch)
    }
    changes = [_wishes(entry, stored.get(entry.id)) for entry in found]
    tables.upsert(TeamSettings, rows.stamp(changes, now=file.now))
    return {change.row.team_id: change.row.pk for change in changes}


def _wishes(entry: Entry, row: TeamSettings | None) -> Change:
    before = {} if row is None else rows.columns(row)
    if row is None:
        own = entries.read(entry.place, "settingsId", _ID, entry.given.get("settingsId"))
        row = TeamSettings(team_id=entry.id, **({"id": own} if own else {}))
    given = entries.values(entry.place, TEAM_WISHES.fields, entry.given)
    for attribute, value in given.items():
        setattr(row, attribute, value)
    return Change(Entry(entry.place, row.pk, entry.given, given), row, before)


# --- wishes at a location -------------------------------------------------------------------


def listed_ids(child: Child, name: str) -> list[str] | None:
    """Read a list of ids of a team's settings at a location, None where they do not speak of it."""
    if name not in child.given:
        return None
    label = f"{child.label}.{name}"
    return Entry(child.place, child.owner.id, {label: child.given[name]}).ids(label)


def _write_places(wanted: Mapping[str, Sequence[Child]]) -> None:
    owned = TeamLocationSettings.objects.filter(settings__in=wanted)
    here = {(one.settings_id, one.site_id): one.pk for one in owned}
    for name, (relation, column) in MANY.items():
        lists = {
            here[settings, child.values["site_id"]]: found
            for settings, told in wanted.items()
            for child in told
            if (found := listed_ids(child, name)) is not None
        }
        through = getattr(TeamLocationSettings, relation).through
        links.replace(through, owner="teamlocationsettings_id", other=column, wanted=lists)
        if relation == "adjacent_teams":
            _return_neighbours(lists)


def _return_neighbours(lists: Mapping[Any, Iterable[str]]) -> None:
    """Let each team that is named as a neighbour at a location name the other one there too."""
    named = {team for found in lists.values() for team in found}
    places = TeamLocationSettings.objects.filter(settings__team__in=named)
    there = {
        (team, site): pk
        for team, site, pk in places.values_list("settings__team_id", "site_id", "pk")
    }
    own = TeamLocationSettings.objects.filter(pk__in=lists)
    facts: Mapping[Any, tuple[str, str]] = {
        pk: (team, site) for pk, team, site in own.values_list("pk", "settings__team_id", "site_id")
    }
    pairs = {
        (there[each, facts[pk][1]], facts[pk][0])
        for pk, found in lists.items()
        for each in found
        if (each, facts[pk][1]) in there
    }
    links.add(
        TeamLocationSettings.adjacent_teams.through,
        owner="teamlocationsettings_id",
        other="team_id",
        pairs=pairs,
    )
