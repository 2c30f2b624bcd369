"""Who plans to come: declared plans, and the other systems that declare them."""

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config import audit, moments
from config.fields import ObjectIdField


@audit.track()
class Configuration(models.Model):
    """A connected system, in which external ids have their meaning; without `organization` the operator's.

    With `provision_people` it makes people known whose address is new.
    """

    id = ObjectIdField(primary_key=True)
    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="configurations",
        verbose_name=_("organization"),
    )
    name = models.CharField(_("name"), max_length=200)
    namespace = models.CharField(_("namespace"), max_length=200, blank=True)
    default_timezone = models.CharField(_("time zone"), max_length=64, default="Europe/Paris")
    provision_people = models.BooleanField(_("makes people known"), default=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("configuration")
        verbose_name_plural = _("configurations")

    def __str__(self) -> str:
        return self.name


class IntentionStatus(models.TextChoices):
    PENDING = "PENDING", _("Waiting")
    ACCEPTED = "ACCEPTED", _("Accepted")
    DECLINED = "DECLINED", _("Declined")
    CANCELLED = "CANCELLED", _("Cancelled")


LONGEST_PLAN = dt.timedelta(days=366)
"""No plan lasts longer, so that those of a day are looked for within a year before it."""
OPEN_STATUSES = (IntentionStatus.PENDING, IntentionStatus.ACCEPTED)


class IntentionType(models.TextChoices):
    SPACE = "SPACE", _("At a desk")
    ROOM = "ROOM", _("In a room")
    MEETING = "MEETING", _("In a meeting")
    REMOTE = "REMOTE", _("Remote")
    ABSENT = "ABSENT", _("Absent")


PRESENT_TYPES = (IntentionType.SPACE, IntentionType.ROOM, IntentionType.MEETING)
"""The plans by which somebody is at the location."""


class ExternalType(models.TextChoices):
    """What connected systems call a plan; `IntentionType` in the same order is what it becomes."""

    DESK_BOOKING = "DESK_BOOKING", _("Desk booking")
    ROOM_BOOKING = "ROOM_BOOKING", _("Room booking")
    CALENDAR_MEETING = "CALENDAR_MEETING", _("Calendar meeting")
    REMOTE_WORK = "REMOTE_WORK", _("Remote work")
    LEAVE = "LEAVE", _("Leave")


TYPE_OF_EXTERNAL = dict(zip(ExternalType, IntentionType, strict=True))


class IntentionSource(models.TextChoices):
    USER = "USER", _("Person")
    API = "API", _("API")
    EXTERNAL = "EXTERNAL", _("Connected system")
    AUTO_SCHEDULE = "AUTO_SCHEDULE", _("Sure days")
    LIKELY_SCHEDULE = "LIKELY_SCHEDULE", _("Likely days")
    FIXED_DAY = "FIXED_DAY", _("Fixed day")
    INVITE = "INVITE", _("Invitation")


@audit.track(exclude=["reason", "metadata"])
class Intention(models.Model):
    """What a person, or a whole team, plans for a half-open time; `day` is its local date at the location.

    `organization` is the tenant of the person or team. A room is held by `meeting`. Names and addresses
    are the person's own row's: nothing that names somebody remains once this row is deleted.
    Source: Workplace API, GET /intentions.
    """

    id = ObjectIdField(primary_key=True)
    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="intentions",
        verbose_name=_("organization"),
    )
    status = models.CharField(_("status"), max_length=9, choices=IntentionStatus.choices)
    type = models.CharField(_("type"), max_length=7, choices=IntentionType.choices)
    site = models.ForeignKey(
        "sites_app.Site", models.PROTECT, related_name="intentions", verbose_name=_("location")
    )
    layer = models.ForeignKey(
        "workplace.Layer",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="intentions",
        verbose_name=_("layer"),
    )
    zone = models.ForeignKey(
        "workplace.Zone",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="intentions",
        verbose_name=_("zone"),
    )
    room = models.ForeignKey(
        "sites_app.Room",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="intentions",
        verbose_name=_("room"),
    )
    space = models.ForeignKey(
        "workplace.Space",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="intentions",
        verbose_name=_("space"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="intentions",
        verbose_name=_("person"),
    )
    team = models.ForeignKey(
        "workplace.Team",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="intentions",
        verbose_name=_("team"),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    timezone = models.CharField(_("time zone"), max_length=64)
    day = models.DateField(_("day"))
    preferences = ArrayField(
        models.CharField(max_length=60), verbose_name=_("preferences"), default=list, blank=True
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    configuration = models.ForeignKey(
        Configuration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="intentions",
        verbose_name=_("configuration"),
    )
    external_id = models.CharField(_("external id"), max_length=200, blank=True)
    external_type = models.CharField(
        _("external type"), max_length=16, choices=ExternalType.choices, blank=True
    )
    metadata = models.JSONField(_("facts"), default=dict, blank=True)
    source = models.CharField(_("source"), max_length=15, choices=IntentionSource.choices)
    meeting = models.ForeignKey(
        "booking.Meeting",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="intentions",
        verbose_name=_("meeting"),
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("updated"))

    class Meta:
        verbose_name = _("intention")
        verbose_name_plural = _("intentions")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=IntentionStatus.values), name="intention_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(type__in=IntentionType.values), name="intention_type_is_known"
            ),
            models.CheckConstraint(
                condition=Q(external_type__in=["", *ExternalType.values]),
                name="intention_external_type_is_known",
            ),
            models.CheckConstraint(
                condition=Q(source__in=IntentionSource.values), name="intention_source_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="intention_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(team__isnull=False),
                name="intention_is_of_a_person_or_team",
            ),
            models.CheckConstraint(
                condition=Q(configuration=None, external_id="") | ~Q(external_id=""),
                name="intention_of_a_configuration_has_its_id",
            ),
            models.UniqueConstraint(
                fields=["configuration", "external_id"],
                condition=~Q(external_id=""),
                name="intention_external_id_once",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "day"], name="intention_day"),
            models.Index(fields=["person", "starts_at"], name="intention_person"),
            models.Index(fields=["starts_at"], name="intention_start"),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}, {moments.shown(self.starts_at)}"
