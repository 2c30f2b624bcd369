"""The bulk form of the workplace: places, teams, presence, plans and seats.

Source: Workplace API, section 11 ("Bulk data and keys") and section 13 ("Bulk forms").
"""

from apitokens.models import ApiToken
from backoffice.bulk import codecs
from backoffice.bulk.children import ChildForm
from backoffice.bulk.fields import MOST_SMALL, NAME, NO, YES, Field, Form, reference
from booking.models import Meeting, Reservation
from organizations.models import Organization, User
from sites_app.models import Room, Site
from workplace.models import (
    WEEKDAYS,
    Allocation,
    AllocationSource,
    AllocationType,
    AttendanceDay,
    Configuration,
    DefaultLocation,
    ExternalType,
    Flexibility,
    Intention,
    IntentionSource,
    IntentionStatus,
    IntentionType,
    Layer,
    Occupancy,
    Priority,
    RoomPlacement,
    Space,
    SpaceTypePreference,
    Team,
    TeamLocationSettings,
    TeamSettings,
    Zone,
)

_EXTERNAL_ID = codecs.text(longest=200)
_COUNT = codecs.integer()
_MAYBE_COUNT = codecs.integer(empty=None)
_VERSION = Field("version", "version", codecs.integer(least=1, empty=1))
_CREATED = Field("created_at", "created_at", codecs.moment())
_UPDATED = Field("updated_at", "updated_at", codecs.moment())

LAYERS = Form(
    "layers",
    Layer,
    (
        reference("site", "site_id", Site, is_required=True),
        Field("name", "name", NAME, is_required=True),
        Field("ordinal", "ordinal", codecs.integer(least=-MOST_SMALL, most=MOST_SMALL)),
        _CREATED,
        _UPDATED,
    ),
)

ZONES = Form(
    "zones",
    Zone,
    (
        reference("layer", "layer_id", Layer, is_required=True),
        Field("name", "name", NAME, is_required=True),
        Field("capacity", "capacity", _COUNT),
        Field("labels", "labels", codecs.labels()),
        Field("x", "x", codecs.number()),
        Field("y", "y", codecs.number()),
        reference("organization", "organization_id", Organization),
        Field("active", "is_active", YES),
        _CREATED,
        _UPDATED,
    ),
)

SPACES = Form(
    "spaces",
    Space,
    (
        reference("layer", "layer_id", Layer, is_required=True),
        reference("zone", "zone_id", Zone),
        reference("room", "room_id", Room),
        Field("name", "name", codecs.text(longest=200)),
        Field("labels", "labels", codecs.labels()),
        Field("active", "is_active", YES),
        _CREATED,
        _UPDATED,
    ),
)

ROOM_PLACEMENTS = Form(
    "roomPlacements",
    RoomPlacement,
    (reference("layer", "layer_id", Layer, is_required=True),),
    key="room",
    key_to=Room,
)

DEFAULT_LOCATIONS = Form(
    "defaultLocations",
    DefaultLocation,
    (reference("location", "site_id", Site, is_required=True),),
    key="user",
    key_to=User,
)

TEAMS = Form(
    "teams",
    Team,
    (
        reference("organization", "organization_id", Organization, is_required=True),
        Field("name", "name", NAME, is_required=True),
        Field("color", "color", codecs.color()),
        Field("externalId", "external_id", _EXTERNAL_ID),
        Field("createdAt", "created_at", codecs.moment()),
        Field("updatedAt", "updated_at", codecs.moment()),
    ),
)

TEAM_WISHES = Form(
    "teams",
    TeamSettings,
    (
        Field("priority", "priority", codecs.choice(Priority.values, empty="medium")),
        Field(
            "spaceTypePreference",
            "space_type_preference",
            codecs.choice(SpaceTypePreference.values, empty="AUTO"),
        ),
        reference("defaultLocation", "default_location_id", Site),
        Field("settingsVersion", "version", codecs.integer(least=1, empty=1)),
        Field("settingsCreatedAt", "created_at", codecs.moment()),
        Field("settingsUpdatedAt", "updated_at", codecs.moment()),
    ),
    key="settingsId",
)
"""The fields of a team's entry that its settings row holds."""

TEAM_LOCATIONS = ChildForm(
    "settings",
    TeamLocationSettings,
    "settings_id",
    (
        Field("location_id", "site_id", codecs.entry_id(), Site),
        Field("type", "type", codecs.choice(Flexibility.values, empty="FREE")),
        Field("min_capacity", "min_capacity", _COUNT),
        Field("max_capacity", "max_capacity", _MAYBE_COUNT),
        Field("target", "target", _MAYBE_COUNT),
        Field("contingency", "contingency", codecs.integer(most=100)),
        Field("fixed_days", "fixed_days", codecs.whole_numbers(WEEKDAYS)),
        Field("room_id", "room_id", codecs.entry_id(), Room),
        Field("allow_split", "allow_split", YES),
    ),
    key=("site_id",),
    required=("location_id",),
)

