"""Demand: who waits for a room, how much somebody may book, and what was refused."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config import audit, moments
from config.fields import ObjectIdField
from organizations.models import Language
from sites_app.models import RoomType


class WaitlistStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    OFFERED = "offered", _("Offered")
    LEFT = "left", _("Left")
    OVER = "over", _("Over")


@audit.track()
class WaitlistEntry(models.Model):
    """Somebody who wants a meeting of that length within a time: in one room, or any of the site.

    `meeting` is the hold that was offered when a fitting slot freed; its status tells what became of it.
    """

    id = ObjectIdField(primary_key=True)
    site = models.ForeignKey(
        "sites_app.Site", models.PROTECT, related_name="waitlist", verbose_name=_("site")
    )
    room = models.ForeignKey(
        "sites_app.Room",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="waitlist",
        verbose_name=_("room"),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    duration_minutes = models.PositiveIntegerField(_("duration, minutes"))
    attendees = models.PositiveIntegerField(_("attendees"), default=1)
    contact_email = models.EmailField(_("contact e-mail"))
    contact_name = models.CharField(_("contact name"), max_length=200, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.ENGLISH
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=WaitlistStatus.choices,
        default=WaitlistStatus.WAITING,
    )
    meeting = models.OneToOneField(
        "booking.Meeting",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="waitlist_entry",
        verbose_name=_("meeting"),
    )
    api_token = models.ForeignKey(
        "apitokens.ApiToken",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("API token"),
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("waiting-list entry")
        verbose_name_plural = _("waiting-list entries")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="waitlist_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(duration_minutes__gte=1, attendees__gte=1),
                name="waitlist_has_length_and_attendee",
            ),
            models.UniqueConstraint(
                fields=[
                    "contact_email",
                    "site",
                    "room",
                    "starts_at",
                    "ends_at",
                    "duration_minutes",
                ],
                condition=Q(status="waiting"),
                nulls_distinct=False,
                name="waitlist_one_place_a_wish",
            ),
        ]
        indexes = [
            models.Index(
                fields=["site", "created_at", "id"],
                name="waitlist_queue",
                condition=Q(status="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_email}, {moments.shown(self.starts_at)}"

    @property
    def is_waiting(self) -> bool:
        return self.status == WaitlistStatus.WAITING


class LimitScope(models.TextChoices):
    PERSON = "person", _("Each person")
    ORGANIZATION = "organization", _("Each organization")


class LimitPeriod(models.TextChoices):
    DAY = "day", pgettext_lazy("period", "Day")
    WEEK = "week", pgettext_lazy("period", "Week")
    MONTH = "month", pgettext_lazy("period", "Month")


@audit.track()
class BookingLimit(models.Model):
    """How much each person, or each company, may book in rooms of a type ("" is any) within a period.

    Periods are days, weeks from Monday and months on the site's calendar. Source: booking rule R10.
    """

    id = ObjectIdField(primary_key=True)
    scope = models.CharField(_("for"), max_length=12, choices=LimitScope.choices)
    room_type = models.CharField(
        _("room type"), max_length=20, choices=RoomType.choices, blank=True
    )
    period = models.CharField(_("within a"), max_length=5, choices=LimitPeriod.choices)
    count = models.PositiveIntegerField(_("most bookings"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("most minutes"), null=True, blank=True)

    class Meta:
        verbose_name = _("booking limit")
        verbose_name_plural = _("booking limits")
        constraints = [
            models.CheckConstraint(
                condition=(Q(count__isnull=False) | Q(minutes__isnull=False))
                & (Q(count__isnull=True) | Q(count__gte=1))
                & (Q(minutes__isnull=True) | Q(minutes__gte=1)),
                name="booking_limit_limits_something",
                violation_error_message=_("Give a number of bookings or of minutes, at least 1."),
            ),
            models.UniqueConstraint(
                fields=["scope", "room_type", "period"],
                name="booking_limit_once",
                violation_error_message=_("There already is such a limit."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} · {self.get_period_display()}"


class RefusalKind(models.TextChoices):
    SEARCH = "search", _("Search without result")
    BOOKING = "booking", _("Booking refused")


class RefusedDemand(models.Model):
    """A wish that could not be met, without a word about whose it was. Source: booking rule R19.

    `price` is what it would have cost, net; a search's time is the whole time searched.
    """

    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("kind"), max_length=10, choices=RefusalKind.choices)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    site = models.ForeignKey(
        "sites_app.Site",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("site"),
    )
    room = models.ForeignKey(
        "sites_app.Room",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("room"),
    )
    room_type = models.CharField(
        _("room type"), max_length=20, choices=RoomType.choices, blank=True
    )
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("to"), null=True, blank=True)
    duration_minutes = models.PositiveIntegerField(_("duration, minutes"))
    attendees = models.PositiveIntegerField(_("attendees"), default=1)
    price = models.DecimalField(
        _("price, net"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)

    class Meta:
        verbose_name = _("refused wish")
        verbose_name_plural = _("refused demand")
        indexes = [models.Index(fields=["at"], name="refused_demand_at")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {moments.shown(self.at)}"
