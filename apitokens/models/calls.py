"""What was called, how it was answered, and what is counted against abuse."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apitokens.models.callers import ApiToken


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
