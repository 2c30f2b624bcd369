"""The back office's side bar, in the order of a working day."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Item = dict[str, Any]

SEARCHED = [
    "booking.meeting",
    "organizations.user",
    "organizations.organization",
    "sites_app.room",
    "sites_app.site",
]


def sidebar(_request: HttpRequest) -> list[dict[str, Any]]:
    """List the groups of links."""
    return [
        _group(
            "",
            _item(_("Today"), "space_dashboard", "admin:index"),
            _item(_("Planning board"), "calendar_view_day", "admin:board", of="booking_meeting"),
            _item(_("Meetings"), "event", "booking_meeting"),
            _item(_("Room blocks"), "block", "booking_reservation"),
            _item(_("Waiting list"), "hourglass_top", "booking_waitlistentry"),
            _item(_("Refused demand"), "trending_down", "booking_refuseddemand"),
        ),
        _group(
            _("Customers"),
            _item(_("Organizations"), "apartment", "organizations_organization"),
            _item(_("People"), "group", "organizations_user"),
            _item(_("Registrations"), "how_to_reg", "booking_registration"),
            _item(_("Wishes to join"), "group_add", "organizations_joinrequest"),
            _item(_("Invitations"), "forward_to_inbox", "organizations_invitation"),
            _item(_("Departures"), "person_remove", "organizations_departure"),
            _item(_("Leases"), "key", "sites_app_roomlease"),
            _item(_("Contract options"), "receipt_long", "contracts_contractoption"),
            _item(_("Statements"), "request_quote", "contracts_statement"),
            _item(_("Access cards"), "badge", "organizations_accesscard"),
            _item(_("Calendar links"), "calendar_month", "booking_calendarlink"),
            _item(_("Company checks"), "verified", "organizations_companycheck"),
        ),
        _group(
            _("Places"),
            _item(_("Sites"), "location_on", "sites_app_site"),
            _item(_("Rooms"), "meeting_room", "sites_app_room"),
            _item(_("Closures"), "event_busy", "sites_app_closure"),
            _item(_("Opening exceptions"), "schedule", "sites_app_openingexception"),
            _item(_("Rates"), "sell", "contracts_rate"),
            _item(_("Booking limits"), "production_quantity_limits", "booking_bookinglimit"),
        ),
        _group(
            _("Workplace"),
            _item(
                _("Locations"),
                "monitoring",
                "admin:workplace-locations",
                of="workplace_locationforecast",
            ),
            _item(_("Teams"), "groups", "workplace_team"),
            _item(_("Team settings"), "tune", "workplace_teamsettings"),
            _item(_("Default locations"), "home_pin", "workplace_defaultlocation"),
            _item(_("Layers"), "layers", "workplace_layer"),
            _item(_("Zones"), "grid_view", "workplace_zone"),
            _item(_("Spaces"), "desk", "workplace_space"),
            _item(_("Rooms' layers"), "map", "workplace_roomplacement"),
            _item(_("Intentions"), "event_available", "workplace_intention"),
            _item(_("Allocations"), "event_seat", "workplace_allocation"),
            _item(_("Occupancy"), "sensors", "workplace_occupancy"),
            _item(_("Location forecasts"), "query_stats", "workplace_locationforecast"),
            _item(_("Evolutions"), "auto_awesome", "workplace_evolution"),
        ),
        _group(
            _("Behind the scenes"),
            _item(_("Outgoing e-mails"), "outgoing_mail", "organizations_outgoingemail"),
            _item(_("API access requests"), "how_to_reg", "apitokens_apiaccessrequest"),
            _item(_("API tokens"), "vpn_key", "apitokens_apitoken"),
            _item(_("API quotas"), "speed", "apitokens_apiquota"),
            _item(_("API usage"), "monitoring", "apitokens_apiusage"),
            _item(_("Enquiries about addresses"), "contact_support", "apitokens_enquiry"),
            _item(_("API calls"), "list_alt", "apitokens_apicall"),
            _item(_("Events"), "stream", "apitokens_event"),
            _item(_("Company registers"), "account_balance", "organizations_registerstate"),
            _item(_("Register answers"), "fact_check", "organizations_registeranswer"),
            _item(_("Webhooks"), "webhook", "apitokens_webhookendpoint"),
            _item(_("Webhook deliveries"), "forward_to_inbox", "apitokens_webhookdelivery"),
            _item(_("Catalogue changes"), "history", "booking_cataloguechange"),
            _item(_("Configurations"), "settings_input_component", "workplace_configuration"),
            _item(_("Forecast jobs"), "model_training", "workplace_forecastjob"),
            _item(_("Team forecasts"), "query_stats", "workplace_teamforecast"),
            _item(_("Person forecasts"), "query_stats", "workplace_personforecast"),
            _item(_("Occupancy imports"), "upload_file", "workplace_occupancysession"),
            _item(_("Readings of personal data"), "visibility", "workplace_personalread"),
            _item(_("Attendance by day"), "calendar_month", "workplace_attendanceday"),
        ),
    ]


def account(_request: HttpRequest) -> list[Item]:
    """List the links under the signed-in person's name."""
    return [
        {"title": _("Two-step log-in"), "link": reverse("mfa_index")},
        {"title": _("Devices"), "link": reverse("usersessions_list")},
    ]


def searched_models(_request: HttpRequest) -> list[str]:
    """List the models that the search box looks through."""
    return SEARCHED


def favicon(_request: HttpRequest) -> str:
    return static("img/favicon.svg")


def stylesheet(_request: HttpRequest) -> str:
    return static("css/admin/lists.css")


def hours(_request: HttpRequest) -> str:
    return static("js/admin_hours.js")


def dialogs(_request: HttpRequest) -> str:
    return static("js/admin_dialogs.js")


def _group(title: str | Promise, *items: Item) -> dict[str, Any]:
    return {"title": title, "separator": bool(title), "items": list(items)}


def _item(title: str | Promise, icon: str, target: str, *, of: str = "") -> Item:
    """Link a page, or a model's list; whoever may not see its records, or those it is `of`, has no link."""
    is_page = ":" in target
    name = target if is_page else f"admin:{target}_changelist"
    item = {"title": title, "icon": icon, "link": reverse_lazy(name)}
    shows = of if is_page else target
    return item | {"permission": _seen_by(shows)} if shows else item


def _seen_by(model: str) -> Callable[[HttpRequest], bool]:
    """Say of a reader, as Django's lists do, whether they may see a model's records, or change them."""
    app, _, name = model.rpartition("_")

    def may_see(request: HttpRequest) -> bool:
        return any(request.user.has_perm(f"{app}.{verb}_{name}") for verb in ("view", "change"))

    return may_see
