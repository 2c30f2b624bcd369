"""Announcements: tell those who follow the catalogue that sites or rooms are not what they were.

Source: public-api, section 7, `room.changed` and `site.changed`.
"""

import datetime as dt
from collections.abc import Iterable

from apitokens.domain import events
from apitokens.models import EventType


def rooms_changed(room_ids: Iterable[str], *, now: dt.datetime) -> int:
    """Tell, in the caller's transaction, that these rooms are new or changed; return how many."""
    return events.record_changes_of(
        type=EventType.ROOM_CHANGED, kind="room", object_ids=sorted(set(room_ids)), now=now
    )


def sites_changed(site_ids: Iterable[str], *, now: dt.datetime) -> int:
    """Tell, in the caller's transaction, that these sites are new or changed; return how many."""
    return events.record_changes_of(
        type=EventType.SITE_CHANGED, kind="site", object_ids=sorted(set(site_ids)), now=now
    )
