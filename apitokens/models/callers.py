"""Who may call the API, and how often."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from config import audit
from config.fields import ObjectIdField


class Scope(models.TextChoices):
    READ = "read", _("Read")
    WRITE_BOOKINGS = "bookings:write", _("Write bookings")
    WRITE_REGISTRATIONS = "registrations:write", _("Write registrations")
    WRITE_CONTRACTS = "contracts:write", _("Write contracts")


class WorkplaceScope(models.TextChoices):
    """What a key of the Workplace API may do. Source: workplace-api, section 0, Scopes."""

    READ = "workplace:read", _("Read the workplace")
    WRITE = "workplace:write", _("Write the workplace")
    ADMIN = "workplace:admin", _("Override the workplace's checks")
    PEOPLE_FORECASTS = "people:forecast", _("Read forecasts of people")


class TokenKind(models.TextChoices):
    """Which API a token opens; it opens no other."""

    PUBLIC = "public", _("Public API")
    WORKPLACE = "workplace", _("Workplace API")


@audit.track(exclude=["token_hash", "last_used_at"])
class ApiToken(models.Model):
    """A developer's key; only its SHA-256 is kept. Source: Public API, "Obtaining API Tokens".

    One of the Workplace API sees what belongs to `organization`, or without one, as the operator's,
    everything. Source: workplace-api, section 0, Tenancy.
    """

    id = ObjectIdField(primary_key=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="api_tokens",
        verbose_name=_("owner"),
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=TokenKind.choices, default=TokenKind.PUBLIC
    )
    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organization"),
    )
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("begins with"), max_length=16)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(
        models.CharField(max_length=24, choices=[*Scope.choices, *WorkplaceScope.choices]),
        default=list,
        verbose_name=_("scopes"),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"))
    regenerated_at = models.DateTimeField(_("regenerated"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(token_hash__regex=r"^[0-9a-f]{64}$"),  # noqa: S106 - a pattern
                name="api_token_hash_is_sha256",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind="public", organization=None, scopes__contained_by=Scope.values
                )
                | models.Q(kind="workplace", scopes__contained_by=WorkplaceScope.values),
                name="api_token_goes_with_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_workplace_key(self) -> bool:
        return self.kind == TokenKind.WORKPLACE


@audit.track(exclude=["day", "day_used", "month", "month_used"])
class ApiQuota(models.Model):
    """How often one person's tokens together may call, and how often they did this day and month (UTC)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="api_quota",
        verbose_name=_("person"),
    )
    daily_limit = models.PositiveIntegerField(_("calls a day"), null=True, blank=True)
    monthly_limit = models.PositiveIntegerField(_("calls a month"), null=True, blank=True)
    day = models.DateField(null=True, editable=False)
    day_used = models.PositiveIntegerField(default=0, editable=False)
    month = models.DateField(null=True, editable=False)
    month_used = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("API quota")
        verbose_name_plural = _("API quotas")

    def __str__(self) -> str:
        return str(self.user)


class KeyAllowance(models.Model):
    """How many calls a Workplace key may still make at once, and how many it made this day (UTC)."""

    token = models.OneToOneField(ApiToken, models.CASCADE, primary_key=True, related_name="+")
    calls_left = models.FloatField()
    at = models.DateTimeField()
    day = models.DateField()
    day_used = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.token_id}: {self.calls_left}"


class ApiUsage(models.Model):
    """How many calls a token made on one day (UTC)."""

    token = models.ForeignKey(
        ApiToken,
        models.CASCADE,
        related_name="usage",
        db_index=False,  # found by token and day
        verbose_name=_("API token"),
    )
    day = models.DateField(verbose_name=_("day"))
    calls = models.PositiveIntegerField(default=0, verbose_name=_("calls"))

    class Meta:
        verbose_name = _("API usage")
        verbose_name_plural = _("API usage")
        constraints = [
            models.UniqueConstraint(fields=["token", "day"], name="api_usage_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.token_id} {self.day}: {self.calls}"


class RequestStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    GRANTED = "granted", _("Granted")
    DECLINED = "declined", _("Declined")


@audit.track()
class ApiAccessRequest(models.Model):
    """A person's wish to use the API, and what staff made of it."""

    id = ObjectIdField(primary_key=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("person"),
    )
    purpose = models.TextField(_("what for"), max_length=2000)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=RequestStatus.choices,
        default=RequestStatus.WAITING,
    )
    created_at = models.DateTimeField(_("asked"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("request for API access")
        verbose_name_plural = _("requests for API access")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(status="waiting"),
                name="api_access_request_waits_once",
            ),
            models.CheckConstraint(
                condition=models.Q(status="waiting") ^ models.Q(decided_at__isnull=False),
                name="api_access_request_decided_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_status_display()}"

    @property
    def is_waiting(self) -> bool:
        return self.status == RequestStatus.WAITING
