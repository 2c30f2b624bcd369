"""The workplace of a bulk file, in the order in which its rows name each other."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backoffice.bulk import links, occupancy, teams, workplace_forms
from backoffice.bulk.entries import Entry
from backoffice.bulk.files import File
from backoffice.bulk.problems import at
from backoffice.bulk.rows import Change
from backoffice.bulk.saving import write_form
from backoffice.bulk.workplace_forms import TEAM_LOCATIONS
from organizations.models import User
from sites_app.models import Room, Site
from workplace.models import Layer, Space, Team, Zone

Reference = tuple[Entry, str, Any, str]
_LISTED: Sequence[tuple[str, str, Any]] = (
    ("zones", "neighbours", Zone),
    ("teams", "linkedLocations", Site),
    ("allocations", "spaces", Space),
)
_LISTED_OF_TEAMS: Mapping[str, Any] = {
    "preferred_layer_ids": Layer,
    "preferred_zone_ids": Zone,
    "adjacent_team_ids": Team,
}


def references(file: File) -> Iterable[Reference]:
    """Tell of each id in the lists of the workplace: whose, in which field, of which model."""
    for collection, name, model in _LISTED:
        for entry in file.entries[collection]:
            for position, one in enumerate(entry.ids(name) or ()):
                yield entry, f"{name}[{position}]", model, one
    for entry in file.entries["teams"]:
        for position, (person, _) in enumerate(teams.members(entry) or ()):
            yield entry, f"members[{position}]", User, person
    for found in file.lists_of("teams", TEAM_LOCATIONS).values():
        for child in found:
            for name, model in _LISTED_OF_TEAMS.items():
                for one in teams.listed_ids(child, name) or ():
                    yield child.owner, f"{child.label}.{name}", model, one


def write_places(file: File) -> None:
    """Write where people sit, who they are together, and which systems tell of them."""
    write_form(file, workplace_forms.LAYERS)
    write_form(file, workplace_forms.ZONES)
    links.replace_mutual(
        Zone.neighbours.through,
        owner="from_zone_id",
        other="to_zone_id",
        wanted=links.of(file.entries["zones"], "neighbours"),
    )
    write_form(file, workplace_forms.ROOM_PLACEMENTS, _settle_placements)
    write_form(file, workplace_forms.SPACES, _settle_spaces)
    write_form(file, workplace_forms.DEFAULT_LOCATIONS)
    write_form(file, workplace_forms.TEAMS)
    teams.write(file)
    write_form(file, workplace_forms.CONFIGURATIONS)


def write_presence(file: File) -> None:
    """Write who was there, and what remains of it."""

    def progress(count: int) -> None:
        file.progress(occupancy.COLLECTION, count)

    counts = occupancy.write(file.presence, now=file.now, progress=progress)
    file.new[occupancy.COLLECTION], file.changed[occupancy.COLLECTION] = counts
    write_form(file, workplace_forms.ATTENDANCE_DAYS)


def _settle_spaces(changes: Sequence[Change], _file: File) -> None:
    """Refuse spaces whose zone is on another layer, or whose room is at another site."""
    layers = dict(Zone.objects.values_list("pk", "layer_id"))
    sites = dict(Layer.objects.values_list("pk", "site_id"))
    rooms = dict(Room.objects.values_list("pk", "site_id"))
    for change in changes:
        row, place = change.row, change.entry.place
        if row.zone_id and layers[row.zone_id] != row.layer_id:
            raise at(place, "zone", "lies on another layer")
        if row.room_id and rooms[row.room_id] != sites[row.layer_id]:
            raise at(place, "room", "is at another site")


def _settle_placements(changes: Sequence[Change], _file: File) -> None:
    """Refuse layers at another site than the room."""
    sites = dict(Layer.objects.values_list("pk", "site_id"))
    rooms = dict(Room.objects.values_list("pk", "site_id"))
    for change in changes:
        if sites[change.row.layer_id] != rooms[change.row.pk]:
            raise at(change.entry.place, "layer", "is at another site")
