"""The worker's few addresses are those of the pages, and all that mails link to."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from config import mail_urls
from config.links import Purpose

KEY = {"key": "6b02:1vX_y-z"}
ADDRESSES: dict[str, dict[str, Any]] = {
    **{str(name): KEY for name in mail_urls.SIGNED},
    "account_reset_password_from_key": {"uidb36": "6b0226f6a2afdd0fef5145d5", "key": "d9x-4f0a"},
    **{name: {} for name in mail_urls.PLAIN},
    "admin:organizations_joinrequest_changelist": {},
    "admin:organizations_user_change": {"object_id": "6b0226f6a2afdd0fef5145d5"},
}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_is_where_its_page_is(name: str, language: str) -> None:
    with translation.override(language):
        there, here = (
            reverse(name, urlconf=urls, kwargs=ADDRESSES[name])
            for urls in ("config.urls", "config.mail_urls")
        )

    assert here == there


def test_they_are_all_to_which_mails_link() -> None:
    written = "".join(
        path.read_text() for path in (settings.BASE_DIR / "templates/emails").iterdir()
    )
    linked = set(re.findall(r'{%\s*url "([^"]+)"', written))

    assert linked | set(Purpose) | {"account_reset_password_from_key"} == set(ADDRESSES)
