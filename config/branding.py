"""The operator's accent colour, made readable in both schemes.

An operator gives one colour; text and buttons need several, each with enough contrast.
Source: WCAG 2.2, 1.4.3 (4.5:1 for text) and its definition of relative luminance.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

Colour = tuple[int, int, int]

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)
DARK_CANVAS: Colour = (16, 19, 18)
DARK_HOVER: Colour = (33, 38, 36)
LIGHT_HOVER: Colour = (239, 239, 235)
TEXT_CONTRAST = 4.6
STEPS = 50


@dataclass(frozen=True)
class Scheme:
    """The accent's colours in one scheme, as `#rrggbb`."""

    accent: str
    hover: str
    soft: str
    line: str
    on_accent: str


def parse(text: str) -> Colour:
    """Read `#rgb` or `#rrggbb`.

    :raises ValueError: for anything else.
    """
    digits = text.strip().removeprefix("#")
    if not re.fullmatch(r"[0-9a-fA-F]{3}|[0-9a-fA-F]{6}", digits):
        raise ValueError(f"BRAND_ACCENT must be a colour such as #0b5f4b, not {text!r}")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def luminance(colour: Colour) -> float:
    """Measure relative luminance, 0 for black to 1 for white."""
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (channel / 255 for channel in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    """Measure the contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """Blend: `share` 0 gives the first colour, 1 the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def light_scheme(colour: Colour) -> Scheme:
    """Derive the colours that read well on a light page."""
    return _scheme(colour, towards=BLACK, page=WHITE, tinted=LIGHT_HOVER, soft_share=0.9)


def dark_scheme(colour: Colour) -> Scheme:
    """Derive the colours that read well on a dark page."""
    return _scheme(colour, towards=WHITE, page=DARK_CANVAS, tinted=DARK_HOVER, soft_share=0.8)


def _scheme(
    colour: Colour, *, towards: Colour, page: Colour, tinted: Colour, soft_share: float
) -> Scheme:
    """Move the colour towards black or white until it reads on every ground it meets."""
    soft = mix(colour, page, soft_share)
    candidates = (mix(colour, towards, step / STEPS) for step in range(STEPS + 1))
    accent = next(
        candidate
        for candidate in candidates
        if all(contrast(candidate, ground) >= TEXT_CONTRAST for ground in (page, tinted, soft))
    )
    return Scheme(
        accent=_hex(accent),
        hover=_hex(mix(accent, towards, 0.25)),
        soft=_hex(soft),
        line=_hex(mix(accent, page, 0.6)),
        on_accent=_hex(_readable_on(accent)),
    )


def _readable_on(ground: Colour) -> Colour:
    return max(WHITE, mix(ground, BLACK, 0.85), key=lambda ink: contrast(ink, ground))


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


@lru_cache(maxsize=8)
def tokens(accent: str) -> str:
    """Write the style rules that put the operator's accent in place; "" keeps our own.

    :raises ValueError: when `accent` is not a colour.
    """
    if not accent:
        return ""
    light, dark = light_scheme(parse(accent)), dark_scheme(parse(accent))
    pairs = {
        "accent": (light.accent, dark.accent),
        "accent-hover": (light.hover, dark.hover),
        "accent-soft": (light.soft, dark.soft),
        "accent-line": (light.line, dark.line),
        "on-accent": (light.on_accent, dark.on_accent),
    }
    rules = "".join(f"--{name}:light-dark({a},{b});" for name, (a, b) in pairs.items())
    return f"@layer tokens{{:root{{{rules}}}}}"
