"""User-Agent headers as they are sent."""

import pytest
from django.utils import translation

from organizations.templatetags.devices import device

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
SENT = {
    f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/140.0.0.0 Safari/537.36": "Chrome on Linux",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0": (
        "Edge on Windows"
    ),
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0": (
        "Firefox on macOS"
    ),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.6 Mobile/15E148 Safari/604.1": "Safari on iPhone",
    f"Mozilla/5.0 (Linux; Android 15; SM-S928B) {WEBKIT} SamsungBrowser/28.0 Chrome/130.0 Mobile"
    " Safari/537.36": "Samsung Internet on Android",
    "curl/8.5.0": "curl/8.5.0",
    "": "–",
}


@pytest.mark.parametrize(("header", "words"), SENT.items(), ids=SENT.values())
def test_device_is_named_as_people_do(header: str, words: str) -> None:
    with translation.override("en"):
        assert device(header) == words


def test_what_nobody_knows_is_cut_short() -> None:
    assert device("x" * 400) == "x" * 40
