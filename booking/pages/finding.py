"""The results page: rooms that are free when the visitor wants one."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from booking import selectors_pages
from booking.domain import room_search
from booking.domain.room_search import Offer
from booking.pages import waiting, words
from booking.pages.catalogue import room_card
from booking.pages.forms import USUAL_MINUTES, SearchForm
from booking.pages.visitors import is_new
from booking.pages.week_table import booking_url, room_url
from config import clock
from sites_app.domain import local_days

PER_PAGE = 12


def find(request: HttpRequest) -> HttpResponse:
    """Show the rooms that fit the search; everything asked for stands in the address."""
    sites = selectors_pages.sites()
    form = SearchForm(_with_defaults(request), sites=sites, language=get_language() or "en")
    wanted = form.wanted
    now = clock.now()
    wish = room_search.Wish(
        duration_minutes=wanted.get("duration") or USUAL_MINUTES,
        people=wanted.get("people") or 1,
        day=wanted.get("day"),
        time=wanted.get("time"),
        is_new_person=is_new(request),
        site_id=_site_known(wanted, sites),
    )
    candidates = _candidates(wanted, wish)
    found = room_search.search(candidates, wish, now=now)
    offers = sorted(found.offers, key=SORTS[wanted.get("sort") or "soonest"])
    page = Paginator(offers, PER_PAGE).get_page(request.GET.get("page"))
    selectors_pages.load_pictures(
        [offer.room for offer in (*page.object_list, *found.alternatives)]
    )
    context = {
        "form": form,
        "page": page,
        "count": len(offers),
        "cards": [_card(offer, wish, now) for offer in page.object_list],
        "alternatives": [_card(offer, wish, now) for offer in found.alternatives],
        "duration_words": words.duration(wish.duration_minutes),
        "is_new": wish.is_new_person,
        "notice_days": settings.NEW_PERSON_MIN_DAYS,
        "is_over": _is_over(wish, sites, now=now),
        "waitlist_url": _waitlist_url(wanted, wish, candidates),
        "filters": len(wanted.get("equipment") or ()),
    }
    return render(request, "booking/find.html", context)


def _with_defaults(request: HttpRequest) -> Any:
    data = request.GET.copy()
    data.setdefault("duration", str(USUAL_MINUTES))
    data.setdefault("sort", "soonest")
    return data


def _candidates(wanted: dict[str, Any], wish: room_search.Wish) -> list[Any]:
    where = wanted.get("where") or ""
    is_country = len(where) == 2
    return selectors_pages.bookable_rooms(
        country=where if is_country else "",
        site_id="" if is_country else where,
        people=wish.people,
        equipment=wanted.get("equipment") or (),
    )


def _site_known(wanted: dict[str, Any], sites: list[selectors_pages.SiteSummary]) -> str | None:
    where = wanted.get("where")
    return next((summary.site.id for summary in sites if summary.site.id == where), None)


def _is_over(
    wish: room_search.Wish, sites: list[selectors_pages.SiteSummary], *, now: dt.datetime
) -> bool:
    """Say whether the day searched for is past at every site."""
    day = wish.day
    return day is not None and all(
        local_days.today_at(summary.site, now=now) > day for summary in sites
    )


def _waitlist_url(wanted: dict[str, Any], wish: room_search.Wish, rooms: list[Any]) -> str:
    """Return where to wait for a room of the site searched; "" where waiting would be in vain.

    One waits at a site, for any equipment, and only where some room takes such a meeting.
    """
    where = wanted.get("where") or ""
    is_in_vain = not any(room_search.fits(room, wish) for room in rooms)
    if len(where) <= 2 or wanted.get("equipment") or is_in_vain:
        return ""
    return waiting.address(
        site_id=where, day=wish.day, duration=wish.duration_minutes, people=wish.people
    )


def _price(offer: Offer) -> tuple[bool, Any, Any, str]:
    net = offer.quote.net if offer.quote else 0
    return offer.quote is None, net, offer.starts_at, offer.room.id


def _soonest(offer: Offer) -> tuple[Any, ...]:
    return offer.starts_at, *_price(offer)


def _largest(offer: Offer) -> tuple[Any, ...]:
    return -(offer.room.max_person or offer.room.nb_seat), *_price(offer)


SORTS = {"soonest": _soonest, "price": _price, "size": _largest}


def _card(offer: Offer, wish: room_search.Wish, now: Any) -> dict[str, Any]:
    wanted_people = wish.people if wish.people > 1 else None
    wall = words.wall(offer.starts_at, offer.room.site)
    return {
        **room_card(offer.room, now=now),
        "url": room_url(offer.room, wall, wish.duration_minutes, wanted_people),
        "wall": wall,
        "quote": offer.quote,
        "book": booking_url(offer.room, wall, wish.duration_minutes, wish.people),
        "map_link": words.map_link(offer.room.site),
    }
