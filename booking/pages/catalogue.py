"""Home, sites, site and room pages."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from booking import selectors_pages
from booking.domain import bookable_rooms, room_quotes, week_calendar
from booking.domain.week_calendar import Week
from booking.pages import week_table, words
from booking.pages.forms import MOST_PEOPLE, SearchForm
from booking.pages.visitors import is_new, member
from config import clock, ids
from config.errors import DomainError
from sites_app.domain import countries
from sites_app.models import Room, RoomImage, RoomType

FURTHEST_WEEKS = 104


def home(request: HttpRequest) -> HttpResponse:
    """Show the one search line and the sites by country."""
    sites = selectors_pages.sites()
    context = {
        "form": SearchForm(sites=sites, language=_language()),
        "countries": _by_country(sites),
    }
    return render(request, "booking/home.html", context)


def sites(request: HttpRequest) -> HttpResponse:
    """Show every public site by country."""
    context = {"countries": _by_country(selectors_pages.sites())}
    return render(request, "booking/sites.html", context)


def site(request: HttpRequest, site_id: str) -> HttpResponse:
    """Show a site: its rooms, where it is, how to reach it."""
    found = selectors_pages.site(site_id)
    if found is None:
        raise Http404
    now = clock.now()
    cards = [room_card(room, now=now) for room in selectors_pages.rooms_of_site(found.id)]
    context = {
        "site": found,
        "country": countries.name(found.country, _language()),
        "description": words.description(found),
        "address": words.address(found),
        "map_link": words.map_link(found),
        "meeting_rooms": [card for card in cards if not card["is_office"]],
        "offices": [card for card in cards if card["is_office"]],
        "gallery": [card for card in cards if card["has_picture"]][:3],
        "closed_on": [day for day in sorted(found.closed_dates) if day >= now.date()][:10],
    }
    return render(request, "booking/site.html", context)


def room(request: HttpRequest, room_id: str) -> HttpResponse:
    """Show a room: what it is, what it costs, and its week or, for an office, how to rent it."""
    found = visible_room(request, room_id)
    now = clock.now()
    context = {
        "room": found,
        "site": found.site,
        "description": words.description(found),
        "address": words.address(found.site),
        "map_link": words.map_link(found.site),
        "equipment": words.equipment(found),
        "gallery": _gallery(found, now=now),
        "prices": _prices(found),
        "hours": words.opening(found),
        "terms": words.cancellation_terms(found.cancellation_terms),
    }
    if not found.is_booked_by_the_hour:
        return render(request, "booking/office.html", context)
    context |= _week_context(
        found,
        week=_week(request, found, now=now),
        duration=_asked_duration(request, found),
        people=_asked_people(request),
        new=is_new(request),
        now=now,
    )
    return render(request, "booking/room.html", context)


def visible_room(request: HttpRequest, room_id: str) -> Room:
    """Return a room that this visitor may see.

    :raises Http404: for any other.
    """
    found = selectors_pages.room(room_id) if ids.normalise(room_id) else None
    if found is None:
        raise Http404
    if found.type == RoomType.PUBLIC_OFFICE and found.site.is_public:
        return found
    today = bookable_rooms.local_date(found, clock.now())
    person = member(request)
    try:
        if person is None:
            bookable_rooms.check_public(found, on=today)
        else:
            bookable_rooms.check_member(found, person=person, on=today)
    except DomainError as error:
        raise Http404 from error
    return found


def room_card(room: Room, *, now: dt.datetime) -> dict[str, Any]:
    """Return what a card tells about a room."""
    picture = words.picture(room, now=now)
    return {
        "room": room,
        "url": reverse("room", args=[room.id]),
        "picture": picture,
        "picture_set": words.picture_set(picture),
        "has_picture": bool(room.images.all()),
        "equipment": words.equipment(room)[:4],
        "is_office": not room.is_booked_by_the_hour,
    }


def _language() -> str:
    return get_language() or "en"


def _by_country(found: list[selectors_pages.SiteSummary]) -> list[tuple[str, list[Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for summary in found:
        path = f"/imageroom?{urlencode({'id': summary.picture_id, 'w': 640})}"
        picture = path if summary.picture_id else ""
        card = {
            "summary": summary,
            "address": words.address(summary.site),
            "picture": picture,
            "picture_set": words.picture_set(picture) if picture else "",
        }
        groups.setdefault(countries.name(summary.site.country, _language()), []).append(card)
    return sorted(groups.items())


def _gallery(room: Room, *, now: dt.datetime) -> list[dict[str, str]]:
    images: list[RoomImage | None] = [*room.images.all()[:5]] or [None]
    addresses = [
        (words.picture(room, now=now, image_id=image.id if image else None), image)
        for image in images
    ]
    return [
        {
            "address": address,
            "set": words.picture_set(address),
            "alt": (image.alt_text if image else "") or room.display_name,
        }
        for address, image in addresses
    ]


def _prices(room: Room) -> list[tuple[str, Any]]:
    rows = (
        (gettext("Hour"), room.price_per_hour),
        (gettext("Half day (4 hours)"), room.price_per_half_day),
        (gettext("Day (8 hours)"), room.price_per_day),
        (gettext("Week"), room.price_per_week),
        (gettext("Month"), room.price_per_month),
    )
    return [(label, price) for label, price in rows if price]


def _asked_duration(request: HttpRequest, room: Room) -> int:
    text = request.GET.get("duration", "")
    offered = words.durations(room)
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if asked in offered:
        return asked
    return next((minutes for minutes in offered if minutes >= 60), offered[-1])


def _asked_people(request: HttpRequest) -> int | None:
    text = request.GET.get("people", "")
    people = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return people if 1 <= people <= MOST_PEOPLE else None


def _asked_monday(request: HttpRequest, now: dt.datetime) -> dt.date:
    first = week_calendar.monday_of(now.date())
    try:
        asked = week_calendar.monday_of(dt.date.fromisoformat(request.GET.get("week", "")))
    except (ValueError, OverflowError):
        return first
    return min(max(asked, first), first + dt.timedelta(weeks=FURTHEST_WEEKS))


def _week(request: HttpRequest, room: Room, *, now: dt.datetime) -> Week:
    """Return the week in the address, else this one, or the next when this one has nothing left."""
    monday = _asked_monday(request, now)

    def of(day: dt.date) -> Week:
        return week_calendar.of_room(
            room,
            monday=day,
            duration_minutes=_asked_duration(request, room),
            is_new_person=is_new(request),
            now=now,
        )

    week = of(monday)
    if request.GET.get("week") or week.has_free_start:
        return week
    following = of(monday + dt.timedelta(weeks=1))
    return following if following.has_free_start else week


def _week_context(
    room: Room, *, week: Week, duration: int, people: int | None, new: bool, now: dt.datetime
) -> dict[str, Any]:
    monday = week.monday
    first = week_calendar.monday_of(now.date())
    before, after = monday - dt.timedelta(weeks=1), monday + dt.timedelta(weeks=1)
    quote = room_quotes.quote(
        room,
        starts_at=now,
        duration_minutes=duration,
        attendees=people or max(1, room.min_person),
    )
    return {
        "week": week,
        "sunday": monday + dt.timedelta(days=6),
        **week_table.lay_out(week, room, duration_minutes=duration, people=people),
        "people": people,
        "asked": week_table.asked(duration, people),
        "durations": [(minutes, words.duration(minutes)) for minutes in words.durations(room)],
        "duration": duration,
        "duration_words": words.duration(duration),
        "previous": before if before >= first else None,
        "next": after if after <= first + dt.timedelta(weeks=FURTHEST_WEEKS) else None,
        "quote": quote,
        "is_new": new,
        "calendar_url": reverse_calendar(room),
        "waitlist_url": waitlist_address(room, duration),
    }


def waitlist_address(room: Room, duration: int) -> str:
    """Return where to wait for a time in the room."""
    return f"{reverse('join-waitlist')}?{urlencode({'room': room.id, 'duration': duration})}"


def reverse_calendar(room: Room) -> str:
    """Return the path of the room's calendar feed."""
    return f"/api/icsfeed?rooms={room.id}"
