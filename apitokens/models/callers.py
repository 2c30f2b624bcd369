"""Who may call the API, how often, and what a call was told."""

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


class ApiCall(models.Model):
    """One call by a token and how it was answered; the path without its query, which may name people."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        db_index=False,  # as the token's: found with the newest first
        verbose_name=_("person"),
    )
    token = models.ForeignKey(
        ApiToken,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("token"),
    )
    at = models.DateTimeField(_("at"))
    method = models.CharField(_("method"), max_length=10)
    path = models.CharField(_("path"), max_length=200)
    status = models.PositiveSmallIntegerField(_("status"))
    ms = models.PositiveIntegerField(_("milliseconds"))
    request_id = models.CharField(_("request"), max_length=64)

    class Meta:
        verbose_name = _("API call")
        verbose_name_plural = _("API calls")
        indexes = [
            models.Index(fields=["user", "-id"], name="api_call_of_user"),
            models.Index(fields=["token", "-id"], name="api_call_of_token"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {self.status}"


class AbuseCount(models.Model):
    """How often somebody did one thing since the beginning of a stretch of time."""

    key = models.CharField(max_length=100, primary_key=True)
    since = models.DateTimeField()
    used = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["since"], name="abuse_count_since")]

    def __str__(self) -> str:
        return f"{self.key}: {self.used}"


class IdempotentAnswer(models.Model):
    """What a call under an `Idempotency-Key` was told; written with the call's effect, kept for a day.

    The body is sealed: it may hold a secret that is shown once, and what people wrote.
    """

    token = models.ForeignKey(
        ApiToken, models.CASCADE, related_name="+", verbose_name=_("API token")
    )
    path = models.CharField(_("path"), max_length=200)
    key = models.CharField(_("key"), max_length=255)
    body_hash = models.CharField(max_length=64, editable=False)
    status = models.PositiveSmallIntegerField(_("status"))
    headers = models.JSONField(default=dict, editable=False)
    body = models.TextField(editable=False)
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("idempotent answer")
        verbose_name_plural = _("idempotent answers")
        constraints = [
            models.UniqueConstraint(
                fields=["token", "path", "key"], name="idempotent_answer_once_a_key"
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotent_answer_created")]

    def __str__(self) -> str:
        return f"{self.path} {self.key}"


class Enquiry(models.Model):
    """A question by a token whether an address is known; the address itself is not kept.

    Source: safety, S-22.
    """

    token = models.ForeignKey(
        ApiToken, models.CASCADE, related_name="enquiries", verbose_name=_("API token")
    )
    endpoint = models.CharField(_("endpoint"), max_length=40)
    was_known = models.BooleanField(_("known"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("enquiry about an address")
        verbose_name_plural = _("enquiries about addresses")
        indexes = [models.Index(fields=["token", "at"], name="enquiry_token_at")]

    def __str__(self) -> str:
        return f"{self.token_id} {self.endpoint}"
