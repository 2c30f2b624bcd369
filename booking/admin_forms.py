"""What staff type about meetings; the domain decides."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminTimeWidget,
    UnfoldBooleanSwitchWidget,
)

from booking.domain import cancellations, meeting_requests, meetings
from booking.domain.change_plans import MeetingChange
from booking.domain.meeting_requests import MeetingRequest, Source
from booking.domain.series_scopes import Scope
from booking.models import Meeting
from config import clock
from config.errors import DomainError
from config.templatetags.writing import money
from sites_app.models import Room


class MeetingRequestForm(forms.ModelForm):
    """A booking that staff make for somebody; refused, with the reason, before anything is written."""

    on = forms.DateField(label=_("Date"), widget=UnfoldAdminDateWidget)
    at = forms.TimeField(
        label=_("From"), help_text=_("On the clock of the site."), widget=UnfoldAdminTimeWidget
    )
    minutes = forms.IntegerField(
        label=_("Duration, minutes"), min_value=1, initial=60, widget=UnfoldAdminIntegerFieldWidget
    )
    override_reason = forms.CharField(
        label=_("Reason to set the house rules aside"),
        required=False,
        max_length=200,
        help_text=_(
            "Opening hours, notice and durations then do not count; a taken room stays taken."
        ),
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = Meeting
        fields = [
            "room",
            "attendees",
            "name",
            "description",
            "is_private",
            "contact_email",
            "contact_name",
        ]

    def clean(self) -> dict[str, Any]:
        """Try the booking without keeping it, so that a refusal stands at the form."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            self._try()
        return cleaned

    def _try(self) -> None:
        try:
            meeting_requests.request_meeting(self.wish(dry_run=True), now=clock.now())
        except meeting_requests.RulesBroken as refusal:
            for violation in refusal.violations:
                self.add_error(None, violation.message)
        except DomainError as refusal:
            self.add_error(None, refusal.message)

    def wish(self, *, dry_run: bool = False) -> MeetingRequest:
        """Put the form into the domain's words."""
        typed = self.cleaned_data
        return MeetingRequest(
            room_id=typed["room"].pk,
            contact_email=typed["contact_email"],
            contact_name=typed["contact_name"],
            starts_at=dt.datetime.combine(typed["on"], typed["at"]),
            duration_minutes=typed["minutes"],
            attendees=typed["attendees"],
            name=typed["name"],
            description=typed["description"],
            is_private=typed["is_private"],
            source=Source.STAFF,
            override_reason=typed["override_reason"],
            dry_run=dry_run,
        )


class MoveForm(BaseDialogForm):
    """When and where a meeting shall be instead; what stays empty stays."""

    on = forms.DateField(label=_("Date"), required=False, widget=UnfoldAdminDateWidget)
    at = forms.TimeField(
        label=_("From"),
        required=False,
        help_text=_("On the clock of the site."),
        widget=UnfoldAdminTimeWidget,
    )
    minutes = forms.IntegerField(
        label=_("Duration, minutes"),
        min_value=1,
        max_value=24 * 60,
        required=False,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    room = forms.ModelChoiceField(
        label=_("Room"),
        queryset=Room.objects.none(),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    scope = forms.ChoiceField(
        label=_("Which dates"),
        choices=[
            (Scope.THIS.value, _("This date")),
            (Scope.FOLLOWING.value, _("This and all later dates")),
            (Scope.ALL.value, _("All dates to come")),
        ],
        initial=Scope.THIS.value,
        widget=UnfoldAdminSelectWidget,
    )
    override_reason = forms.CharField(
        label=_("Reason to set the house rules aside"),
        required=False,
        max_length=200,
        help_text=_(
            "Opening hours, notice, durations and the free window then do not count; a taken room "
            "stays taken."
        ),
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(request, object_id, *args, **kwargs)
        self.meeting = meetings.by_id(str(object_id))
        field = self.fields["room"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Room.objects.select_related("site").filter(site=self.meeting.room.site_id)

    def wanted(self) -> MeetingChange:
        """Put the form into the domain's words."""
        typed = self.cleaned_data
        room = typed["room"]
        return MeetingChange(
            starts_at=self._wall_start(),
            duration_minutes=typed["minutes"],
            room_id=room.pk if room else None,
            scope=Scope(typed["scope"]),
            source=Source.STAFF,
            override_reason=typed["override_reason"],
        )

    def _wall_start(self) -> dt.datetime | None:
        on, at = self.cleaned_data["on"], self.cleaned_data["at"]
        if on is None and at is None:
            return None
        tz = ZoneInfo(self.meeting.room.site.time_zone)
        now = self.meeting.starts_at.astimezone(tz)
        return dt.datetime.combine(on or now.date(), at or now.time())


class CancelForm(BaseDialogForm):
    """Why a meeting is cancelled, and whether the fee is let off."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=UnfoldAdminTextInputWidget)
    is_free = forms.BooleanField(
        label=_("Waive the fee"), required=False, widget=UnfoldBooleanSwitchWidget
    )

    def __init__(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(request, object_id, *args, **kwargs)
        meeting = meetings.by_id(str(object_id))
        fee = cancellations.preview(meeting, now=clock.now()).fee
        amount = money(fee, currency=meeting.currency)
        self.fields["is_free"].help_text = gettext("The fee now is %s.") % amount
