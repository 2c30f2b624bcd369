from django.apps import AppConfig


class BookingConfig(AppConfig):
    """When: reservations, meetings, availability, prices, calendars, the public catalogue."""

    name = "booking"
    verbose_name = "Bookings"
