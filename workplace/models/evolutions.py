"""Runs that work out who sits where on one day of a location."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workplace.models import runs
from workplace.models.runs import Run


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


class Evolution(Run):
    """One run for a location and local day.

    `proposal` holds what it would change, with reasons, `before` what the plan was, so that publishing
    can be undone. One that `waits_for_acceptance` is published by whoever accepts its proposal.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
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
    result = models.JSONField(_("result"), null=True, blank=True)
    proposal = models.JSONField(_("proposal"), null=True, blank=True)
    before = models.JSONField(_("plan before"), null=True, blank=True)
    forecast_job = models.ForeignKey(
        "workplace.ForecastJob",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("forecast job"),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    rolled_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("evolution")
        verbose_name_plural = _("evolutions")
        constraints = [
            *runs.constraints(
                "evolution",
                one_of=["organization", "site", "day"],
                state="status",
                active=ACTIVE_STATUSES,
                known=EvolutionStatus.values,
            ),
            models.CheckConstraint(
                condition=Q(disruption__in=Disruption.values), name="evolution_disruption_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["site", "day"], name="evolution_day"),
            runs.active_index("evolution", state="status", active=ACTIVE_STATUSES),
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
