"""Rooms: what they are, what they cost, and what they look like."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config import audit
from config.fields import ObjectIdField
from sites_app.models.sites import Site


class RoomType(models.TextChoices):
    """Source: public-api, section 4."""

    PUBLIC_OFFICE = "publicOffice", _("Public office")
    PUBLIC_MEETING = "publicMeeting", _("Public meeting room")
    OFFICE = "office", _("Office")
    PRIVATE_OFFICE = "privateOffice", _("Private office")
    SHARED_OFFICE = "sharedOffice", _("Shared office")
    MEETING = "meeting", _("Meeting room")
    PRIVATE_MEETING = "privateMeeting", _("Private meeting room")
    SHARED_MEETING = "sharedMeeting", _("Shared meeting room")
    CONFERENCE = "conference", _("Conference room")
    PRIVATE_ACCESS = "privateAccess", _("Private access")
    OTHER = "other", _("Other")


PUBLIC_TYPES = (RoomType.PUBLIC_OFFICE, RoomType.PUBLIC_MEETING)
OFFICE_TYPES = (
    RoomType.PUBLIC_OFFICE,
    RoomType.OFFICE,
    RoomType.PRIVATE_OFFICE,
    RoomType.SHARED_OFFICE,
)
MEETING_TYPES = (
    RoomType.PUBLIC_MEETING,
    RoomType.MEETING,
    RoomType.PRIVATE_MEETING,
    RoomType.SHARED_MEETING,
    RoomType.CONFERENCE,
)


class RoomState(models.TextChoices):
    BOOKABLE = "bookable", _("Bookable")
    OCCUPIED = "occupied", _("Occupied")
    RENTED = "rented", _("Rented")
    FOR_RENT = "forrent", _("For rent")
    FREE = "free", _("Free")
    TO_CLEAN = "toclean", _("To clean")
    MAINTENANCE = "maintenance", _("Maintenance")
    CLOSED = "closed", _("Closed")


class Equipment(models.TextChoices):
    SCREEN = "screen", _("Screen")
    PROJECTOR = "projector", _("Projector")
    VIDEO_CONFERENCE = "video", _("Video conferencing")
    WHITEBOARD = "whiteboard", _("Whiteboard")
    FLIPCHART = "flipchart", _("Flip chart")
    PHONE = "phone", _("Conference phone")
    WIFI = "wifi", _("Wi-Fi")
    COFFEE = "coffee", _("Coffee")
    KITCHEN = "kitchen", _("Kitchen")
    DAYLIGHT = "daylight", _("Daylight")
    AIR_CONDITIONING = "ac", _("Air conditioning")
    ACCESSIBLE = "accessible", _("Step-free access")
    PRINTER = "printer", _("Printer")


def default_cancellation_terms() -> list[dict[str, int]]:
    """Free until 24 h before, then 50 %, under 2 h 100 %. Source: booking-rules, R14."""
    return [{"hours": 24, "percent": 50}, {"hours": 2, "percent": 100}]


@audit.track()
class Room(models.Model):
    """A room, desk or office of a site. Prices are net, in the site's currency; durations in minutes."""

    id = ObjectIdField(primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="rooms", verbose_name=_("site"))
    name = models.CharField(_("internal name"), max_length=200)
    public_name = models.CharField(_("public name"), max_length=200, blank=True)
    type = models.CharField(_("type"), max_length=20, choices=RoomType.choices)
    default_state = models.CharField(
        _("default state"),
        max_length=12,
        choices=RoomState.choices,
        default=RoomState.BOOKABLE,
    )
    surface_commercial = models.DecimalField(
        _("commercial surface, m²"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    surface_computed = models.DecimalField(
        _("computed surface, m²"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    description = models.TextField(_("description"), blank=True)
    description_fr = models.TextField(_("description (French)"), blank=True)
    min_person = models.PositiveIntegerField(_("minimum persons"), default=0)
    max_person = models.PositiveIntegerField(_("maximum persons"), default=0)
    nb_seat = models.PositiveIntegerField(_("seats"), default=0)
    configuration = models.CharField(_("configuration"), max_length=60, blank=True)
    other_configuration = models.CharField(_("other configuration"), max_length=300, blank=True)
    equipment = ArrayField(
        models.CharField(max_length=20, choices=Equipment.choices),
        default=list,
        blank=True,
        verbose_name=_("equipment"),
    )
    min_duration = models.PositiveIntegerField(_("minimum booking, minutes"), default=0)
    max_duration = models.PositiveIntegerField(_("maximum booking, minutes"), default=0)
    step_duration = models.PositiveIntegerField(_("booking step, minutes"), default=0)
    setup_minutes = models.PositiveSmallIntegerField(_("setup, minutes"), default=0)
    cleaning_minutes = models.PositiveSmallIntegerField(_("cleaning, minutes"), default=0)
    slot_week = models.CharField(_("open Monday to Friday"), max_length=200, blank=True)
    slot_saturday = models.CharField(_("open on Saturday"), max_length=200, blank=True)
    slot_sunday = models.CharField(_("open on Sunday"), max_length=200, blank=True)
    price_per_hour = models.DecimalField(
        _("price an hour"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    price_per_half_day = models.DecimalField(
        _("price a half day"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    price_per_day = models.DecimalField(
        _("price a day"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    price_per_week = models.DecimalField(
        _("price a week"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    price_per_month = models.DecimalField(
        _("price a month"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    member_discount_percent = models.DecimalField(
        _("member discount, %"), max_digits=5, decimal_places=2, default=0
    )
    supplement_per_person = models.DecimalField(
        _("supplement a person"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    cancellation_terms = models.JSONField(
        _("cancellation terms"), default=default_cancellation_terms
    )
    check_in_required = models.BooleanField(_("check-in required"), default=False)
    parts = models.ManyToManyField(
        "self", symmetrical=False, related_name="wholes", blank=True, verbose_name=_("parts")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints = [
            models.CheckConstraint(
                condition=Q(max_duration=0) | Q(max_duration__gte=F("min_duration")),
                name="room_max_duration_not_below_min",
            ),
            models.CheckConstraint(
                condition=Q(max_person=0) | Q(max_person__gte=F("min_person")),
                name="room_max_person_not_below_min",
            ),
            models.CheckConstraint(
                condition=Q(member_discount_percent__gte=0, member_discount_percent__lte=100),
                name="room_member_discount_is_percent",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{price}__gte": 0}) | Q(**{price: None}),
                    name=f"room_{price}_not_negative",
                )
                for price in (
                    "price_per_hour",
                    "price_per_half_day",
                    "price_per_day",
                    "price_per_week",
                    "price_per_month",
                    "supplement_per_person",
                )
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return self.public_name or self.name

    @property
    def is_office(self) -> bool:
        return self.type in OFFICE_TYPES

    @property
    def is_public_office(self) -> bool:
        return self.type == RoomType.PUBLIC_OFFICE

    @property
    def is_meeting_room(self) -> bool:
        return self.type in MEETING_TYPES

    @property
    def is_booked_by_the_hour(self) -> bool:
        """Whether it is sold by the hour: an office only once staff gave it a price and durations."""
        if self.type == RoomType.PUBLIC_OFFICE:
            return bool(self.price_per_hour and self.min_duration)
        return self.is_meeting_room


class RoomImage(models.Model):
    """A picture of a room; the first by position is the one the API shows."""

    id = ObjectIdField(primary_key=True)
    room = models.ForeignKey(Room, models.CASCADE, related_name="images", verbose_name=_("room"))
    position = models.PositiveSmallIntegerField(default=0, verbose_name=_("position"))
    file = models.ImageField(upload_to="rooms/", verbose_name=_("picture"))
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    alt_text = models.CharField(
        max_length=200, blank=True, verbose_name=_("description of the picture")
    )

    class Meta:
        verbose_name = _("room picture")
        verbose_name_plural = _("room pictures")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return str(self.file.name)
