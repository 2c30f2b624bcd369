"""What staff type about the workplace, checked by what one row cannot tell by itself."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from workplace.models import (
    Configuration,
    RoomPlacement,
    Space,
    Team,
    TeamLocationSettings,
    Zone,
)

ANOTHER_LAYER = _("This lies on another layer.")


def _labels() -> SimpleArrayField:
    return SimpleArrayField(
        forms.CharField(max_length=60),
        required=False,
        label=_("Labels"),
        help_text=_("Words such as quiet, window, separated by commas."),
        widget=UnfoldAdminTextInputWidget,
    )


class ZoneForm(forms.ModelForm):
    labels = _labels()

    class Meta:
        model = Zone
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose them


class SpaceForm(forms.ModelForm):
    labels = _labels()

    class Meta:
        model = Space
        fields = "__all__"  # noqa: DJ007 - the admin shows them all

    def clean(self) -> dict[str, Any]:
        """Keep a space on the layer of its zone, and of its room where that lies on one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        layer, zone, room = (cleaned.get(name) for name in ("layer", "zone", "room"))
        if layer and zone and zone.layer_id != layer.pk:
            self.add_error("zone", ANOTHER_LAYER)
        placed = RoomPlacement.objects.filter(room=room).first() if room else None
        if (
            layer
            and room
            and (placed.layer_id != layer.pk if placed else room.site_id != layer.site_id)
        ):
            self.add_error("room", ANOTHER_LAYER)
        return cleaned


class RoomPlacementForm(forms.ModelForm):
    class Meta:
        model = RoomPlacement
        fields = "__all__"  # noqa: DJ007 - the admin shows them all

    def clean(self) -> dict[str, Any]:
        """Keep a room at its site."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        layer, room = cleaned.get("layer"), cleaned.get("room")
        if layer and room and layer.site_id != room.site_id:
            self.add_error("layer", _("This layer is at another site than the room."))
        return cleaned


class TeamForm(forms.ModelForm):
    class Meta:
        model = Team
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose them

    def clean_color(self) -> str:
        return str(self.cleaned_data["color"]).strip().lower()


class TeamLocationSettingsForm(forms.ModelForm):
    fixed_days = SimpleArrayField(
        forms.IntegerField(min_value=1, max_value=7),
        required=False,
        label=_("Fixed days"),
        help_text=_("Weekdays from 1 (Monday) to 7 (Sunday), separated by commas."),
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = TeamLocationSettings
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose them

    def clean_fixed_days(self) -> list[int]:
        return sorted(set(self.cleaned_data["fixed_days"]))


class ConfigurationForm(forms.ModelForm):
    default_timezone = forms.ChoiceField(
        choices=lambda: [(name, name) for name in sorted(available_timezones())],
        label=_("Time zone"),
        initial="Europe/Paris",
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = Configuration
        fields = "__all__"  # noqa: DJ007 - the admin shows them all
