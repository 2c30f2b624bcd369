"""What the OpenAPI document says an intention looks like, and the wish for one."""

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
    DATE,
    MOMENT,
    NAME,
    VERSION,
)
from workplace.api.intentions import LONGEST_PREFERENCE, MOST_INVITEES
from workplace.domain.external_intentions import Result
from workplace.models import (
    OPEN_STATUSES,
    ExternalType,
    IntentionSource,
    IntentionStatus,
    IntentionType,
)

TAG = "Intentions"
STATUS: Schema = {"enum": IntentionStatus.values}
TYPE: Schema = {"enum": IntentionType.values}
EXTERNAL_TYPE: Schema = {"enum": ExternalType.values}
_EMAIL: Schema = {"type": "string", "maxLength": 254}
PREFERENCES = array({"type": "string", "maxLength": LONGEST_PREFERENCE}, maxItems=200)

INTENTION = record(
    {
        "_id": OBJECT_ID,
        "status": STATUS,
        "type": TYPE,
        "location_id": OBJECT_ID,
        "external_location_id": nullable(STRING),
        "layer_id": nullable(OBJECT_ID),
        "zone_id": nullable(OBJECT_ID),
        "room_id": nullable(OBJECT_ID),
        "space_id": nullable(OBJECT_ID),
        "people_id": nullable(OBJECT_ID),
        "people_first_name": nullable(STRING),
        "people_last_name": nullable(STRING),
        "people_email": nullable(STRING),
        "team_id": nullable(OBJECT_ID),
        "team_name": nullable(STRING),
        "starts_at": INSTANT,
        "ends_at": INSTANT,
        "timezone": STRING,
        "date": DATE,
        "preferences": array(STRING),
        "invited_by": nullable(OBJECT_ID),
        "parent_intention_id": nullable(OBJECT_ID),
        "invitees": array(
            record({"people_id": nullable(OBJECT_ID), "intention_id": OBJECT_ID, "status": STATUS})
        ),
        "external_id": nullable(STRING),
        "external_type": nullable(EXTERNAL_TYPE),
        "source": {"enum": IntentionSource.values},
        "allocation_id": nullable(OBJECT_ID),
        "reason": nullable(STRING),
        "version": VERSION,
        "created_at": INSTANT,
        "updated_at": INSTANT,
    }
)
ONE = record({"intention": INTENTION})
FORCE = in_query(
    "force",
    {"enum": ["true", "false"], "default": "false"},
    "`true` cancels the person's other intentions in that time and goes past a full or closed "
    "location; needs the scope `workplace:admin`. Never past a taken room.",
)
_INVITEE = record({}, {"people_id": OBJECT_ID, "people_email": _EMAIL})
WISH = record(
    {"status": {"enum": list(OPEN_STATUSES)}, "type": TYPE, "location_id": OBJECT_ID},
    {
        "people_id": nullable(OBJECT_ID),
        "people_first_name": nullable(NAME),
        "people_last_name": nullable(NAME),
        "people_email": nullable(_EMAIL),
        "team_id": nullable(OBJECT_ID),
        "team_name": nullable(NAME),
        "skip_auto_accept": BOOLEAN | {"default": False},
        "starts_at": MOMENT,
        "ends_at": MOMENT,
        "timezone": STRING,
        "layer_id": nullable(OBJECT_ID),
        "zone_id": nullable(OBJECT_ID),
        "room_id": nullable(OBJECT_ID),
        "space_id": nullable(OBJECT_ID),
        "preferences": PREFERENCES,
        "invitees": array(_INVITEE, maxItems=MOST_INVITEES),
    },
)
ITEM = record(
    {"external_id": NAME, "external_type": EXTERNAL_TYPE, "starts_at": MOMENT},
    {
        "external_location_id": NAME,
        "location_id": OBJECT_ID,
        "people_id": OBJECT_ID,
        "people_email": _EMAIL,
        "people_first_name": NAME,
        "people_last_name": NAME,
        "external_team_id": NAME,
        "ends_at": MOMENT,
        "external_location_timezone": STRING,
        "status": STATUS,
        "metadata": {"type": "object"},
    },
)
RESULT = record(
    {
        "index": INTEGER,
        "_id": nullable(OBJECT_ID),
        "external_id": nullable(STRING),
        "result": {"enum": [str(word) for word in Result]},
        "error": nullable(
            record(
                {"code": STRING, "path": STRING, "message": STRING, "conflict_id": STRING},
                may_lack=("conflict_id",),
            )
        ),
    }
)
SUMMARY = record({"received": INTEGER, **{str(word): INTEGER for word in Result}})
