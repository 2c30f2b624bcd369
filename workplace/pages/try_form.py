"""The form behind "Try it now" of the Workplace API: reads alone, with the key and what headers they need."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from booking.pages.try_form import TryForm
from config.api.loopback import Call
from config.api.reference import Operation

KEY = "x-api-key"


class KeyTryForm(TryForm):
    """A call of one operation. The key is never shown again, stored or logged."""

    def __init__(self, data: Any = None, *, operation: Operation) -> None:
        super().__init__(data, operation=operation)
        self.fields["token"].label = gettext_lazy("Key")
        self.fields["token"].widget.attrs["placeholder"] = "ww_wp_…"
        for header in operation.headers:
            self.fields[_name(header.path)] = forms.CharField(
                label=f"{header.path} *" if header.is_required else header.path,
                required=False,
                max_length=200,
                help_text=header.text.replace("`", ""),
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )

    @property
    def header_fields(self) -> list[forms.BoundField]:
        return [self[_name(each.path)] for each in self.operation.headers]

    @property
    def call(self) -> Call:
        """Return the call that a valid form asks for."""
        given = self.cleaned_data
        headers = {each.path: given.get(_name(each.path), "") for each in self.operation.headers}
        query = super().call.query
        sent = {KEY: given.get("token", "").strip(), **headers}
        return Call(
            method=self.operation.method,
            path=self.operation.path,
            query=query,
            token="",
            body="",
            headers={name: value for name, value in sent.items() if value},
        )


def _name(header: str) -> str:
    return f"header-{header}"
