"""What staff type about places, checked by the same parsers that the portal reads it with."""

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from sites_app.admin_terms import FeeStepsField
from sites_app.domain import (
    countries,
    leases,
    opening_hours,
    operating_hours,
    pictures,
    workplace_settings,
)
from sites_app.models import (
    Closure,
    Equipment,
    OpeningException,
    Room,
    RoomImage,
    RoomLease,
    Site,
    default_cancellation_terms,
)

SLOT_HELP = _("For example 09:00-12:00,14:00-18:00. Empty means closed.")


class SlotsField(forms.CharField):
    """Opening hours of one day, as the API writes them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            help_text=SLOT_HELP,
            widget=UnfoldAdminTextInputWidget(attrs={"spellcheck": "false"}),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            opening_hours.parse_slots(text)
        except opening_hours.SlotFormatError as error:
            sentence = error.message_fr if get_language() == "fr" else error.message
            raise forms.ValidationError(sentence) from error
        return text


class CountryField(forms.ChoiceField):
    """A country by its name in the reader's language, stored as its code; pages name no other codes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_countries, widget=UnfoldAdminSelectWidget, **kwargs)


def _countries() -> list[tuple[str, str]]:
    return [("", "–"), *countries.choices(get_language() or "en")]


class RoomForm(forms.ModelForm):
    slot_week = SlotsField(label=_("Open Monday to Friday"))
    slot_saturday = SlotsField(label=_("Open on Saturday"))
    slot_sunday = SlotsField(label=_("Open on Sunday"))
    equipment = forms.MultipleChoiceField(
        choices=Equipment.choices,
        required=False,
        label=_("Equipment"),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = Room
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cancellation_terms"] = FeeStepsField(
            stored=self.initial.get("cancellation_terms", default_cancellation_terms()),
            label=self.fields["cancellation_terms"].label,
        )


class SiteForm(forms.ModelForm):
    country = CountryField(label=_("Country"))
    holiday_country = CountryField(label=_("Country of public holidays"), required=False)
    time_zone = forms.ChoiceField(
        choices=lambda: [(name, name) for name in sorted(available_timezones())],
        label=_("Time zone"),
        initial="Europe/Paris",
        widget=UnfoldAdminSelectWidget,
    )
    closed_dates = SimpleArrayField(
        forms.DateField(),
        required=False,
        label=_("Closed dates"),
        help_text=_("Dates such as 2026-12-25, separated by commas."),
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = Site
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose them

    def clean_operating_hours(self) -> Any:
        """Accept what the portal can read only; empty is open every day, all day."""
        stored = self.cleaned_data["operating_hours"] or []
        try:
            operating_hours.check(stored)
        except opening_hours.SlotFormatError as error:
            sentence = error.message_fr if get_language() == "fr" else error.message
            raise forms.ValidationError(sentence) from error
        return stored

    def clean_workplace_settings(self) -> Any:
        """Accept what the workplace can read only; empty is all defaults."""
        stored = self.cleaned_data["workplace_settings"] or {}
        try:
            workplace_settings.read(stored)
        except workplace_settings.WrongSettings as error:
            raise forms.ValidationError(str(error)) from error
        return stored

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


class OpeningExceptionForm(forms.ModelForm):
    slots = SlotsField(label=_("Open"))

    class Meta:
        model = OpeningException
        fields = "__all__"  # noqa: DJ007 - the admin shows them all


class ClosureForm(forms.ModelForm):
    """A closure, whose times are typed on the clock of its site; on a room's page it is of that room."""

    class Meta:
        model = Closure
        fields = "__all__"  # noqa: DJ007 - the admin shows them all
        help_texts = {
            "starts_at": _("On the clock of the site."),
            "ends_at": _("On the clock of the site."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        site, room = cleaned.get("site") or self._site_of_room(), cleaned.get("room")
        if site and room and room.site_id != site.pk:
            self.add_error("room", _("This room is at another location."))
        for name in ("starts_at", "ends_at"):
            if site and cleaned.get(name):
                typed = timezone.localtime(cleaned[name])
                cleaned[name] = typed.replace(tzinfo=ZoneInfo(site.time_zone))
        return cleaned

    def _site_of_room(self) -> Site | None:
        if "site" in self.fields or self.instance.room is None:
            return None
        site: Site = self.instance.room.site
        self.instance.site = site
        return site


class LeaseForm(forms.ModelForm):
    """A lease, whose real end is known before the database is asked whether the room is free."""

    class Meta:
        model = RoomLease
        fields = "__all__"  # noqa: DJ007 - the admin shows them all

    def _get_validation_exclusions(self) -> set[str]:
        """Have the constraints on `ends_on` checked, although nobody types it."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # the stubs lack it
        return excluded - {"ends_on"}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if tenant := cleaned.get("organization"):
            self.instance.ends_on = leases.end_of(
                own_end_on=cleaned.get("own_end_on"), contract_end_on=tenant.rental_end_on
            )
        return cleaned


class RoomImageForm(forms.ModelForm):
    """A room's picture, never stored as it came. Source: safety, S-37."""

    class Meta:
        model = RoomImage
        fields = ["file", "alt_text", "position"]

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if not isinstance(upload, UploadedFile):
            return upload
        try:
            return pictures.written_anew(upload)
        except pictures.PictureRefused as refusal:
            raise forms.ValidationError(refusal.message) from refusal
