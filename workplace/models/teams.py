"""Who sits together: teams, their members, and what they wish for."""

from django.conf import settings as portal
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config import audit
from config.fields import ObjectIdField


@audit.track()
class Team(models.Model):
    """People of one organization who sit together; `external_id` is its name in another system."""

    id = ObjectIdField(primary_key=True)
    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        related_name="teams",
        verbose_name=_("organization"),
    )
    name = models.CharField(_("name"), max_length=200)
    color = models.CharField(_("colour"), max_length=7, blank=True)
    external_id = models.CharField(_("external id"), max_length=200, blank=True)
    members = models.ManyToManyField(
        portal.AUTH_USER_MODEL,
        through="TeamMembership",
        related_name="teams",
        blank=True,
        verbose_name=_("members"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "external_id"],
                condition=~Q(external_id=""),
                name="team_external_id_once",
            ),
            models.CheckConstraint(
                condition=Q(color__regex=r"^(#[0-9a-f]{6})?$"),
                name="team_color_is_hex",
                violation_error_message=_("Write a colour such as #3366cc."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@audit.track()
class TeamMembership(models.Model):
    """That a person belongs to a team; they count in their primary one alone."""

    team = models.ForeignKey(
        Team, models.CASCADE, related_name="memberships", verbose_name=_("team")
    )
    person = models.ForeignKey(
        portal.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="team_memberships",
        verbose_name=_("person"),
    )
    is_primary = models.BooleanField(_("primary"), default=True)

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        constraints = [
            models.UniqueConstraint(fields=["team", "person"], name="team_membership_once"),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(is_primary=True),
                name="team_membership_one_is_primary",
                violation_error_message=_("This person has another primary team."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.team_id}"


class SpaceTypePreference(models.TextChoices):
    """Source: Workplace API, GET /team/settings, `space_type_preference`."""

    AUTO = "AUTO", _("Either")
    SPACE = "SPACE", _("Spaces")
    ROOM = "ROOM", _("Room")


class Priority(models.TextChoices):
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


@audit.track()
class TeamSettings(models.Model):
    """What a team wishes for wherever it sits; every team has one row."""

    id = ObjectIdField(primary_key=True)
    team = models.OneToOneField(
        Team, models.CASCADE, related_name="settings", verbose_name=_("team")
    )
    space_type_preference = models.CharField(
        _("prefers"),
        max_length=5,
        choices=SpaceTypePreference.choices,
        default=SpaceTypePreference.AUTO,
    )
    priority = models.CharField(
        _("priority"), max_length=6, choices=Priority.choices, default=Priority.MEDIUM
    )
    default_location = models.ForeignKey(
        "sites_app.Site",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("default location"),
    )
    linked_locations = models.ManyToManyField(
        "sites_app.Site", related_name="+", blank=True, verbose_name=_("linked locations")
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("team settings")
        verbose_name_plural = _("team settings")
        constraints = [
            models.CheckConstraint(
                condition=Q(space_type_preference__in=SpaceTypePreference.values),
                name="team_settings_space_type_is_known",
            ),
            models.CheckConstraint(
                condition=Q(priority__in=Priority.values), name="team_settings_priority_is_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.team)


class Flexibility(models.TextChoices):
    """How far from its own places a team may be seated. Source: Workplace API, `settings[].type`."""

    FREE = "FREE", _("Anywhere")
    FLEX = "FLEX", _("On its layers")
    FIX = "FIX", _("In its zones or room")


WEEKDAYS = [1, 2, 3, 4, 5, 6, 7]
"""ISO weekdays, Monday first."""


@audit.track()
class TeamLocationSettings(models.Model):
    """What a team wishes for at one location, and its limits there; `contingency` is in percent.

    `fixed_days` are the ISO weekdays on which the team is expected; `target` pins its seats.
    """

    id = ObjectIdField(primary_key=True)
    settings = models.ForeignKey(
        TeamSettings, models.CASCADE, related_name="locations", verbose_name=_("team settings")
    )
    site = models.ForeignKey(
        "sites_app.Site", models.PROTECT, related_name="team_settings", verbose_name=_("location")
    )
    type = models.CharField(
        _("type"), max_length=4, choices=Flexibility.choices, default=Flexibility.FREE
    )
    min_capacity = models.PositiveIntegerField(_("fewest seats"), default=0)
    max_capacity = models.PositiveIntegerField(_("most seats"), null=True, blank=True)
    target = models.PositiveIntegerField(_("pinned seats"), null=True, blank=True)
    contingency = models.PositiveSmallIntegerField(_("contingency, %"), default=0)
    fixed_days = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("fixed days"), default=list, blank=True
    )
    preferred_layers = models.ManyToManyField(
        "workplace.Layer", related_name="+", blank=True, verbose_name=_("preferred layers")
    )
    preferred_zones = models.ManyToManyField(
        "workplace.Zone", related_name="+", blank=True, verbose_name=_("preferred zones")
    )
    adjacent_teams = models.ManyToManyField(
        Team, related_name="+", blank=True, verbose_name=_("adjacent teams")
    )
    room = models.ForeignKey(
        "sites_app.Room",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("room"),
    )
    allow_split = models.BooleanField(_("may be split"), default=True)

    class Meta:
        verbose_name = _("team settings at a location")
        verbose_name_plural = _("team settings at locations")
        constraints = [
            models.UniqueConstraint(fields=["settings", "site"], name="team_location_once"),
            models.CheckConstraint(
                condition=Q(type__in=Flexibility.values), name="team_location_type_is_known"
            ),
            models.CheckConstraint(
                condition=Q(max_capacity=None) | Q(max_capacity__gte=F("min_capacity")),
                name="team_location_max_not_below_min",
                violation_error_message=_("The most seats are not below the fewest."),
            ),
            models.CheckConstraint(
                condition=Q(contingency__lte=100), name="team_location_contingency_is_percent"
            ),
            models.CheckConstraint(
                condition=Q(fixed_days__contained_by=WEEKDAYS),
                name="team_location_fixed_days_are_weekdays",
                violation_error_message=_("Weekdays are numbers from 1 (Monday) to 7 (Sunday)."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.settings_id} @ {self.site_id}"


@audit.track()
class DefaultLocation(models.Model):
    """The location a person usually works at; without a row it is their primary team's."""

    person = models.OneToOneField(
        portal.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="default_location",
        verbose_name=_("person"),
    )
    site = models.ForeignKey(
        "sites_app.Site", models.CASCADE, related_name="residents", verbose_name=_("location")
    )

    class Meta:
        verbose_name = _("default location")
        verbose_name_plural = _("default locations")

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.site_id}"
