"""The website's words for what the engines name by code, in the reader's language."""

import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from django.utils.translation import (
    get_language,
    gettext,
    gettext_lazy,
    ngettext,
    ngettext_lazy,
    pgettext,
    pgettext_lazy,
)

from booking.domain import cancellation_fees, pricing, rules
from booking.domain.pricing import Label
from booking.domain.week_calendar import SlotReason
from config.errors import DomainError
from sites_app.domain import opening_hours, pictures
from sites_app.models import Equipment, Room, Site

SLOT_WORDS = {
    SlotReason.PAST: pgettext_lazy("time", "Past"),
    SlotReason.NOTICE: gettext_lazy("Too soon"),
    SlotReason.BOOKED: gettext_lazy("Booked"),
    SlotReason.HELD: gettext_lazy("On hold"),
    SlotReason.BLOCKED: gettext_lazy("Blocked"),
    SlotReason.SHORT: gettext_lazy("Too short"),
}
LINE_WORDS = {
    Label.HOUR: ngettext_lazy("%(count)s hour", "%(count)s hours", "number"),
    Label.HALF_DAY: ngettext_lazy("%(count)s half day", "%(count)s half days", "number"),
    Label.DAY: ngettext_lazy("%(count)s day", "%(count)s days", "number"),
    Label.WEEK: ngettext_lazy("%(count)s week", "%(count)s weeks", "number"),
    Label.MONTH: ngettext_lazy("%(count)s month", "%(count)s months", "number"),
    Label.SUPPLEMENT: ngettext_lazy(
        "Supplement for %(count)s person", "Supplement for %(count)s people", "number"
    ),
}
REFUSALS = {
    "ROOM_NOT_PUBLIC": gettext_lazy("This room is not available for public booking."),
    "CONTRACT_REQUIRED": gettext_lazy("This office is let by the month. Please register."),
    "INVALID_EMAIL": gettext_lazy("Enter a valid e-mail address."),
    "INVALID_START": gettext_lazy("This time does not exist at the site."),
    "SLOT_TAKEN": gettext_lazy("Somebody else has just booked this time."),
    "TOO_MANY_OPEN_REQUESTS": gettext_lazy(
        "This address has too many unconfirmed requests. Confirm or cancel one of them first."
    ),
    "PERSON_CHANGED": gettext_lazy("The account was changed at this moment. Please try again."),
    "LIMIT_REACHED": gettext_lazy("No more bookings are allowed for that time."),
    "TOO_MANY_PLACES": gettext_lazy("This address already waits for as much as is allowed."),
    "NO_ROOM_FITS": gettext_lazy("No room of this site takes a meeting of that size and length."),
    "WAIT_REFUSED": gettext_lazy("This time is too short for the meeting, or already over."),
    "NOT_CONFIRMABLE": gettext_lazy("This request can no longer be confirmed."),
    "REGISTRATION_REQUIRED": gettext_lazy(
        "Please complete your registration to confirm the booking."
    ),
    "NOT_CHANGEABLE": gettext_lazy("This booking can no longer be changed."),
    "NOT_FREE_TO_CHANGE": gettext_lazy(
        "It is too late to change this booking free of charge. You can still make it shorter."
    ),
    "ARCHIVED_OWNER": gettext_lazy("This account is closed. Please contact us."),
    "CHANGED_MEANWHILE": gettext_lazy(
        "This booking has just been changed. Please look at it once more."
    ),
    "PRICE_CHANGED": gettext_lazy(
        "The price has just changed. Please look at it once more before you confirm."
    ),
    "NOT_CANCELLABLE": gettext_lazy("This booking can no longer be cancelled."),
    "INVALID_PHONE": gettext_lazy("Enter a phone number at which we can call you."),
    "UNKNOWN_COUNTRY": gettext_lazy("Choose one of the countries in the list."),
    "SITE_NOT_FOUND": gettext_lazy("Choose one of the sites in the list."),
    "ACCOUNT_ARCHIVED": gettext_lazy("This account is closed. Please contact us."),
    "ALREADY_DECIDED": gettext_lazy("This has been decided already."),
    "INVALID_LINK": gettext_lazy("This link is invalid or has expired."),
    "ALREADY_COLLEAGUE": gettext_lazy("This person belongs to your company already."),
    "ALREADY_ASKING": gettext_lazy("This person waits for your approval on this page."),
    "INVITED_LATELY": gettext_lazy("This address was invited less than ten minutes ago."),
    "TOO_MANY_INVITATIONS": gettext_lazy(
        "Too many invitations wait for an answer. Withdraw some of them first."
    ),
    "TOO_MANY_CALLS": gettext_lazy("That was too often. Please try again tomorrow."),
    "OTHER_COMPANY": gettext_lazy(
        "Your account belongs to another company. Leave that one first, then open this link again."
    ),
    "LAST_ADMINISTRATOR": gettext_lazy(
        "A company needs a principal administrator. Make somebody else one first."
    ),
    "OPERATORS_STAFF": gettext_lazy(
        "This person works for the operator of this website. Please contact us."
    ),
    "NOT_ADMINISTRATOR": gettext_lazy("Only a principal administrator of the company may do this."),
    "HEIR_REQUIRED": gettext_lazy("Choose who takes over the bookings to come."),
}
EQUIPMENT_ICONS = {
    Equipment.SCREEN: "screen",
    Equipment.PROJECTOR: "screen",
    Equipment.VIDEO_CONFERENCE: "video",
    Equipment.WHITEBOARD: "whiteboard",
    Equipment.FLIPCHART: "whiteboard",
    Equipment.PHONE: "phone",
    Equipment.WIFI: "wifi",
    Equipment.COFFEE: "coffee",
    Equipment.ACCESSIBLE: "accessible",
    Equipment.PRINTER: "printer",
}


