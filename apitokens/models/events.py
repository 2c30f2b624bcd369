"""What has happened, and who is told of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from config import audit
from config.fields import ObjectIdField

EVERY_EVENT = "*"


class EventType(models.TextChoices):
    """What happens that others are told of. Source: public-api, section 7, `changes`."""

    MEETING_REQUESTED = "meeting.requested", _("Meeting requested")
    MEETING_CONFIRMED = "meeting.confirmed", _("Meeting confirmed")
    MEETING_CHANGED = "meeting.changed", _("Meeting changed")
    MEETING_CANCELLED = "meeting.cancelled", _("Meeting cancelled")
    MEETING_EXPIRED = "meeting.expired", _("Meeting request expired")
    MEETING_CHECKED_IN = "meeting.checked_in", _("Meeting checked in")
    MEETING_NO_SHOW = "meeting.no_show", _("Nobody came to the meeting")
    ORGANIZATION_REGISTERED = "organization.registered", _("Organization registered")
    ORGANIZATION_ACTIVATED = "organization.activated", _("Organization activated")
    ORGANIZATION_ARCHIVED = "organization.archived", _("Organization archived")
    USER_VERIFIED = "user.verified", _("Person verified")
    USER_JOINED = "user.joined", _("Person joined an organization")
    USER_ARCHIVED = "user.archived", _("Person archived")
    CONTRACT_CHANGED = "contract.changed", _("Contract changed")
    CONTRACT_RENEWED = "contract.renewed", _("Contract renewed")
    CONTRACT_ENDING = "contract.ending", _("Contract ending")
    ROOM_CHANGED = "room.changed", _("Room changed")
    SITE_CHANGED = "site.changed", _("Site changed")
    ACCESS_CARD_ACTIVATED = "access_card.activated", _("Access card activated")
    INTENTION_CREATED = "intention.created", _("Plan declared")
    INTENTION_UPDATED = "intention.updated", _("Plan changed")
    INTENTION_DELETED = "intention.deleted", _("Plan deleted")
    ALLOCATION_CREATED = "allocation.created", _("Seats or room given")
    ALLOCATION_UPDATED = "allocation.updated", _("Seats or room changed")
    ALLOCATION_DELETED = "allocation.deleted", _("Seats or room taken back")
    TEAM_SETTINGS_CREATED = "team_settings.created", _("Team settings made")
    TEAM_SETTINGS_UPDATED = "team_settings.updated", _("Team settings changed")
    TEAM_SETTINGS_DELETED = "team_settings.deleted", _("Team settings deleted")


class Event(models.Model):
    """Something that happened, written in the transaction that made it happen.

    `position` is its place in the change feed, given after the commit and never before an earlier
    one's, so that a reader who has seen a position has seen all before it. `people` are those who
    may read it besides its organization and partners.
    Source: public-api, section 5, `/api/changes`; section 7 lists the types.
    """

    id = ObjectIdField(primary_key=True)
    type = models.CharField(_("type"), max_length=40, choices=EventType.choices)
    object_kind = models.CharField(_("kind"), max_length=20)
    object_id = models.CharField(_("object"), max_length=24)
    organization = models.ForeignKey(
        "organizations.Organization",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # found by organization and position
        verbose_name=_("organization"),
    )
    people = ArrayField(
        models.CharField(max_length=24), default=list, blank=True, verbose_name=_("people")
    )
    data = models.JSONField(_("facts"), default=dict)
    at = models.DateTimeField(_("at"))
    position = models.BigIntegerField(_("position"), null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(type__in=EventType.values), name="event_type_is_documented"
            )
        ]
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="event_object"),
            models.Index(fields=["at", "id"], name="event_at"),
            models.Index(fields=["organization", "position"], name="event_organization"),
            GinIndex(fields=["people"], name="event_people"),
            models.Index(
                fields=["at", "id"],
                name="event_unpublished",
                condition=models.Q(position__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.object_id}"


class SwitchedOff(models.TextChoices):
    """Why a webhook is off."""

    NOT = "", _("Active")
    BY_OWNER = "owner", _("Switched off by its owner")
    GONE = "gone", _("Its address answered 410 Gone")
    FAILING = "failing", _("Its address failed for days")


@audit.track(exclude=["sealed_secret", "sealed_former_secret", "failing_since", "paused_until"])
class WebhookEndpoint(models.Model):
    """An address that is told of events as they happen; its secrets lie sealed.

    Source: public-api, section 7, `webhooks`; the Standard Webhooks scheme.
    """

    id = ObjectIdField(primary_key=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="webhook_endpoints",
        verbose_name=_("owner"),
    )
    url = models.CharField(_("address"), max_length=2000)
    event_types = ArrayField(models.CharField(max_length=40), verbose_name=_("events"))
    description = models.CharField(_("description"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    switched_off = models.CharField(
        _("why it is off"), max_length=10, choices=SwitchedOff.choices, blank=True, default=""
    )
    sealed_secret = models.TextField(editable=False)
    sealed_former_secret = models.TextField(editable=False, blank=True, default="")
    former_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    paused_until = models.DateTimeField(_("asked for a pause until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(event_types__len__gte=1)
                & models.Q(event_types__contained_by=[EVERY_EVENT, *EventType.values]),
                name="webhook_events_are_documented",
            ),
            models.CheckConstraint(
                condition=models.Q(is_active=True, switched_off="")
                | (models.Q(is_active=False) & ~models.Q(switched_off="")),
                name="webhook_off_has_its_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(sealed_former_secret="", former_secret_until=None)
                | (
                    ~models.Q(sealed_former_secret="") & models.Q(former_secret_until__isnull=False)
                ),
                name="webhook_former_secret_has_an_end",
            ),
        ]
        indexes = [models.Index(fields=["owner"], name="webhook_owner")]

    def __str__(self) -> str:
        return self.url


class DeliveryStatus(models.TextChoices):
    PENDING = "pending", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Given up")


class WebhookDelivery(models.Model):
    """One event on its way to one address; without an event it is a test message.

    While `claimed_until` lies ahead, a worker is sending it; a worker that died leaves it to the next.
    """

    id = ObjectIdField(primary_key=True)
    endpoint = models.ForeignKey(
        WebhookEndpoint, models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    event = models.ForeignKey(
        Event, models.CASCADE, null=True, related_name="deliveries", verbose_name=_("event")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    claimed_until = models.DateTimeField(null=True, editable=False)
    last_attempt_at = models.DateTimeField(_("last attempt"), null=True)
    answer_status = models.PositiveSmallIntegerField(_("answer"), null=True)
    answer_ms = models.PositiveIntegerField(_("took, ms"), null=True)
    answer_text = models.TextField(editable=False, blank=True, default="")
    error = models.CharField(_("error"), max_length=300, blank=True, default="")
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="webhook_delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_attempt_at"],
                name="webhook_delivery_due",
                condition=models.Q(status="pending"),
            ),
            models.Index(
                fields=["endpoint"],
                name="webhook_delivery_claimed",
                condition=models.Q(status="pending", claimed_until__isnull=False),
            ),
            models.Index(fields=["endpoint", "id"], name="webhook_delivery_log"),
            models.Index(fields=["created_at"], name="webhook_delivery_created"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id or self.id} → {self.endpoint_id}"
