"""A room's cancellation terms as staff type them: rows of hours before the start and per cent of the price.

Source: booking rule R14.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

FEWEST_ROWS = 4
MOST_HOURS = 24 * 365


class FeeStepsWidget(forms.MultiWidget):
    """Rows of two numbers, as many as there are steps and one more; empty ones do not count."""

    def __init__(self, *, rows: int) -> None:
        self.rows = rows
        labels = [
            text % {"number": number}
            for number in range(1, rows + 1)
            for text in (
                gettext("Row %(number)s, hours before the start"),
                gettext("Row %(number)s, per cent of the price"),
            )
        ]
        super().__init__([_number_input(label) for label in labels])

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Tell stored terms, which are a list too, from the list of what somebody typed."""
        is_typed = isinstance(value, list) and len(value) == len(self.widgets) and not _steps(value)
        return super().get_context(name, value if is_typed else self.decompress(value), attrs)

    def decompress(self, value: Any) -> list[Any]:
        """Spread stored terms over the fields."""
        numbers = [number for step in _steps(value) for number in (step["hours"], step["percent"])]
        return [*numbers, *[None] * (2 * self.rows - len(numbers))]

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        fields = self.get_context(name, value, attrs)["widget"]["subwidgets"]
        drawn = [
            SafeString(widget._render(field["template_name"], {"widget": field}, renderer))  # type: ignore[attr-defined]  # Django's own way, see MultiWidget
            for widget, field in zip(self.widgets, fields, strict=True)
        ]
        rows = [tuple(drawn[at : at + 2]) for at in range(0, len(drawn), 2)]
        return render_to_string("admin/fee_steps.html", {"rows": rows})


class FeeStepsField(forms.MultiValueField):
    """Terms as the portal bills by them; none at all means that cancelling is always free."""

    def __init__(self, *, stored: Any, label: Any) -> None:
        rows = max(FEWEST_ROWS, len(_steps(stored)) + 1)
        hours = [_hours() for _ in range(rows)]
        percents = [_percent() for _ in range(rows)]
        super().__init__(
            [field for pair in zip(hours, percents, strict=True) for field in pair],
            widget=FeeStepsWidget(rows=rows),
            label=label,
            required=False,
            require_all_fields=False,
            help_text=_(
                "What cancelling costs when less than so many hours remain until the start. "
                "Without a row it is always free. Bookings keep the terms they were made on."
            ),
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare number by number; stored terms are a list themselves."""
        return super().has_changed(self.widget.decompress(initial), data)

    def compress(self, data_list: Sequence[Any]) -> list[dict[str, int | float]]:
        """Read the rows that are filled in, the longest notice first."""
        pairs = [tuple(data_list[at : at + 2]) for at in range(0, len(data_list), 2)]
        given = [pair for pair in pairs if pair != (None, None)]
        if any(None in pair for pair in given):
            raise forms.ValidationError(_("Fill in both the hours and the percentage of a row."))
        steps = sorted(given, key=lambda pair: -pair[0])
        if len({hours for hours, _percentage in steps}) < len(steps):
            raise forms.ValidationError(_("Two rows have the same number of hours."))
        percents = [percentage for _hours_before, percentage in steps]
        if percents != sorted(percents):
            raise forms.ValidationError(_("The shorter the notice, the higher the percentage."))
        return [{"hours": hours, "percent": _number(percent)} for hours, percent in steps]


def _number_input(label: str) -> UnfoldAdminTextInputWidget:
    return UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal", "aria-label": label})


def _steps(stored: Any) -> list[Mapping[str, Any]]:
    """Return the steps of stored terms that can be shown."""
    steps = stored if isinstance(stored, list) else []
    return [
        step for step in steps if isinstance(step, Mapping) and {"hours", "percent"} <= set(step)
    ]


def _hours() -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=0, max_value=MOST_HOURS)


def _percent() -> forms.DecimalField:
    return forms.DecimalField(required=False, min_value=0, max_value=100, decimal_places=2)


def _number(percent: Decimal) -> int | float:
    return int(percent) if percent == percent.to_integral_value() else float(percent)
