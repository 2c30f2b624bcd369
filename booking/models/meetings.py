"""When: what holds a room, and the meetings behind it."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import SpGistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config import audit, moments
from config.fields import ObjectIdField
from organizations.models import Language
from sites_app.models import default_cancellation_terms


class MeetingStatus(models.TextChoices):
    PENDING = "pending", _("Waiting for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


@audit.track()
class MeetingSeries(models.Model):
    """Meetings that repeat at the same time on the wall of one room.

    `skipped` lists the dates that could not be had: `{"date", "code", "message"}`, by date.
    Source: booking rule R16.
    """

    id = ObjectIdField(primary_key=True)
    room = models.ForeignKey(
        "sites_app.Room", models.PROTECT, related_name="+", verbose_name=_("room")
    )
    rule = models.CharField(_("rule"), max_length=200)
    starts_on = models.DateField(_("first date"))
    wall_time = models.TimeField(_("time"))
    duration_minutes = models.PositiveIntegerField(_("duration, minutes"))
    skipped = models.JSONField(_("skipped dates"), default=list, blank=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("meeting series")
        verbose_name_plural = _("series of meetings")
        constraints = [
            models.CheckConstraint(
                condition=Q(duration_minutes__gte=1), name="meeting_series_lasts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.starts_on:%Y-%m-%d} {self.wall_time:%H:%M}"


@audit.track()
class Meeting(models.Model):
    """A booking of a room. Its price, VAT and cancellation terms are frozen when it is made.

    Mailed links that are older than `handed_over_at`, when it became another's, no longer open it.
    """

    id = ObjectIdField(primary_key=True)
    room = models.ForeignKey(
        "sites_app.Room",
        models.PROTECT,
        related_name="meetings",
        db_index=False,  # found by room and start
        verbose_name=_("room"),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=MeetingStatus.choices,
        default=MeetingStatus.CONFIRMED,
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    attendees = models.PositiveIntegerField(_("attendees"), default=1)
    name = models.CharField(_("subject"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True)
    is_private = models.BooleanField(_("subject hidden"), default=False)
    contact_email = models.EmailField(_("contact e-mail"))
    contact_name = models.CharField(_("contact name"), max_length=200, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.ENGLISH
    )
    organizer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("booked by"),
    )
    organization = models.ForeignKey(
        "organizations.Organization",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("organization"),
    )
    api_token = models.ForeignKey(
        "apitokens.ApiToken",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("API token"),
    )
    series = models.ForeignKey(
        MeetingSeries,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("series"),
    )
    hold_expires_at = models.DateTimeField(_("held until"), null=True, blank=True)

    price = models.DecimalField(
        _("price, net"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    price_gross = models.DecimalField(
        _("price with VAT"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    vat_rate = models.DecimalField(
        _("VAT, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    price_lines = models.JSONField(default=list, blank=True, verbose_name=_("price lines"))
    cancellation_terms = models.JSONField(
        default=default_cancellation_terms, verbose_name=_("cancellation terms")
    )
    cancellation_fee = models.DecimalField(
        _("cancellation fee"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancel_reason = models.CharField(_("reason"), max_length=500, blank=True)
    terms_accepted_at = models.DateTimeField(_("terms accepted"), null=True, blank=True)

    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True, editable=False)
    sequence = models.PositiveIntegerField(_("revision"), default=0)
    revised_at = models.DateTimeField(_("revised"))
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(attendees__gte=1), name="meeting_has_an_attendee"),
            models.CheckConstraint(
                condition=~Q(status="pending") | Q(hold_expires_at__isnull=False),
                name="meeting_pending_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["room", "starts_at"], name="meeting_room_start"),
            models.Index(fields=["contact_email"], name="meeting_contact_email"),
            models.Index(fields=["starts_at"], name="meeting_start"),
            models.Index(
                fields=["hold_expires_at"], name="meeting_stale_hold", condition=Q(status="pending")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.id}, {moments.shown(self.starts_at)}"

    @property
    def duration_minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def is_pending(self) -> bool:
        return self.status == MeetingStatus.PENDING

    @property
    def is_confirmed(self) -> bool:
        return self.status == MeetingStatus.CONFIRMED

    @property
    def is_cancelled(self) -> bool:
        return self.status == MeetingStatus.CANCELLED

    @property
    def is_expired(self) -> bool:
        return self.status == MeetingStatus.EXPIRED


class ReservationKind(models.TextChoices):
    MEETING = "meeting", _("Meeting")
    BLOCK = "block", _("Block")
    WORKPLACE = "workplace", _("Team of the workplace")


@audit.track()
class Reservation(models.Model):
    """What occupies a room: the half-open time with setup and cleaning, frozen.

    While `holds`, the database excludes any overlap in the same room, whatever code path writes.
    """

    id = ObjectIdField(primary_key=True)
    room = models.ForeignKey(
        "sites_app.Room", models.PROTECT, related_name="reservations", verbose_name=_("room")
    )
    blocked = DateTimeRangeField(_("blocked"))
    holds = models.BooleanField(_("holds"), default=True)
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=ReservationKind.choices,
        default=ReservationKind.MEETING,
    )
    meeting = models.ForeignKey(
        Meeting,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="reservations",
        verbose_name=_("meeting"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        indexes = [
            # what is on in any room now, which the constraint's index tells only room by room
            SpGistIndex(fields=["blocked"], condition=Q(holds=True), name="reservation_when"),
        ]
        constraints = [
            ExclusionConstraint(
                name="reservation_no_overlap",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    ("blocked", RangeOperators.OVERLAPS),
                ],
                condition=Q(holds=True),
                violation_error_message=_("This room is already booked for the requested time."),
            ),
            models.CheckConstraint(
                condition=Q(blocked__isempty=False)
                & Q(blocked__lower_inf=False)
                & Q(blocked__upper_inf=False),
                name="reservation_is_a_finite_time",
            ),
            models.CheckConstraint(
                condition=Q(kind="meeting", meeting__isnull=False)
                | (~Q(kind="meeting") & Q(meeting__isnull=True)),
                name="reservation_meeting_has_its_meeting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {moments.of(self.blocked)}"


class CalendarEntry(models.Model):
    """A meeting's ready-made VEVENT bytes, made when it changes, so that feeds only join them.

    `detailed` shows the subject, `busy` hides it; a missing row is built when a feed first needs it.
    """

    meeting = models.OneToOneField(
        Meeting, models.CASCADE, primary_key=True, related_name="calendar_entry"
    )
    detailed = models.BinaryField()
    busy = models.BinaryField()

    class Meta:
        verbose_name = _("calendar entry")
        verbose_name_plural = _("calendar entries")

    def __str__(self) -> str:
        return self.meeting_id
