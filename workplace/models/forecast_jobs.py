"""Runs of the forecast: over which days, in which state, and how good they were."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.fields import ObjectIdField
from workplace.models import runs
from workplace.models.runs import Run


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


class ForecastJob(Run):
    """One run over a location's days, `starts_on` to `ends_on` included, for one tenant.

    `run_of` is the job whose run this one shares; `metrics` and `backtest` are those of its run.
    """

    id = ObjectIdField(primary_key=True)
    site = models.ForeignKey(
        "sites_app.Site", models.PROTECT, related_name="forecast_jobs", verbose_name=_("location")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=JobState.choices, default=JobState.QUEUED
    )
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

    class Meta:
        verbose_name = _("forecast job")
        verbose_name_plural = _("forecast jobs")
        constraints = [
            *runs.constraints(
                "forecast_job",
                one_of=["organization", "site"],
                state="state",
                active=ACTIVE_STATES,
                known=JobState.values,
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="forecast_job_ends_after_start"
            ),
        ]
        indexes = [
            models.Index(fields=["site", "created_at"], name="forecast_job_created"),
            runs.active_index("forecast_job", state="state", active=ACTIVE_STATES),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.starts_on} – {self.ends_on}"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_STATES
