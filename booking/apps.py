from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingConfig(AppConfig):
    """When: reservations, meetings, availability, prices, calendars, the public catalogue."""

    name = "booking"
    verbose_name = _("Bookings")