CONFIGURATIONS = Form(
    "configurations",
    Configuration,
    (
        reference("organization", "organization_id", Organization),
        Field("name", "name", NAME, is_required=True),
        Field("namespace", "namespace", codecs.text(longest=200)),
        Field("default_timezone", "default_timezone", codecs.time_zone()),
        Field("provision_people", "provision_people", NO),
        _VERSION,
        _CREATED,
        _UPDATED,
    ),
)

INTENTIONS = Form(
    "intentions",
    Intention,
    (
        Field("status", "status", codecs.choice(IntentionStatus.values), is_required=True),
        Field("type", "type", codecs.choice(IntentionType.values), is_required=True),
        reference("location_id", "site_id", Site, is_required=True),
        reference("layer_id", "layer_id", Layer),
        reference("zone_id", "zone_id", Zone),
        reference("room_id", "room_id", Room),
        reference("space_id", "space_id", Space),
        reference("people_id", "person_id", User),
        reference("team_id", "team_id", Team),
        reference("organization_id", "organization_id", Organization),
        Field("starts_at", "starts_at", codecs.day_start(), is_required=True),
        Field("ends_at", "ends_at", codecs.day_end()),
        Field("timezone", "timezone", codecs.time_zone()),
        Field("preferences", "preferences", codecs.labels()),
        reference("invited_by", "invited_by_id", User),
        reference("parent_intention_id", "parent_id", Intention),
        reference("created_by", "created_by_id", User),
        reference("configuration_id", "configuration_id", Configuration),
        Field("external_id", "external_id", _EXTERNAL_ID),
        Field("external_type", "external_type", codecs.choice(ExternalType.values, empty="")),
        Field("metadata", "metadata", codecs.json_object(empty=dict)),
        Field("source", "source", codecs.choice(IntentionSource.values, empty="USER")),
        reference("meeting_id", "meeting_id", Meeting),
        Field("reason", "reason", codecs.text(longest=500)),
        _VERSION,
        _CREATED,
        _UPDATED,
    ),
)

ALLOCATIONS = Form(
    "allocations",
    Allocation,
    (
        Field("external_id", "external_id", _EXTERNAL_ID),
        reference("organization_id", "organization_id", Organization),
        reference("location_id", "site_id", Site, is_required=True),
        reference("layer_id", "layer_id", Layer),
        reference("zone_id", "zone_id", Zone),
        reference("room_id", "room_id", Room),
        Field("type", "type", codecs.choice(AllocationType.values), is_required=True),
        Field("seats", "seats", _MAYBE_COUNT),
        reference("people_id", "person_id", User),
        reference("team_id", "team_id", Team),
        Field("starts_at", "starts_at", codecs.day_start(), is_required=True),
        Field("ends_at", "ends_at", codecs.day_end(), is_required=True),
        Field("source", "source", codecs.choice(AllocationSource.values, empty="MANUAL")),
        Field("locked", "is_locked", NO),
        reference("intention_id", "intention_id", Intention),
        reference("meeting_id", "meeting_id", Meeting),
        reference("reservation_id", "reservation_id", Reservation),
        _VERSION,
        _CREATED,
        _UPDATED,
        Field("deleted_at", "deleted_at", codecs.moment()),
        reference("deleted_by", "deleted_by_id", ApiToken, is_secret=True),
    ),
)

ATTENDANCE_DAYS = Form(
    "attendanceDays",
    AttendanceDay,
    (
        reference("location", "site_id", Site, is_required=True),
        Field("day", "day", codecs.date(), is_required=True),
        reference("organization", "organization_id", Organization),
        reference("team", "team_id", Team),
        Field("people", "people", _COUNT, is_required=True),
    ),
)

OCCUPANCY = Form(
    "occupancy",
    Occupancy,
    (
        reference("people", "person_id", User, is_required=True),
        reference("location", "site_id", Site, is_required=True),
        Field("seen_at", "seen_at", codecs.moment(local=True), is_required=True),
        reference("team", "team_id", Team),
        Field("first_seen_at", "first_seen_at", codecs.moment(local=True)),
        Field("last_seen_at", "last_seen_at", codecs.moment(local=True)),
        _CREATED,
        _UPDATED,
        Field("deleted_at", "deleted_at", codecs.moment()),
        reference("deleted_by", "deleted_by_id", ApiToken, is_secret=True),
    ),
)
"""Presence comes by the million: it is read by `occupancy`, not entry by entry."""

FORMS = (
    LAYERS,
    ZONES,
    SPACES,
    ROOM_PLACEMENTS,
    DEFAULT_LOCATIONS,
    TEAMS,
    CONFIGURATIONS,
    INTENTIONS,
    ALLOCATIONS,
    ATTENDANCE_DAYS,
)
"""In the order of writing, but for allocations and intentions that book rooms."""
