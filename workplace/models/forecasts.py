"""Who will come: what the last runs say of each local day."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.fields import ObjectIdField
from workplace.models.forecast_jobs import ForecastJob, Quality


class LocationForecast(models.Model):
    """How many people a location may expect on a local day: all, or those of one organization.

    `hourly` holds arrivals `{"hour": 0–23, "forecast", …}` of the open hours and sums to the day.
    Source: Workplace API, GET /forecast/locations.
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
        "sites_app.Site", models.PROTECT, related_name="forecasts", verbose_name=_("location")
    )
    job = models.ForeignKey(
        ForecastJob,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="location_forecasts",
        verbose_name=_("forecast job"),
    )
    day = models.DateField(_("day"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    head_count = models.PositiveIntegerField(_("people"), default=0)
    forecast = models.DecimalField(_("forecast"), max_digits=9, decimal_places=2)
    forecast_inc = models.PositiveIntegerField(_("forecast with wishes"))
    low_80 = models.PositiveIntegerField(_("80 percent band from"), default=0)
    high_80 = models.PositiveIntegerField(_("80 percent band to"), default=0)
    low_95 = models.PositiveIntegerField(_("95 percent band from"), default=0)
    high_95 = models.PositiveIntegerField(_("95 percent band to"), default=0)
    intentions = models.PositiveIntegerField(_("intentions"), default=0)
    over_capacity_probability = models.FloatField(
        _("chance of too few seats"), null=True, blank=True
    )
    is_holiday = models.BooleanField(_("public holiday"), default=False)
    quality = models.CharField(
        _("quality"), max_length=20, choices=Quality.choices, default=Quality.OK
    )
    model_name = models.CharField(_("model"), max_length=60, blank=True)
    model_version = models.CharField(_("model version"), max_length=20, blank=True)
    hourly = models.JSONField(_("by hour"), default=list, blank=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("location forecast")
        verbose_name_plural = _("location forecasts")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "day", "organization"],
                nulls_distinct=False,
                name="location_forecast_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="location_forecast_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(forecast__gte=0), name="location_forecast_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(
                    high_80__gte=F("low_80"),
                    low_95__lte=F("low_80"),
                    high_95__gte=F("high_80"),
                ),
                name="location_forecast_intervals_nest",
            ),
            models.CheckConstraint(
                condition=Q(quality__in=Quality.values), name="location_forecast_quality_is_known"
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="location_forecast_start")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.day}"

    @property
    def is_closed(self) -> bool:
        return self.quality == Quality.CLOSED


class TeamForecast(models.Model):
    """How many of a team a location may expect on a local day. Source: Workplace API, GET /forecast/teams."""

    id = ObjectIdField(primary_key=True)
    team = models.ForeignKey(
        "workplace.Team", models.CASCADE, related_name="forecasts", verbose_name=_("team")
    )
    site = models.ForeignKey(
        "sites_app.Site", models.PROTECT, related_name="team_forecasts", verbose_name=_("location")
    )
    job = models.ForeignKey(
        ForecastJob,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="team_forecasts",
        verbose_name=_("forecast job"),
    )
    day = models.DateField(_("day"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    head_count = models.PositiveIntegerField(_("people"), default=0)
    min_capacity = models.PositiveIntegerField(_("fewest seats"), default=0)
    target = models.PositiveIntegerField(_("pinned seats"), null=True, blank=True)
    contingency = models.PositiveSmallIntegerField(_("contingency, %"), default=0)
    co_attendance = models.FloatField(_("share in on that day"), null=True, blank=True)
    forecast = models.DecimalField(_("forecast"), max_digits=9, decimal_places=2)
    forecast_inc = models.PositiveIntegerField(_("forecast with wishes"))
    low_80 = models.PositiveIntegerField(_("80 percent band from"), default=0)
    high_80 = models.PositiveIntegerField(_("80 percent band to"), default=0)
    low_95 = models.PositiveIntegerField(_("95 percent band from"), default=0)
    high_95 = models.PositiveIntegerField(_("95 percent band to"), default=0)
    intentions = models.PositiveIntegerField(_("intentions"), default=0)
    is_holiday = models.BooleanField(_("public holiday"), default=False)
    quality = models.CharField(
        _("quality"), max_length=20, choices=Quality.choices, default=Quality.OK
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("team forecast")
        verbose_name_plural = _("team forecasts")
        constraints = [
            models.UniqueConstraint(
                fields=["team", "site", "day"], name="team_forecast_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="team_forecast_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(forecast__gte=0), name="team_forecast_not_negative"),
            models.CheckConstraint(
                condition=Q(
                    high_80__gte=F("low_80"),
                    low_95__lte=F("low_80"),
                    high_95__gte=F("high_80"),
                ),
                name="team_forecast_intervals_nest",
            ),
            models.CheckConstraint(
                condition=Q(quality__in=Quality.values), name="team_forecast_quality_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["site", "day"], name="team_forecast_day"),
            models.Index(fields=["starts_at"], name="team_forecast_start"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} @ {self.site_id} {self.day}"


class PersonForecast(models.Model):
    """How likely a person is at a location on a local day. Source: Workplace API, GET /forecast/people."""

    id = ObjectIdField(primary_key=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        db_index=False,
        related_name="forecasts",
        verbose_name=_("person"),
    )
    site = models.ForeignKey(
        "sites_app.Site",
        models.PROTECT,
        db_index=False,
        related_name="person_forecasts",
        verbose_name=_("location"),
    )
    team = models.ForeignKey(
        "workplace.Team",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    job = models.ForeignKey(
        ForecastJob,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="person_forecasts",
        verbose_name=_("forecast job"),
    )
    day = models.DateField(_("day"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    probability = models.FloatField(_("probability"))
    probability_inc = models.FloatField(_("probability with intentions"))
    intention = models.ForeignKey(
        "workplace.Intention",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("intention"),
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("person forecast")
        verbose_name_plural = _("person forecasts")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "site", "day"], name="person_forecast_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="person_forecast_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(
                    probability__gte=0,
                    probability__lte=1,
                    probability_inc__gte=0,
                    probability_inc__lte=1,
                ),
                name="person_forecast_is_a_probability",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "day"], name="person_forecast_day"),
            models.Index(fields=["starts_at"], name="person_forecast_start"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.site_id} {self.day}"
