"""Who sits where: what was worked out or decided, seat by seat."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from config import audit, moments
from config.fields import ObjectIdField


class AllocationType(models.TextChoices):
    SPACE = "SPACE", _("Spaces")
    ROOM = "ROOM", _("Room")


class AllocationSource(models.TextChoices):
    EVOLUTION = "EVOLUTION", _("Evolution")
    MANUAL = "MANUAL", _("By hand")
    API = "API", _("API")
    INTENTION = "INTENTION", _("Intention")


@audit.track()
class Allocation(models.Model):
    """That a team or a person has seats, or a room, for a half-open time.

    A row with a person and a team seats the person with the team. `organization` is the tenant whose
    they are. A room is held by `meeting` or `reservation` in the one table of reservations.
    Source: Workplace API, GET /allocations.
    """

    id = ObjectIdField(primary_key=True)
    external_id = models.CharField(_("external id"), max_length=200, blank=True)
    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="allocations",
        verbose_name=_("organization"),
    )
    site = models.ForeignKey(
        "sites_app.Site", models.PROTECT, related_name="allocations", verbose_name=_("location")
    )
    layer = models.ForeignKey(
        "workplace.Layer",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="allocations",
        verbose_name=_("layer"),
    )
    zone = models.ForeignKey(
        "workplace.Zone",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="allocations",
        verbose_name=_("zone"),
    )
    room = models.ForeignKey(
        "sites_app.Room",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="allocations",
        verbose_name=_("room"),
    )
    type = models.CharField(_("type"), max_length=5, choices=AllocationType.choices)
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="allocations",
        verbose_name=_("person"),
    )
    team = models.ForeignKey(
        "workplace.Team",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="allocations",
        verbose_name=_("team"),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    source = models.CharField(_("source"), max_length=9, choices=AllocationSource.choices)
    is_locked = models.BooleanField(_("locked"), default=False)
    evolution = models.ForeignKey(
        "workplace.Evolution",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="allocations",
        verbose_name=_("evolution"),
    )
    intention = models.ForeignKey(
        "workplace.Intention",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="allocations",
        verbose_name=_("intention"),
    )
    meeting = models.ForeignKey(
        "booking.Meeting",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="allocations",
        verbose_name=_("meeting"),
    )
    reservation = models.ForeignKey(
        "booking.Reservation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="allocations",
        verbose_name=_("reservation"),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("updated"))
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    deleted_by = models.ForeignKey(
        "apitokens.ApiToken",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("deleted by"),
    )

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="allocation_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(team__isnull=False),
                name="allocation_is_of_a_person_or_team",
                violation_error_message=_("Choose a person or a team."),
            ),
            models.CheckConstraint(
                condition=Q(type="ROOM", room__isnull=False) | Q(type="SPACE", room=None),
                name="allocation_room_goes_with_its_type",
                violation_error_message=_("A room goes with the type Room, and only with it."),
            ),
            models.CheckConstraint(
                condition=Q(source__in=AllocationSource.values), name="allocation_source_is_known"
            ),
            models.CheckConstraint(
                condition=Q(deleted_by=None) | Q(deleted_at__isnull=False),
                name="allocation_deleted_by_goes_with_deleted",
            ),
            ExclusionConstraint(
                name="allocation_person_sits_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_at"),
                            F("ends_at"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(type="SPACE", person__isnull=False, deleted_at=None),
                violation_error_message=_("This person has another seat at that time."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["site", "starts_at"], name="allocation_site", condition=Q(deleted_at=None)
            ),
            models.Index(
                fields=["zone", "starts_at"], name="allocation_zone", condition=Q(deleted_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}, {moments.shown(self.starts_at)}"


@audit.track()
class AllocationSpace(models.Model):
    """That an allocation has a space; while `holds`, no other person, or no other team, has it then.

    `of_person` tells a person's desk from the desks of a team, among which its people sit.
    """

    allocation = models.ForeignKey(
        Allocation, models.CASCADE, related_name="held_spaces", verbose_name=_("allocation")
    )
    space = models.ForeignKey(
        "workplace.Space", models.PROTECT, related_name="held", verbose_name=_("space")
    )
    during = DateTimeRangeField(_("during"))
    holds = models.BooleanField(_("holds"), default=True)
    of_person = models.BooleanField(_("of a person"), default=False)

    class Meta:
        verbose_name = _("allocated space")
        verbose_name_plural = _("allocated spaces")
        constraints = [
            models.UniqueConstraint(fields=["allocation", "space"], name="allocation_space_once"),
            *(
                ExclusionConstraint(
                    name=f"allocation_space_one_{whose}",
                    expressions=[
                        ("space", RangeOperators.EQUAL),
                        ("during", RangeOperators.OVERLAPS),
                    ],
                    condition=Q(holds=True, of_person=whose == "person"),
                    violation_error_message=_("This space is taken at that time."),
                )
                for whose in ("person", "team")
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False)
                & Q(during__lower_inf=False)
                & Q(during__upper_inf=False),
                name="allocation_space_is_a_finite_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.space_id}, {moments.of(self.during)}"