def refusal(error: DomainError) -> str:
    """Say a refusal to a visitor."""
    return str(REFUSALS.get(error.code, error.message))


def violation(broken: rules.Violation) -> str:
    """Say a broken rule, and why staff closed the room if that is it."""
    is_french = get_language() == "fr"
    sentence = broken.message_fr if is_french else broken.message
    reason = (
        (broken.reason_fr or broken.reason) if is_french else (broken.reason or broken.reason_fr)
    )
    return f"{sentence} ({reason})." if reason else f"{sentence}."


def closure(closed: rules.ClosedPeriod | None) -> str:
    """Say that a day is closed, and why."""
    reason = ""
    if closed:
        ours, other = closed.reason, closed.reason_fr
        reason = (other or ours) if get_language() == "fr" else (ours or other)
    return gettext("Closed: %(reason)s") % {"reason": reason} if reason else gettext("Closed")


def duration(minutes: int) -> str:
    """Say a length of time."""
    hours, rest = divmod(minutes, 60)
    if not rest:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    if not hours:
        return gettext("%(count)d minutes") % {"count": rest}
    return gettext("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": rest}


def equipment(room: Room) -> list[tuple[str, str]]:
    """List what a room has: icon and word."""
    known = [Equipment(code) for code in room.equipment if code in Equipment.values]
    return [(EQUIPMENT_ICONS.get(item, "check"), str(item.label)) for item in known]


def opening(room: Room) -> list[tuple[str, str]]:
    """Write the weekly hours: days and times."""
    rows = (
        (gettext("Monday to Friday"), room.slot_week),
        (pgettext("opening hours", "Saturday"), room.slot_saturday),
        (pgettext("opening hours", "Sunday"), room.slot_sunday),
    )
    return [(days, _slots(text) or gettext("Closed")) for days, text in rows]


def _slots(text: str) -> str:
    slots = opening_hours.format_slots(opening_hours.parse_slots(text))
    return slots.replace("-", "–").replace(",", ", ")


