"""The style guide: every component in every state, for designers and the tests."""

import re
from functools import lru_cache
from pathlib import Path

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe


class SampleForm(forms.Form):
    """One field of each kind."""

    email = forms.EmailField(label=_("E-mail"))
    company = forms.CharField(label=_("Company"))
    duration = forms.TypedChoiceField(
        label=_("How long"),
        choices=[(60, _("1 hour")), (120, _("2 hours")), (240, _("Half a day"))],
        coerce=int,
    )
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    price = forms.DecimalField(label=_("Monthly budget"))
    disabled = forms.CharField(label=_("Site"), disabled=True, initial="Paris Opéra")
    wishes = forms.CharField(label=_("Wishes"), widget=forms.Textarea(attrs={"rows": 3}))
    layout = forms.ChoiceField(
        label=_("Room layout"),
        choices=[("board", _("Boardroom")), ("theatre", _("Theatre"))],
        widget=forms.RadioSelect,
    )
    equipment = forms.MultipleChoiceField(
        label=_("Equipment"),
        choices=[("screen", _("Screen")), ("whiteboard", _("Whiteboard"))],
        widget=forms.CheckboxSelectMultiple,
    )
    is_private = forms.BooleanField(label=_("Hide the subject in the room's public calendar"))


@lru_cache(maxsize=1)
def _icons() -> list[str]:
    sprite = Path(settings.BASE_DIR) / "static" / "img" / "icons.svg"
    return re.findall(r'symbol id="([^"]+)"', sprite.read_text(encoding="utf-8"))


def _wrong_form() -> SampleForm:
    """A form sent with everything wrong, to show each field's error."""
    return SampleForm({"wrong-email": "someone at example"}, prefix="wrong")


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in every state."""
    context = {
        "form": SampleForm(),
        "wrong_form": _wrong_form(),
        "icons": _icons(),
        "page": Paginator(range(180), 10).get_page(request.GET.get("page", 6)),
        "steps": [_("Room"), _("Details"), _("Confirmation")],
        "trail": [(_("Home"), "/"), ("Paris Opéra", "#"), (_("Style guide"), "")],
        "tabs": [
            {"label": _("Upcoming"), "url": "#", "count": 3, "is_current": True},
            {"label": _("Past"), "url": "#", "count": 28, "is_current": False},
            {"label": _("Series"), "url": "#", "count": None, "is_current": False},
        ],
    }
    return render(request, "styleguide.html", context)
