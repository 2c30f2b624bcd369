"""Background work about bookings; the schedule stands in the settings."""

from celery import shared_task

from booking.domain import calendar_entries, catalogue_cache, holds
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
