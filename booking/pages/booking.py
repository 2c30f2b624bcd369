"""The booking form, and the page that follows it."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache

from booking.domain import meeting_lengths, meeting_requests, room_quotes, series_requests
from booking.domain.alternatives import Alternative
from booking.domain.availability import SlotState
from booking.domain.booking_plans import MeetingRequest, Source
from booking.domain.outcomes import MeetingOutcome, OutcomeStatus
from booking.domain.reservations import SlotTaken
from booking.pages import refusals, series_summary, words
from booking.pages.catalogue import room_card, visible_room
from booking.pages.forms import BookingForm, SlotForm
from booking.pages.visitors import is_new, member
from booking.pages.week_table import booking_url, room_url
from config import clock, links
from config.errors import DomainError
from config.pages.sent_once import sent_once
from sites_app.domain import opening_hours
from sites_app.models import Room

RECEIVED = "booking-received"


@never_cache
@sent_once
def book(request: HttpRequest) -> HttpResponse:
    """Show the form for the slot in the address with its price; a POST books.

    A POST by the "update price" button only shows the price anew.
    """
    slot = SlotForm(request.GET)
    if not slot.is_valid():
        raise Http404
    room = visible_room(request, slot.cleaned_data["room"])
    if not room.is_booked_by_the_hour:
        return redirect("room", room.id)
    page = _Page(request, room, slot)
    if request.method == "POST" and "update" not in request.POST:
        return page.submit()
    return page.show()


@never_cache
def received(request: HttpRequest, key: str) -> HttpResponse:
    """Say what happens next, in the same words for every address."""
    try:
        facts = signing.loads(links.read(RECEIVED, key), salt=RECEIVED)
    except (links.InvalidLink, signing.BadSignature) as error:
        raise Http404 from error
    times = {name: dt.datetime.fromisoformat(facts[name]) for name in ("starts", "ends", "held")}
    return render(request, "booking/received.html", facts | times)


class _Page:
    """One request for the booking page."""

    def __init__(self, request: HttpRequest, room: Room, slot: SlotForm) -> None:
        self.request, self.room, self.wall = request, room, slot.wall_start
        self.now = clock.now()
        self.person = member(request)
        asked: int = slot.cleaned_data["duration"]
        self.lengths = meeting_lengths.states(
            room,
            starts_at=self._instant(),
            minutes={*words.durations(room), asked},
            now=self.now,
        )
        self.form = BookingForm(
            request.POST if request.method == "POST" else None,
            room=room,
            lengths=self.lengths,
            knows_person=self.person is not None,
            may_repeat=not is_new(request),
            initial=self._initial(slot),
        )

    def _initial(self, slot: SlotForm) -> dict[str, Any]:
        people = slot.cleaned_data["people"] or max(1, min(2, self.room.max_person or 2))
        name = self.person.full_name if self.person else ""
        return {
            "duration": slot.cleaned_data["duration"],
            "people": people,
            "contact_name": name,
            "is_private": True,
            "repeats": self.request.GET.get("repeats", ""),
            "times": self.request.GET.get("times", ""),
        }

    def submit(self) -> HttpResponse:
        if not self.form.is_valid():
            return self.show(status=422)
        try:
            outcome = self._request()
        except SlotTaken as refusal:
            return self.show(taken=True, alternatives=refusal.alternatives, status=409)
        except DomainError as refusal:
            return self.show(status=refusals.add_to(self.form, refusal))
        return self._go_on(outcome)

    def _request(self) -> MeetingOutcome:
        series = self.form.series(self.wall)
        if series is None:
            return meeting_requests.request_meeting(self._wish(), now=self.now)
        return series_requests.request_series(self._wish(), series, now=self.now).first

    def _wish(self) -> MeetingRequest:
        data = self.form.cleaned_data
        return MeetingRequest(
            room_id=self.room.id,
            contact_email=data.get("contact_email", ""),
            starts_at=self.wall,
            duration_minutes=data["duration"],
            contact_name=data["contact_name"],
            attendees=data["people"],
            name=data["name"],
            language=get_language() or "",
            is_private=data["is_private"],
            source=Source.WEB,
            member=self.person,
            terms_accepted_at=self.now,
        )

    def _go_on(self, outcome: MeetingOutcome) -> HttpResponse:
        if outcome.status == OutcomeStatus.ACCEPTED and outcome.meeting_id:
            return redirect(
                "manage-booking", links.key(links.Purpose.MANAGE_BOOKING, outcome.meeting_id)
            )
        if outcome.status == OutcomeStatus.ARCHIVED:
            self.form.add_error(None, gettext("This account is closed. Please contact us."))
            return self.show(status=403)
        # The shortest of all holds: the page must not tell whose address is known.
        minutes = dt.timedelta(minutes=settings.MEMBER_LINK_HOLD_MINUTES)
        held = min(self.now + minutes, outcome.starts_at)
        facts = {
            "room": outcome.room_name,
            "site": outcome.site_name,
            "starts": f"{words.wall(outcome.starts_at, self.room.site).isoformat()}",
            "ends": f"{words.wall(outcome.ends_at, self.room.site).isoformat()}",
            "held": f"{words.wall(held, self.room.site).isoformat()}",
        }
        return redirect(
            "booking-received", links.key(RECEIVED, signing.dumps(facts, salt=RECEIVED))
        )

    def show(
        self,
        *,
        taken: bool = False,
        alternatives: tuple[Alternative, ...] | Any = (),
        status: int = 200,
    ) -> HttpResponse:
        minutes, people = self._chosen("duration"), self._chosen("people")
        starts_at = self._instant()
        quote = room_quotes.quote(
            self.room,
            starts_at=starts_at,
            duration_minutes=minutes,
            attendees=people,
            is_member=self._has_member_prices,
        )
        context = {
            "form": self.form,
            "room": self.room,
            "card": room_card(self.room, now=self.now),
            "starts": self.wall,
            "ends": self.wall + dt.timedelta(minutes=minutes),
            "duration_words": words.duration(minutes),
            "quote": quote,
            "vat": quote.gross - quote.net if quote else None,
            "vat_rate": f"{quote.vat_rate.normalize():f}" if quote else "",
            "lines": words.price_lines(quote) if quote else [],
            "terms": words.cancellation_terms(self.room.cancellation_terms),
            "taken": taken,
            "is_free": taken or self.lengths[minutes] == SlotState.BOOKABLE,
            "is_closed": self.lengths[minutes] == SlotState.CLOSED,
            "lacks_lengths": any(state != SlotState.BOOKABLE for state in self.lengths.values()),
            "alternatives": [self._alternative(found, people) for found in alternatives],
            "member": self.person,
            "is_new": is_new(self.request),
            "notice_days": settings.NEW_PERSON_MIN_DAYS,
            "room_url": room_url(self.room, self.wall, minutes, people),
            "live_url": booking_url(self.room, self.wall, minutes),
        } | self._series(minutes, people)
        return render(self.request, "booking/book.html", context, status=status)

    def _series(self, minutes: int, people: int) -> dict[str, Any]:
        """Return what all dates cost together, if the meeting is to repeat and may."""
        if "repeats" not in self.form.fields:
            return {}
        wish = MeetingRequest(
            room_id=self.room.id,
            contact_email="",
            starts_at=self.wall,
            duration_minutes=minutes,
            attendees=people,
            source=Source.WEB,
            member=self.person,
        )
        typed = self.request.POST if self.form.is_bound else self.request.GET
        return series_summary.context(typed, request=wish, now=self.now)

    @property
    def _has_member_prices(self) -> bool:
        person = self.person
        if person is None or not person.is_existing or person.organization is None:
            return False
        return bool(person.organization.is_member)

    def _chosen(self, name: str) -> int:
        """Return what the field holds, else what the address said."""
        usual = int(self.form.initial[name])
        if not self.form.is_bound:
            return usual
        self.form.is_valid()
        return int(self.form.cleaned_data.get(name) or usual)

    def _instant(self) -> dt.datetime:
        minutes = self.wall.hour * 60 + self.wall.minute
        tz = ZoneInfo(self.room.site.time_zone)
        return opening_hours.to_instant(day=self.wall.date(), minutes=minutes, tz=tz)

    def _alternative(self, found: Alternative, people: int) -> dict[str, Any]:
        wall = words.wall(found.starts_at, found.room.site)
        url = booking_url(found.room, wall, found.duration_minutes, people)
        return {"found": found, "wall": wall, "url": url}