def price_lines(found: pricing.Quote) -> list[tuple[str, Decimal]]:
    """Write a quote's lines before VAT: what it is, and its net amount."""
    return [(price_line(line), line.net) for line in found.lines]


def price_line(line: pricing.PriceLine) -> str:
    """Say what a line is for: how many of what, or the discount."""
    quantity = f"{line.quantity.normalize():f}"
    if get_language() == "fr":
        quantity = quantity.replace(".", ",")
    if line.label_code == Label.MEMBER_DISCOUNT:
        return gettext("Member discount, %(percent)s%%") % {"percent": quantity}
    # One and a half is plural in English, singular in French.
    number = int(line.quantity) if get_language() == "fr" else math.ceil(line.quantity)
    return str(LINE_WORDS[line.label_code] % {"number": number, "count": quantity})


def percent(number: Decimal) -> str:
    """Write a number of per cent as the reader does: "20%", "5,5 %" with an unbreakable space."""
    text = f"{number.normalize():f}"
    return f"{text.replace('.', ',')}\N{NO-BREAK SPACE}%" if get_language() == "fr" else f"{text}%"


def cancellation_terms(stored: object) -> list[str]:
    """Say the terms of giving a booking back, from the kindest to the hardest."""
    steps = sorted(cancellation_fees.parse_terms(stored), key=lambda step: -step.under_hours)
    if not any(step.percent for step in steps):
        return [gettext("Free of charge until the start.")]
    first = gettext("Free of charge until %(hours)d hours before the start.")
    rest = gettext("Less than %(hours)d hours before: %(percent)s%% of the price.")
    sentences = [first % {"hours": steps[0].under_hours}]
    for step in steps:
        values = {"hours": step.under_hours, "percent": f"{step.percent.normalize():f}"}
        sentences.append(rest % values)
    return sentences


def description(place: Site | Room) -> str:
    """Say what a place is like; in the other language where staff wrote none in the reader's."""
    ours, french = place.description, place.description_fr
    return (french or ours) if get_language() == "fr" else (ours or french)


def address(site: Site) -> str:
    """Write where a site is, on one line."""
    return site.full_address


def map_link(site: Site) -> str:
    """Return the address of a map of the place, "" when nothing tells where it is."""
    base = "https://www.openstreetmap.org"
    if site.latitude is not None and site.longitude is not None:
        spot = f"{site.latitude:f}", f"{site.longitude:f}"
        return f"{base}/?mlat={spot[0]}&mlon={spot[1]}#map=17/{spot[0]}/{spot[1]}"
    return f"{base}/search?query={quote(address(site))}" if address(site) else ""


def wall(moment: dt.datetime, site: Site) -> dt.datetime:
    """Return the time on the site's wall, without a zone, as templates print it."""
    return moment.astimezone(ZoneInfo(site.time_zone)).replace(tzinfo=None)


def picture(room: Room, *, now: dt.datetime, image_id: str | None = None, width: int = 640) -> str:
    """Return the path of a room's picture: on this very host, whatever its name."""
    images = room.images.all()
    found = pictures.url(
        room_id=room.id,
        image_id=image_id or (images[0].id if images else None),
        is_public=pictures.is_public(room),
        now=now,
        width=width,
    )
    parts = urlsplit(found)
    return f"{parts.path}?{parts.query}"


def picture_set(address_640: str) -> str:
    """Write the sizes in which a picture is to be had, for `srcset`."""
    return ", ".join(
        f"{address_640.replace('w=640', f'w={width}')} {width}w" for width in pictures.WIDTHS
    )


def durations(room: Room) -> Sequence[int]:
    """List the lengths at which a room is offered, at most a day, in its steps."""
    step = room.step_duration or 30
    shortest = max(room.min_duration or 30, 30)
    first = -(-shortest // step) * step
    longest = room.max_duration or max(first, 8 * 60)
    return range(first, longest + 1, step)[:48] or [first]
