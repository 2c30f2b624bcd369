"""What the bulk file does not hold, and why; whatever is not named here is exported and imported.

Source: public-api, section 6 ("Bulk data"): "The export writes every field that the product stores."
"""

from collections.abc import Mapping

_LOG = "is a log of this installation"
_MADE_ANEW = "is made anew from what the file holds"
_SEALED = "is sealed with this installation's own key, which no file holds"

MODELS: Mapping[str, str] = {
    "apitokens.AbuseCount": _LOG,
    "apitokens.ApiCall": _LOG,
    "apitokens.ApiUsage": _LOG,
    "apitokens.Enquiry": _LOG,
    "apitokens.Event": "tells followers of this installation's feed what happened in it",
    "apitokens.IdempotentAnswer": _SEALED,
    "apitokens.KeyAllowance": _LOG,
    "apitokens.WebhookDelivery": _LOG,
    "apitokens.WebhookEndpoint": _SEALED,
    "booking.CalendarEntry": _MADE_ANEW,
    "booking.CalendarLink": "is a secret address of this installation, which its owner makes anew",
    "booking.CatalogueChange": "numbers transactions of this database",
    "booking.LinkRequest": "asks this installation for one mail, within a minute",
    "booking.RefusedDemand": "counts what was asked of this installation, of nobody in particular",
    "organizations.Invitation": "is a mailed link, signed with this installation's own key",
    "organizations.Departure": _LOG,
    "organizations.EmailVerification": "is a mailed link, signed with this installation's own key",
    "organizations.OutgoingEmail": "is a mail that this installation sends once",
    "organizations.RegisterAnswer": "is asked of the register again",
    "organizations.RegisterState": "is how this installation reaches a register now",
    "workplace.Evolution": "is a run of this installation; allocations are what remains of it",
    "workplace.ForecastJob": _LOG,
    "workplace.LocationForecast": _MADE_ANEW,
    "workplace.OccupancySession": "is an import that this installation is in the middle of",
    "workplace.PersonForecast": _MADE_ANEW,
    "workplace.PersonalRead": _LOG,
    "workplace.TeamForecast": _MADE_ANEW,
}
"""Models that no file holds. Histories, which triggers write, are none of ours to list."""

FIELDS: Mapping[str, str] = {
    "apitokens.ApiQuota.day": _LOG,
    "apitokens.ApiQuota.day_used": _LOG,
    "apitokens.ApiQuota.month": _LOG,
    "apitokens.ApiQuota.month_used": _LOG,
    "organizations.User.second_factor_reset_at": _LOG,
    "sites_app.RoomImage.height": _MADE_ANEW,
    "sites_app.RoomImage.width": _MADE_ANEW,
    "sites_app.RoomLease.ends_on": _MADE_ANEW,
    "workplace.Allocation.evolution": "names a run of this installation",
    "workplace.Intention.day": _MADE_ANEW,
    "workplace.Occupancy.day": _MADE_ANEW,
}

ELSEWHERE: Mapping[str, str] = {
    "booking.Meeting.ends_at": "meetings.duration",
    "booking.Reservation.blocked": "blocks.from",
    "booking.Reservation.meeting": "meetings.blocked",
    "sites_app.Room.parts": "rooms.parts",
    "sites_app.RoomImage.alt_text": "rooms.images",
    "sites_app.RoomImage.file": "rooms.image",
    "sites_app.RoomImage.position": "rooms.images",
    "sites_app.RoomImage.room": "rooms.images",
    "sites_app.Site.access_cards": "users.accessCards",
    "sites_app.Site.members": "organizations.memberOf",
    "sites_app.SiteMembership.organization": "organizations.memberOf",
    "sites_app.SiteMembership.position": "organizations.memberOf",
    "sites_app.SiteMembership.site": "organizations.memberOf",
    "workplace.AllocationSpace.allocation": "allocations.spaces",
    "workplace.AllocationSpace.during": "allocations.starts_at",
    "workplace.AllocationSpace.holds": "allocations.deleted_at",
    "workplace.AllocationSpace.of_person": "allocations.people_id",
    "workplace.AllocationSpace.space": "allocations.spaces",
    "workplace.Team.members": "teams.members",
    "workplace.TeamLocationSettings.adjacent_teams": "teams.settings",
    "workplace.TeamLocationSettings.preferred_layers": "teams.settings",
    "workplace.TeamLocationSettings.preferred_zones": "teams.settings",
    "workplace.TeamMembership.is_primary": "teams.members",
    "workplace.TeamMembership.person": "teams.members",
    "workplace.TeamMembership.team": "teams.members",
    "workplace.TeamSettings.linked_locations": "teams.linkedLocations",
    "workplace.TeamSettings.team": "teams.settingsId",
    "workplace.Zone.neighbours": "zones.neighbours",
}
"""Fields that the file holds in another form: where."""
