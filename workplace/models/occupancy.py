"""Who was there: observed presence, the imports that brought it, and what remains of it later."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config import moments
from config.fields import ObjectIdField


class Occupancy(models.Model):
    """That a person was seen at a location, to the second; `day` is the date on the location's calendar.

    A row with `deleted_at` counts nowhere; it waits for its purge and comes back when seen again.
    """

    id = ObjectIdField(primary_key=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        db_index=False,
        related_name="occupancy",
        verbose_name=_("person"),
    )
    site = models.ForeignKey(
        "sites_app.Site",
        models.PROTECT,
        db_index=False,
        related_name="occupancy",
        verbose_name=_("location"),
    )
    seen_at = models.DateTimeField(_("seen"))
    day = models.DateField(_("day"))
    team = models.ForeignKey(
        "workplace.Team",
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("team"),
    )
    first_seen_at = models.DateTimeField(_("first seen"), null=True, blank=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("updated"))
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    deleted_by = models.ForeignKey(
        "apitokens.ApiToken",
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("deleted by"),
    )

    class Meta:
        verbose_name = _("occupancy record")
        verbose_name_plural = _("occupancy")
        constraints = [
            models.UniqueConstraint(fields=["person", "site", "seen_at"], name="occupancy_once"),
            models.CheckConstraint(
                condition=Q(first_seen_at=None) | Q(first_seen_at__lte=F("seen_at")),
                name="occupancy_first_seen_is_first",
            ),
            models.CheckConstraint(
                condition=Q(last_seen_at=None) | Q(last_seen_at__gte=F("seen_at")),
                name="occupancy_last_seen_is_last",
            ),
            models.CheckConstraint(
                condition=Q(deleted_by=None) | Q(deleted_at__isnull=False),
                name="occupancy_deleted_by_goes_with_deleted",
            ),
        ]
        indexes = [
            models.Index(
                fields=["site", "day", "person"],
                name="occupancy_days",
                condition=Q(deleted_at=None),
            ),
            models.Index(fields=["site", "created_at", "id"], name="occupancy_arrivals"),
            models.Index(
                fields=["deleted_at"],
                name="occupancy_to_purge",
                condition=Q(deleted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.site_id}, {moments.shown(self.seen_at)}"


class OccupancySession(models.Model):
    """An import in several requests, after which forecasts are made anew once, for one tenant."""

    id = ObjectIdField(primary_key=True)
    organization = models.ForeignKey(
        "organizations.Organization",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organization"),
    )
    site = models.ForeignKey(
        "sites_app.Site", models.CASCADE, related_name="+", verbose_name=_("location")
    )
    api_token = models.ForeignKey(
        "apitokens.ApiToken",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("API token"),
    )
    received = models.PositiveIntegerField(_("received"), default=0)
    started_at = models.DateTimeField(_("from"))
    expires_at = models.DateTimeField(_("expires"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("occupancy import")
        verbose_name_plural = _("occupancy imports")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("started_at")),
                name="occupancy_session_expires_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.site_id}, {moments.shown(self.started_at)}"


class AttendanceDay(models.Model):
    """How many different people of a team (or of none) were in on a day whose records are gone."""

    id = ObjectIdField(primary_key=True)
    site = models.ForeignKey(
        "sites_app.Site", models.PROTECT, related_name="attendance_days", verbose_name=_("location")
    )
    day = models.DateField(_("day"))
    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organization"),
    )
    team = models.ForeignKey(
        "workplace.Team",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    people = models.PositiveIntegerField(_("people"))

    class Meta:
        verbose_name = _("attendance of a day")
        verbose_name_plural = _("attendance by day")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "day", "organization", "team"],
                nulls_distinct=False,
                name="attendance_day_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.day}: {self.people}"
