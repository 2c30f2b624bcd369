"""Colours and simple forms, in the measures of the finished picture.

All is drawn at twice the size and narrowed, so that edges are smooth.
"""

from dataclasses import dataclass

from PIL import ImageDraw

WIDTH, HEIGHT = 1280, 800
SCALE = 2
FLOOR = 560
Colour = tuple[int, int, int]
Pen = ImageDraw.ImageDraw


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a room: wall, floor, wood, upholstery and an accent."""

    wall: str
    floor: str
    wood: str
    fabric: str
    accent: str


PALETTES = (
    Palette("#f3ede4", "#cfa67c", "#8a5a36", "#2f5d62", "#d9822b"),
    Palette("#e6eef0", "#b9a089", "#6b4a35", "#c8553d", "#2d6a6a"),
    Palette("#eaf0e6", "#c9ad8a", "#7b5538", "#35524a", "#e0a458"),
    Palette("#f4e9e4", "#b5937b", "#5e4034", "#7d4e57", "#3d6f8e"),
    Palette("#e9e8f1", "#c5b39c", "#755844", "#3f4b7c", "#e3a857"),
    Palette("#fbf3df", "#bf9b73", "#80552f", "#44606e", "#b5482f"),
    Palette("#e3ecea", "#a98d78", "#4f3a2f", "#1f6f6b", "#f0b550"),
    Palette("#f1f1ec", "#d1b48f", "#98704a", "#5a6e3f", "#cf5c36"),
)


def scaled(*values: float) -> list[float]:
    return [value * SCALE for value in values]


def box(
    pen: Pen, left: float, top: float, right: float, bottom: float, fill: str, radius: float = 0
) -> None:
    pen.rounded_rectangle(scaled(left, top, right, bottom), radius * SCALE, fill=fill)


def shape(pen: Pen, points: list[tuple[float, float]], fill: str) -> None:
    pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)


def disc(pen: Pen, x: float, y: float, width: float, height: float, fill: str) -> None:
    pen.ellipse(scaled(x - width / 2, y - height / 2, x + width / 2, y + height / 2), fill=fill)


def mixed(one: str, other: str, share: float) -> str:
    """Return a colour that is `share` of the way from one to the other."""
    pairs = zip(rgb(one), rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def rgb(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def darker(colour: str, share: float = 0.18) -> str:
    return mixed(colour, "#1c1a18", share)


def lighter(colour: str, share: float = 0.3) -> str:
    return mixed(colour, "#ffffff", share)
