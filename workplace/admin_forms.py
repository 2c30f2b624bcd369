"""What staff type about the workplace, checked by what one row cannot tell by itself."""

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from sites_app.models import Site
from workplace import admin_labels, selectors_capacity
from workplace.domain import desks
from workplace.models import (
    WEEKDAYS,
    Configuration,
    RoomPlacement,
    Space,
    Team,
    TeamLocationSettings,
    TeamMembership,
    Zone,
)

ANOTHER_LAYER = _("This lies on another layer.")
ELSEWHERE = _("One of these is at another location.")


def _labels() -> SimpleArrayField:
    return SimpleArrayField(
        forms.CharField(max_length=60),
        required=False,
        label=_("Labels"),
        help_text=_("Words such as quiet, window, separated by commas."),
        widget=UnfoldAdminTextInputWidget,
    )


class NamedChoicesForm(forms.ModelForm):
    """A form whose choices of places and teams are told apart by their full names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        admin_labels.name_choices(self)


class ZoneForm(NamedChoicesForm):
    labels = _labels()
    desks_to_add = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=desks.MOST_AT_ONCE,
        label=_("Desks to add"),
        help_text=_("So many new desks, named after the zone and numbered."),
        widget=UnfoldAdminIntegerFieldWidget,
    )

    class Meta:
        model = Zone
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose them


class SpaceForm(NamedChoicesForm):
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


class RoomPlacementForm(NamedChoicesForm):
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


class TeamMembershipForm(forms.ModelForm):
    class Meta:
        model = TeamMembership
        fields = "__all__"  # noqa: DJ007 - the admin shows them all

    def clean(self) -> dict[str, Any]:
        """Keep a team among people of its organization: others must not see them."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        team, person = cleaned.get("team"), cleaned.get("person")
        if team and person and person.organization_id != team.organization_id:
            self.add_error("person", _("This person is of another organization."))
        return cleaned


class TeamLocationSettingsForm(NamedChoicesForm):
    fixed_days = forms.TypedMultipleChoiceField(
        choices=lambda: [(day, str(WEEKDAY_NAMES[day - 1])) for day in WEEKDAYS],
        coerce=int,
        required=False,
        label=_("Fixed days"),
        help_text=_("On these the whole team is expected."),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = TeamLocationSettings
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose them

    def clean_fixed_days(self) -> list[int]:
        return sorted(set(self.cleaned_data["fixed_days"]))

    def clean(self) -> dict[str, Any]:
        """Keep wishes to what there is at the location, and neighbours to teams of the organization.

        Source: workplace-api, section 3, PUT /team/settings.
        """
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        site, settings = cleaned.get("site"), cleaned.get("settings")
        if site and settings:
            for name, message in self._wrong(cleaned, site, settings.team):
                self.add_error(name, message)
        return cleaned

    def _wrong(
        self, cleaned: Mapping[str, Any], site: Site, team: Team
    ) -> Iterator[tuple[str, Any]]:
        zones, room = cleaned.get("preferred_zones", ()), cleaned.get("room")
        neighbours = cleaned.get("adjacent_teams", ())
        seats, fewest = selectors_capacity.of_site(site), cleaned.get("min_capacity") or 0
        if seats is not None and fewest > seats:
            yield "min_capacity", _("The location has %(seats)s seats.") % {"seats": seats}
        if any(layer.site_id != site.pk for layer in cleaned.get("preferred_layers", ())):
            yield "preferred_layers", ELSEWHERE
        if any(zone.layer.site_id != site.pk for zone in zones):
            yield "preferred_zones", ELSEWHERE
        if any(zone.organization_id not in (None, team.organization_id) for zone in zones):
            yield "preferred_zones", _("One of these is another organization's own.")
        if room and room.site_id != site.pk:
            yield "room", _("This room is at another location.")
        if any(
            one.pk == team.pk or one.organization_id != team.organization_id for one in neighbours
        ):
            yield "adjacent_teams", _("Neighbours are other teams of the same organization.")


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
