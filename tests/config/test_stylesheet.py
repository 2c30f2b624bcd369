"""One sheet, kept for ever under a name that changes with its content."""

import gzip

import pytest
from django.test import RequestFactory

from config import stylesheet

BUDGET_BYTES = 12 * 1024


@pytest.fixture(autouse=True)
def _fresh_sheet():
    stylesheet._build_once.cache_clear()
    yield
    stylesheet._build_once.cache_clear()


def get(digest: str, **headers: str):
    request = RequestFactory().get("/", headers=headers)
    return stylesheet.stylesheet(request, digest)


def test_the_sheet_opens_with_the_order_of_layers() -> None:
    assert stylesheet.current().content.startswith(b"@layer reset, tokens, base, layout,")


def test_the_sheet_stays_small() -> None:
    assert len(stylesheet.current().packed) < BUDGET_BYTES


def test_current_name_may_be_kept_for_ever() -> None:
    response = get(stylesheet.current().digest)

    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Type"] == "text/css"
    assert response.content == stylesheet.current().content


def test_outdated_name_is_not_kept() -> None:
    assert get("0000000000000000")["Cache-Control"] == "no-cache"


def test_packed_only_for_those_who_ask() -> None:
    packed = get("x", accept_encoding="gzip, br")

    assert packed["Content-Encoding"] == "gzip"
    assert packed["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.content) == stylesheet.current().content
    assert "Content-Encoding" not in get("x").headers


def test_the_operators_accent_changes_the_name(settings) -> None:
    before = stylesheet.current().digest
    stylesheet._build_once.cache_clear()
    settings.BRAND_ACCENT = "#7a1fa2"

    after = stylesheet.current()

    assert after.digest != before
    assert b"--accent:light-dark(#7a1fa2," in after.content


def test_no_style_leaves_its_layer() -> None:
    """Those of the back office stand beside a theme that has no layers, so they have none."""
    back_office = stylesheet.CSS_DIR / "admin"
    for path in sorted((stylesheet.CSS_DIR).rglob("*.css")):
        if back_office in path.parents:
            continue
        body = path.read_text(encoding="utf-8")
        code = body[body.index("@layer") :]
        assert code.count("{") == code.count("}"), path.name
        assert body.count("@layer") == 1, path.name
