"""Runs of the forecast: over which days, in which state, and how good they were."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.fields import ObjectIdField


class JobState(models.TextChoices):
    """Source: Workplace API, GET /forecast/status."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    COMPLETED = "completed", _("Completed")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


ACTIVE_STATES = (JobState.QUEUED, JobState.RUNNING)


class Quality(models.TextChoices):
    OK = "ok", _("Good")
    INSUFFICIENT_HISTORY = "insufficient_history", _("Short history")
    CLOSED = "closed", _("Closed")


class ForecastJob(models.Model):
    """One run over a location's days, `starts_on` to `ends_on` included, for one tenant.

    Without `organization` the tenant is the operator. `heartbeat_at` is when a worker last had it in
    hand; `run_of` is the job whose run this one shares; `metrics` and `backtest` are those of its run.
    """

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
        "sites_app.Site", models.PROTECT, related_name="forecast_jobs", verbose_name=_("location")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=JobState.choices, default=JobState.QUEUED
    )
    progress = models.PositiveSmallIntegerField(_("progress, %"), default=0)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    force_rebuild = models.BooleanField(_("made anew by wish"), default=False)
    rerun_wanted = models.BooleanField(_("to be run again"), default=False)
    reused_count = models.PositiveIntegerField(_("times reused"), default=0)
    run_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("run of")
    )
    location_rows = models.PositiveIntegerField(_("location rows"), default=0)
    team_rows = models.PositiveIntegerField(_("team rows"), default=0)
    people_rows = models.PositiveIntegerField(_("people rows"), default=0)
    quality = models.CharField(_("quality"), max_length=20, choices=Quality.choices, blank=True)
    metrics = models.JSONField(_("metrics"), default=dict, blank=True)
    backtest = models.JSONField(_("backtest"), default=dict, blank=True)
    error_code = models.CharField(_("error"), max_length=60, blank=True)
    error_message = models.TextField(_("error message"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("forecast job")
        verbose_name_plural = _("forecast jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "site"],
                condition=Q(state__in=ACTIVE_STATES),
                nulls_distinct=False,
                name="forecast_job_one_is_active",
            ),
            models.CheckConstraint(
                condition=Q(state__in=JobState.values), name="forecast_job_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="forecast_job_progress_is_percent"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="forecast_job_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ACTIVE_STATES, finished_at=None)
                | (~Q(state__in=ACTIVE_STATES) & Q(finished_at__isnull=False)),
                name="forecast_job_finished_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "created_at"], name="forecast_job_created"),
            models.Index(
                fields=["heartbeat_at"],
                name="forecast_job_active",
                condition=Q(state__in=ACTIVE_STATES),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.starts_on} – {self.ends_on}"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_STATES
