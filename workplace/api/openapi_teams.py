"""What the OpenAPI document says about teams."""

from config.api.openapi import (
    BOOLEAN,
    INSTANT,
    INTEGER,
    OBJECT_ID,
    STRING,
    Schema,
    array,
    in_query,
    nullable,
    record,
)
from workplace.api.describe import (
    NAME,
    UNMODIFIED_SINCE,
    VERSION,
    listed,
    one_id,
    operation,
    paged,
)
from workplace.api.team_settings import DEFAULT_SORT, SORTS
from workplace.api.team_settings_changes import MOST_SEATS
from workplace.models import Flexibility, Priority, SpaceTypePreference

TAG = "Teams"
_SEATS: Schema = {"type": "integer", "minimum": 0, "maximum": MOST_SEATS}
_PERCENT: Schema = {"type": "integer", "minimum": 0, "maximum": 100}
_IDS = array(OBJECT_ID, maxItems=1000)
_WEEKDAYS = array({"type": "integer", "minimum": 1, "maximum": 7}, maxItems=7)
_SPACE_TYPE: Schema = {"enum": SpaceTypePreference.values}
_PRIORITY: Schema = {"enum": Priority.values}
_TYPE: Schema = {"enum": Flexibility.values}
_AT_LOCATION: dict[str, Schema] = {
    "type": _TYPE,
    "min_capacity": _SEATS,
    "max_capacity": nullable(_SEATS),
    "target": nullable(_SEATS),
    "contingency": _PERCENT,
    "fixed_days": _WEEKDAYS,
    "preferred_layer_ids": _IDS,
    "preferred_zone_ids": _IDS,
    "adjacent_team_ids": _IDS,
    "room_id": nullable(OBJECT_ID),
    "allow_split": BOOLEAN,
}
LOCATION_SETTINGS = record({"location_id": OBJECT_ID, **_AT_LOCATION})
TEAM_SETTINGS = record(
    {
        "_id": OBJECT_ID,
        "team_id": OBJECT_ID,
        "external_id": nullable(STRING),
        "organization_id": OBJECT_ID,
        "team_name": STRING,
        "color": nullable({"type": "string", "pattern": "^#[0-9a-f]{6}$"}),
        "head_count": INTEGER,
        "space_type_preference": _SPACE_TYPE,
        "priority": _PRIORITY,
        "default_location": nullable(record({"location_id": OBJECT_ID, "name": STRING})),
        "linked_locations": array(OBJECT_ID),
        "settings": array(LOCATION_SETTINGS),
        "version": VERSION,
        "created_at": INSTANT,
        "updated_at": INSTANT,
    }
)
_CHANGED_LOCATION = record(
    {"location_id": OBJECT_ID},
    {"_remove": BOOLEAN} | {name: nullable(schema) for name, schema in _AT_LOCATION.items()},
)
_CHANGED_TEAM = record(
    {},
    {
        "_id": OBJECT_ID,
        "team_id": OBJECT_ID,
        "external_id": nullable(NAME),
        "organization_id": OBJECT_ID,
        "team_name": STRING,
        "color": nullable({"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"}),
        "head_count": INTEGER,
        "space_type_preference": nullable(_SPACE_TYPE),
        "priority": nullable(_PRIORITY),
        "default_location": nullable(record({"location_id": OBJECT_ID}, {"name": STRING})),
        "linked_locations": nullable(_IDS),
        "settings": nullable(array(_CHANGED_LOCATION, maxItems=1000)),
        "version": VERSION,
        "created_at": INSTANT,
        "updated_at": INSTANT,
    },
)
_TEAM_ID, _SITE_ID = "68518a549c86c18f01ee84a3", "68824ca5369c856b7c670510"


def paths() -> Schema:
    """Describe `/team/settings`."""
    return {
        "/workplace/v1/team/settings": {
            "get": operation(
                identifier="get_team_settings",
                summary="Team settings",
                description=(
                    "Lists what teams wish for and their limits at each location. `head_count` counts "
                    "the people whose primary team it is."
                ),
                tag=TAG,
                scope="workplace:read",
                parameters=[
                    one_id(
                        "location_id",
                        "Only teams with settings at this location or linked to it; of `settings` "
                        "that location alone.",
                    ),
                    one_id("team_id", "Only this team."),
                    in_query("external_id", NAME, "Only teams with this id in another system."),
                    *paged(tuple(SORTS), default=DEFAULT_SORT),
                ],
                data=listed("team_settings", TEAM_SETTINGS),
            ),
            "put": operation(
                identifier="update_team_settings",
                summary="Change team settings",
                description=(
                    "Changes 1 to 1,000 teams, all or none, each named by `_id`, `team_id` or "
                    "`external_id`. A field that is absent stays, `null` resets it; `settings` are "
                    "matched by `location_id` and merged, `_remove` drops one. Read-only fields may "
                    "come along unchanged. `adjacent_team_ids` holds for both teams."
                ),
                tag=TAG,
                scope="workplace:write",
                parameters=[UNMODIFIED_SINCE],
                body=record(
                    {"team_settings": array(_CHANGED_TEAM, minItems=1, maxItems=1000)},
                ),
                example={
                    "team_settings": [
                        {
                            "team_id": _TEAM_ID,
                            "priority": "high",
                            "settings": [
                                {"location_id": _SITE_ID, "min_capacity": 4, "fixed_days": [2, 4]}
                            ],
                        }
                    ]
                },
                data=record({"team_settings": array(TEAM_SETTINGS, maxItems=1000)}),
            ),
        }
    }
