"""Runs that work out who sits where on one day of a location."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class EvolutionStatus(models.TextChoices):
    """Source: Workplace API, GET /evolve/status."""

    CREATED = "created", _("Created")
    PROCESSING = "processing", _("Processing")
    NO_EXECUTION = "no_execution", _("Nothing to change")
    SUCCESSFUL = "successful", _("Successful")
    FAILED = "failed", _("Failed")


ACTIVE_STATUSES = (EvolutionStatus.CREATED, EvolutionStatus.PROCESSING)


class Disruption(models.TextChoices):
    """How much people may be moved for a better plan."""

    MIN = "MIN", _("Little")
    MAX = "MAX", _("Much")


class Evolution(models.Model):
    """One run for a location and local day, for one tenant (without `organization`: the operator).

    `proposal` holds what it would change, with reasons, `before` what the plan was, so that publishing
    can be undone; `heartbeat_at` is when a worker last had it in hand. One that `waits_for_acceptance`
    is published by whoever accepts its proposal.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        "organizations.Organization",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organization"),
    )
    site = models.ForeignKey(
        "sites_app.Site", models.PROTECT, related_name="evolutions", verbose_name=_("location")
    )
    day = models.DateField(_("day"))
    status = models.CharField(
        _("status"), max_length=12, choices=EvolutionStatus.choices, default=EvolutionStatus.CREATED
    )
    disruption = models.CharField(
        _("disruption"), max_length=3, choices=Disruption.choices, default=Disruption.MIN
    )
    waits_for_acceptance = models.BooleanField(_("waits for acceptance"), default=False)
    run_by_zone = models.BooleanField(_("by zone"), default=False)
    progress = models.PositiveSmallIntegerField(_("progress, %"), default=0)
    result = models.JSONField(_("result"), null=True, blank=True)
    proposal = models.JSONField(_("proposal"), null=True, blank=True)
    before = models.JSONField(_("plan before"), null=True, blank=True)
    error_code = models.CharField(_("error"), max_length=60, blank=True)
    error_message = models.TextField(_("error message"), blank=True)
    forecast_job = models.ForeignKey(
        "workplace.ForecastJob",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("forecast job"),
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    rolled_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("evolution")
        verbose_name_plural = _("evolutions")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "site", "day"],
                condition=Q(status__in=ACTIVE_STATUSES),
                nulls_distinct=False,
                name="evolution_one_is_active",
            ),
            models.CheckConstraint(
                condition=Q(status__in=EvolutionStatus.values), name="evolution_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(disruption__in=Disruption.values), name="evolution_disruption_is_known"
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="evolution_progress_is_percent"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ACTIVE_STATUSES, finished_at=None)
                | (~Q(status__in=ACTIVE_STATUSES) & Q(finished_at__isnull=False)),
                name="evolution_finished_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "day"], name="evolution_day"),
            models.Index(
                fields=["heartbeat_at"],
                name="evolution_active",
                condition=Q(status__in=ACTIVE_STATUSES),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.day}"

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE_STATUSES

    @property
    def is_in_force(self) -> bool:
        """Whether its plan was published and not taken back; a later run may have changed the day."""
        return self.published_at is not None and self.rolled_back_at is None

    @property
    def is_waiting(self) -> bool:
        """Whether its plan waits for somebody to accept it."""
        return (
            self.status == EvolutionStatus.SUCCESSFUL
            and self.waits_for_acceptance
            and self.published_at is None
        )
