"""Background work about bookings; the schedule stands in the settings."""

import datetime as dt

from celery import shared_task
from django.conf import settings

from booking.domain import (
    activation,
    approvals,
    calendar_entries,
    catalogue_cache,
    holds,
    refused_demand,
    retention,
    visitor_registrations,
    waitlist_offers,
)
from config import clock


@shared_task(name="booking.release_stale_holds")
def release_stale_holds() -> None:
    """Let go what nobody confirmed in time."""
    holds.release_stale(now=clock.now())


@shared_task(name="booking.build_calendar_entries")
def build_calendar_entries() -> None:
    """Make the calendar entries that feeds would otherwise have to make."""
    calendar_entries.build_missing()


@shared_task(name="booking.prune_catalogue_changes")
def prune_catalogue_changes() -> None:
    """Forget the changes that no cached answer can be older than."""
    catalogue_cache.prune_changes(now=clock.now())


@shared_task(name="booking.forget_refused_demand")
def forget_refused_demand() -> None:
    """Forget refused wishes after thirteen months."""
    refused_demand.forget_old(now=clock.now())


@shared_task(name="booking.forget_what_is_over")
def forget_what_is_over() -> None:
    """Forget registrations and places in a queue that have been kept as long as they are promised."""
    now = clock.now()
    retention.forget_link_requests(now=now)
    retention.forget(before=now - dt.timedelta(days=settings.RETENTION_DAYS))


@shared_task(name="booking.work_on_registration")
def work_on_registration(registration_id: str) -> None:
    """Do what a visitor of the website asked for."""
    visitor_registrations.work_on(registration_id, now=clock.now())


@shared_task(name="booking.send_verification_again")
def send_verification_again(request_id: str) -> None:
    """Write to an address whose owner says that no link came."""
    visitor_registrations.send_link(request_id, now=clock.now())


@shared_task(name="booking.sweep_onboarding")
def sweep_onboarding() -> None:
    """Do what a dead broker missed and what broke off between two transactions."""
    now = clock.now()
    visitor_registrations.sweep(now=now)
    activation.settle_what_was_left(now=now)
    approvals.settle_what_was_left(now=now)


@shared_task(name="booking.offer_freed_slots")
def offer_freed_slots(meeting_ids: list[str]) -> None:
    """Offer what these meetings gave back to whoever waits for it."""
    waitlist_offers.slot_freed(meeting_ids, now=clock.now())


@shared_task(name="booking.sweep_waitlist")
def sweep_waitlist() -> None:
    """Offer what a dead broker missed, and what staff freed."""
    waitlist_offers.sweep(now=clock.now())
