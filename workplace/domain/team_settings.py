"""Changing what teams wish for. Source: workplace-api, section 3, PUT /team/settings."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from apitokens.models import EventType
from workplace import selectors_teams
from workplace.domain import team_settings_checks as checks
from workplace.domain import team_settings_events
from workplace.domain.refusals import Detail, Invalid, NotFound, StaleVersion
from workplace.domain.team_settings_checks import LocationChange, TeamChange
from workplace.models import Team, TeamLocationSettings, TeamSettings
from workplace.selectors_tenants import Tenant

_MANY = ("preferred_layers", "preferred_zones")


@transaction.atomic
def change(changes: Sequence[TeamChange], *, tenant: Tenant, now: dt.datetime) -> Sequence[str]:
    """Change teams' settings, all or none, and return the ids of the rows in the order of the changes.

    :raises NotFound: for teams and whatever else is named, with every place.
    :raises Invalid: for a team that comes twice, and for every broken rule.
    :raises StaleVersion: for rows that were changed since the caller read them.
    """
    ids = _ids(changes, tenant)
    before = _locked(ids, changes)
    rows = selectors_teams.team_settings(tenant.teams()).in_bulk(ids)
    pairs = [(each, rows[pk]) for each, pk in zip(changes, ids, strict=True)]
    known = checks.places(changes, list(rows.values()), tenant)
    if lacking := checks.unknown(changes, known):
        raise NotFound(lacking)
    if stale := [each.path for each, row in pairs if each.known.is_stale(row)]:
        raise StaleVersion([Detail(path=path, message=StaleVersion.message) for path in stale])
    merged = [_merged(each, row) for each, row in pairs]
    if wrong := list(_wrong(pairs, merged, known)):
        raise Invalid(wrong)
    for (each, row), locations in zip(pairs, merged, strict=True):
        _write(each, row, locations, now=now)
    team_settings_events.record(EventType.TEAM_SETTINGS_UPDATED, _changed(before), now=now)
    return ids


def _ids(changes: Sequence[TeamChange], tenant: Tenant) -> Sequence[str]:
    """Return the row that each change means."""
    rows = TeamSettings.objects.filter(team__in=tenant.teams())
    found = {
        "pk": _by(rows, "pk", [each.settings_id for each in changes]),
        "team": _by(rows, "team", [each.team_id for each in changes]),
        "external": _by(rows, "team__external_id", [each.external_id for each in changes]),
    }
    ids, lacking, wrong = [], [], []
    for each in changes:
        meant = _meant(each, found)
        if not meant:
            lacking.append(Detail(path=each.path, message="Team not found"))
        elif len(meant) > 1:
            wrong.append(
                Detail(path=each.path, message="external_id names teams of several tenants")
            )
        elif meant[0] in ids:
            wrong.append(Detail(path=each.path, message="This team is there twice"))
        ids += meant[:1]
    if lacking:
        raise NotFound(lacking)
    if wrong:
        raise Invalid(wrong)
    return ids


def _meant(change: TeamChange, found: Mapping[str, Mapping[str, list[str]]]) -> list[str]:
    if change.settings_id:
        return found["pk"].get(change.settings_id, [])
    if change.team_id:
        return found["team"].get(change.team_id, [])
    return found["external"].get(change.external_id or "", [])


def _by(rows: Any, name: str, values: Collection[str | None]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    named = [value for value in values if value]
    if named:
        for value, pk in rows.filter(**{f"{name}__in": named}).values_list(name, "pk"):
            found.setdefault(value, []).append(pk)
    return found


def _locked(ids: Sequence[str], changes: Sequence[TeamChange]) -> Mapping[str, int]:
    """Lock the rows and those of every team that is or will be a neighbour, in the order of their ids.

    Return the version of each.
    """
    named = {
        team_id
        for each in changes
        for location in each.locations
        for team_id in location.values.get("adjacent_teams", ())
    }
    through = TeamLocationSettings.adjacent_teams.through.objects
    named.update(
        through.filter(teamlocationsettings__settings__in=ids).values_list("team_id", flat=True)
    )
    both = TeamSettings.objects.filter(pk__in=ids) | TeamSettings.objects.filter(team__in=named)
    locked = both.order_by("pk").select_for_update(of=("self",), no_key=True)
    return dict(locked.values_list("pk", "version"))


def _changed(before: Mapping[str, int]) -> list[TeamSettings]:
    """Return the locked rows that have another version than before, with their teams, by id."""
    rows = TeamSettings.objects.filter(pk__in=before).select_related("team").order_by("pk")
    return [row for row in rows if row.version != before[row.pk]]


def _merged(change: TeamChange, row: TeamSettings) -> Sequence[TeamLocationSettings]:
    """Return the settings at each changed location as they would be, removed ones as they are."""
    there = {each.site_id: each for each in row.locations.all()}
    merged = []
    for location in change.locations:
        entry = there.get(location.site_id) or TeamLocationSettings(
            settings=row, site_id=location.site_id
        )
        for name, value in location.values.items():
            if name not in (*_MANY, "adjacent_teams"):
                setattr(entry, name, value)
        merged.append(entry)
    return merged


def _wrong(
    pairs: Sequence[tuple[TeamChange, TeamSettings]],
    merged: Sequence[Sequence[TeamLocationSettings]],
    known: checks.Places,
) -> Iterator[Detail]:
    for (each, row), entries in zip(pairs, merged, strict=True):
        yield from checks.echoes(each, row)
        for location, entry in zip(each.locations, entries, strict=True):
            if not location.is_removed:
                yield from checks.location(location, entry, row, known)


def _write(
    change: TeamChange,
    row: TeamSettings,
    entries: Sequence[TeamLocationSettings],
    *,
    now: dt.datetime,
) -> None:
    values = dict(change.values)
    linked = values.pop("linked_locations", None)
    color = values.pop("color", None)
    if color is not None and color != row.team.color:
        row.team.color = color
        row.team.save(update_fields=["color", "updated_at"])
    if linked is not None:
        row.linked_locations.set(linked)
    _touch([row.pk], now=now, **values)
    if change.removes_others:
        _remove(list(row.locations.all()), row, now=now)
    for location, entry in zip(change.locations, entries, strict=True):
        if location.is_removed:
            _remove([entry] if not entry._state.adding else [], row, now=now)
        else:
            _write_location(location, entry, row, now=now)


def _write_location(
    change: LocationChange, entry: TeamLocationSettings, row: TeamSettings, *, now: dt.datetime
) -> None:
    if entry._state.adding:  # a neighbour in the same call may have made it since
        made = TeamLocationSettings.objects.filter(settings=row, site=entry.site_id).first()
        entry.pk, entry._state.adding = (made.pk, False) if made else (entry.pk, True)
    entry.save()
    for name in _MANY:
        if name in change.values:
            getattr(entry, name).set(change.values[name])
    if "adjacent_teams" in change.values:
        _set_neighbours(entry, row, set(change.values["adjacent_teams"]), now=now)


def _set_neighbours(
    entry: TeamLocationSettings, row: TeamSettings, wanted: set[str], *, now: dt.datetime
) -> None:
    """Make these teams the neighbours of a team at a location, and it theirs."""
    there = set(entry.adjacent_teams.values_list("pk", flat=True))
    entry.adjacent_teams.set(Team.objects.filter(pk__in=wanted))
    left = TeamLocationSettings.objects.filter(
        site=entry.site_id, settings__team__in=there - wanted
    )
    for other in left:
        other.adjacent_teams.remove(row.team)
    joined = TeamSettings.objects.filter(team__in=wanted - there)
    for settings in joined:
        other, _ = TeamLocationSettings.objects.get_or_create(settings=settings, site=entry.site)
        other.adjacent_teams.add(row.team)
    _touch([*(each.settings_id for each in left), *(each.pk for each in joined)], now=now)


@transaction.atomic
def mirror_neighbours(row: TeamSettings, *, now: dt.datetime) -> Sequence[TeamSettings]:
    """Let those whom a team names as its neighbours at a location name it there too, and nobody else.

    :returns: the settings, with their teams, of those that had to be changed.
    """
    named = {
        each.site_id: {team.pk for team in each.adjacent_teams.all()}
        for each in row.locations.prefetch_related("adjacent_teams")
    }
    naming = TeamLocationSettings.objects.filter(adjacent_teams=row.team).exclude(settings=row)
    changed = set()
    for other in naming.select_related("settings"):
        if other.settings.team_id not in named.get(other.site_id, ()):
            other.adjacent_teams.remove(row.team)
            changed.add(other.settings_id)
    for site_id, team_ids in named.items():
        there = naming.filter(site=site_id).values("settings")
        for settings in TeamSettings.objects.filter(team__in=team_ids).exclude(pk__in=there):
            other, _ = TeamLocationSettings.objects.get_or_create(
                settings=settings, site_id=site_id
            )
            other.adjacent_teams.add(row.team)
            changed.add(settings.pk)
    _touch(changed, now=now)
    return list(TeamSettings.objects.filter(pk__in=changed).select_related("team").order_by("pk"))


def _remove(
    entries: Sequence[TeamLocationSettings], row: TeamSettings, *, now: dt.datetime
) -> None:
    """Forget what a team wishes for at some locations; it is nobody's neighbour there any more."""
    for entry in entries:
        _set_neighbours(entry, row, set(), now=now)
        entry.delete()


def _touch(ids: Collection[str], *, now: dt.datetime, **values: Any) -> None:
    """Count one more change of these rows, with the values that change."""
    if ids:
        TeamSettings.objects.filter(pk__in=ids).update(
            version=F("version") + 1, updated_at=now, **values
        )
