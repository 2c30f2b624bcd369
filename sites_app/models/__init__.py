"""Where: sites, their rooms, when they open, what they look like, and who rents them."""

from sites_app.models.leases import RoomLease
from sites_app.models.openings import Closure, OpeningException
from sites_app.models.rooms import (
    MEETING_TYPES,
    OFFICE_TYPES,
    PUBLIC_TYPES,
    Equipment,
    Room,
    RoomImage,
    RoomState,
    RoomType,
    default_cancellation_terms,
)
from sites_app.models.sites import Site, SiteMembership

__all__ = [
    "MEETING_TYPES",
    "OFFICE_TYPES",
    "PUBLIC_TYPES",
    "Closure",
    "Equipment",
    "OpeningException",
    "Room",
    "RoomImage",
    "RoomLease",
    "RoomState",
    "RoomType",
    "Site",
    "SiteMembership",
    "default_cancellation_terms",
]
