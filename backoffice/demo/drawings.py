"""Pictures of demo rooms, drawn: each room has its own colours, light, furniture and view.

The same seed draws the same picture. Drawn at twice the size and narrowed, so that edges are smooth.
"""

import io
import math
import random
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1280, 800
_SCALE = 2
_FLOOR = 560
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
_SKIES = (
    ("#bfe0f2", "#f5f9fb"),
    ("#f7d9b8", "#fdf2e2"),
    ("#9fc6e3", "#e9f3f8"),
    ("#c8d6e8", "#f2e8ec"),
)


def draw(*, seed: str, seats: int, is_office: bool) -> bytes:
    """Draw a room for that many people and return it as JPEG, 1280 by 800."""
    dice = random.Random(seed)  # noqa: S311 - a drawing, no secret
    palette = dice.choice(PALETTES)
    picture = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), palette.wall)
    pen = ImageDraw.Draw(picture)
    _shell(pen, palette, dice)
    _windows(picture, dice)
    pen = ImageDraw.Draw(picture)
    _wall_things(pen, palette, dice, is_office=is_office)
    if is_office:
        _desks(pen, palette, seats)
    else:
        _table(pen, palette, seats)
    _lamps(pen, palette, dice, count=1 if is_office else 2 + (seats > 8))
    _plant(pen, dice, left=dice.choice((70, 1120)))
    written = io.BytesIO()
    _with_light(picture.resize((WIDTH, HEIGHT), Image.Resampling.BOX)).save(
        written, "JPEG", quality=82, optimize=True
    )
    return written.getvalue()


# --- brushes -----------------------------------------------------------------------------------


def _s(*values: float) -> list[float]:
    return [value * _SCALE for value in values]


def _box(
    pen: Pen, left: float, top: float, right: float, bottom: float, fill: str, radius: float = 0
) -> None:
    pen.rounded_rectangle(_s(left, top, right, bottom), radius * _SCALE, fill=fill)


def _shape(pen: Pen, points: list[tuple[float, float]], fill: str) -> None:
    pen.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=fill)


def _disc(pen: Pen, x: float, y: float, width: float, height: float, fill: str) -> None:
    pen.ellipse(_s(x - width / 2, y - height / 2, x + width / 2, y + height / 2), fill=fill)


def _mixed(one: str, other: str, share: float) -> str:
    """Return a colour that is `share` of the way from one to the other."""
    pairs = zip(_rgb(one), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _rgb(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _darker(colour: str, share: float = 0.18) -> str:
    return _mixed(colour, "#1c1a18", share)


def _lighter(colour: str, share: float = 0.3) -> str:
    return _mixed(colour, "#ffffff", share)


# --- the room ----------------------------------------------------------------------------------


def _shell(pen: Pen, palette: Palette, dice: random.Random) -> None:
    """Paint wall, a wainscot or a feature stripe, skirting and a floor of boards."""
    if dice.random() < 0.5:
        _box(pen, 0, 400, WIDTH, _FLOOR, _mixed(palette.wall, palette.fabric, 0.16))
        _box(pen, 0, 396, WIDTH, 403, _darker(palette.wall, 0.12))
    else:
        left = dice.choice((0, 860))
        _box(pen, left, 0, left + 420, _FLOOR, _mixed(palette.wall, palette.fabric, 0.28))
    _shape(pen, [(0, _FLOOR), (WIDTH, _FLOOR), (WIDTH, HEIGHT), (0, HEIGHT)], palette.floor)
    seam = _darker(palette.floor, 0.1)
    for number in range(-14, 29):
        top, bottom = number * 92, 640 + (number * 92 - 640) * 2.1
        pen.line([*_s(top, _FLOOR), *_s(bottom, HEIGHT)], fill=seam, width=2 * _SCALE)
    _box(pen, 0, _FLOOR - 14, WIDTH, _FLOOR, _lighter(palette.wall, 0.5))
    _box(pen, 0, _FLOOR, WIDTH, _FLOOR + 3, _darker(palette.floor, 0.2))


def _windows(picture: Image.Image, dice: random.Random) -> None:
    """Hang one wide or several tall windows, all with the same view."""
    sky = dice.choice(_SKIES)
    count = dice.choice((1, 2, 3))
    width = {1: 560, 2: 280, 3: 190}[count]
    gap = 46
    left = dice.choice((80, 110, 140))
    view = _view(count * width + (count - 1) * gap, 320, sky, dice)
    for number in range(count):
        x = left + number * (width + gap)
        part = view.crop(
            (
                number * (width + gap) * _SCALE,
                0,
                (number * (width + gap) + width) * _SCALE,
                320 * _SCALE,
            )
        )
        picture.paste(part, (x * _SCALE, 90 * _SCALE))
        pen = ImageDraw.Draw(picture)
        frame = "#fdfdfb"
        pen.rectangle(_s(x - 9, 81, x + width + 9, 419), outline=frame, width=9 * _SCALE)
        for bar in range(1, 1 + (2 if count == 1 else 1)):
            middle = x + bar * width / (3 if count == 1 else 2)
            pen.line([*_s(middle, 90), *_s(middle, 410)], fill=frame, width=7 * _SCALE)
        _box(pen, x - 20, 415, x + width + 20, 430, "#efece6", 3)


def _view(width: int, height: int, sky: tuple[str, str], dice: random.Random) -> Image.Image:
    """Paint what lies outside: a sky, then roofs or trees."""
    view = Image.new("RGB", (width * _SCALE, height * _SCALE))
    pen = ImageDraw.Draw(view)
    for row in range(height):
        pen.rectangle(_s(0, row, width, row + 1), fill=_mixed(*sky, row / height))
    _disc(pen, dice.uniform(0.15, 0.85) * width, 70, 62, 62, _lighter(sky[1], 0.6))
    if dice.random() < 0.55:
        _roofs(pen, width, height, dice)
    else:
        _trees(pen, width, height, dice)
    return view


def _roofs(pen: Pen, width: int, height: int, dice: random.Random) -> None:
    for tone, low in (("#a9b8c2", 120), ("#8294a1", 60)):
        x = -20.0
        while x < width:
            wide, tall = dice.uniform(50, 110), low + dice.uniform(0, 70)
            _box(pen, x, height - tall, x + wide, height, tone)
            if dice.random() < 0.5:
                roof = [
                    (x, height - tall),
                    (x + wide / 2, height - tall - 30),
                    (x + wide, height - tall),
                ]
                _shape(pen, roof, _darker(tone, 0.15))
            for row in range(int(tall // 26)):
                for column in range(int(wide // 22)):
                    if dice.random() < 0.5:
                        left, top = x + 7 + column * 22, height - tall + 10 + row * 26
                        _box(pen, left, top, left + 9, top + 13, _lighter(tone, 0.45))
            x += wide + 4


def _trees(pen: Pen, width: int, height: int, dice: random.Random) -> None:
    _box(pen, 0, height - 60, width, height, "#b9cf9f")
    for tone in ("#8fb48a", "#6d9a6f", "#4f8058"):
        for _ in range(width // 60):
            x, size = dice.uniform(0, width), dice.uniform(60, 130)
            _disc(pen, x, height - dice.uniform(20, 110), size, size * 1.15, tone)


def _wall_things(pen: Pen, palette: Palette, dice: random.Random, *, is_office: bool) -> None:
    """Hang a screen or shelves beside the windows, and a picture or two."""
    if is_office:
        _shelves(pen, palette, dice)
        return
    _box(pen, 880, 190, 1180, 366, "#20262b", 10)
    _box(pen, 890, 200, 1170, 356, _mixed("#2c3b46", palette.accent, 0.25), 4)
    for number, share in enumerate((0.9, 0.55, 0.7, 0.4)):
        bar = 905 + number * 40
        _box(pen, bar, 340 - 110 * share, bar + 26, 340, _lighter(palette.accent, 0.15 * number), 3)
    _box(pen, 1075, 225, 1150, 233, "#e8edf0", 3)
    _box(pen, 1075, 245, 1130, 253, "#9fb0bb", 3)


def _shelves(pen: Pen, palette: Palette, dice: random.Random) -> None:
    for level in range(3):
        top = 190 + level * 92
        _box(pen, 860, top + 66, 1200, top + 76, palette.wood, 2)
        x = 872.0
        while x < 1170:
            wide, tall = dice.uniform(12, 26), dice.uniform(38, 62)
            if dice.random() < 0.78:
                tone = dice.choice(
                    (palette.fabric, palette.accent, palette.wood, "#dcd6ca", "#6f7f86")
                )
                _box(
                    pen,
                    x,
                    top + 66 - tall,
                    x + wide,
                    top + 66,
                    _lighter(tone, dice.uniform(0, 0.4)),
                    2,
                )
            x += wide + 3


# --- furniture ---------------------------------------------------------------------------------


def _table(pen: Pen, palette: Palette, seats: int) -> None:
    """Set a table as long as the company is large, chairs behind, before and at its ends."""
    across = max(1, min(6, math.ceil(seats / 2)))
    length = 230 + across * 105
    left, right = (WIDTH - length) / 2, (WIDTH + length) / 2
    _disc(pen, WIDTH / 2, 700, length + 300, 190, _mixed(palette.floor, palette.accent, 0.28))
    _disc(pen, WIDTH / 2, 700, length + 240, 150, _mixed(palette.floor, palette.accent, 0.38))
    places = [left + length * (number + 0.5) / across for number in range(across)]
    for x in places:
        _chair_behind(pen, x, palette.fabric)
    _shape(pen, [(left + 46, 556), (right - 46, 556), (right, 640), (left, 640)], palette.wood)
    _shape(
        pen,
        [(left + 60, 562), (right - 60, 562), (right - 34, 616), (left + 34, 616)],
        _lighter(palette.wood, 0.1),
    )
    _box(pen, left, 640, right, 656, _darker(palette.wood), 3)
    for x in (left + 40, right - 62):
        _box(pen, x, 656, x + 22, 752, _darker(palette.wood, 0.3))
    for number, x in enumerate(places):
        _laptop_or_cup(pen, x, number, palette)
    for x in places:
        _chair_before(pen, x, palette.fabric)


def _chair_behind(pen: Pen, x: float, fabric: str) -> None:
    _box(pen, x - 36, 470, x + 36, 566, fabric, 20)
    _box(pen, x - 28, 478, x + 28, 520, _lighter(fabric, 0.12), 14)


def _chair_before(pen: Pen, x: float, fabric: str) -> None:
    _box(pen, x - 4, 735, x + 4, 784, "#3a3a3a")
    _disc(pen, x, 786, 84, 12, "#2e2e2e")
    _box(pen, x - 42, 628, x + 42, 722, _darker(fabric, 0.12), 24)
    _box(pen, x - 34, 636, x + 34, 690, fabric, 18)
    _box(pen, x - 46, 714, x + 46, 742, _darker(fabric, 0.25), 12)


def _laptop_or_cup(pen: Pen, x: float, number: int, palette: Palette) -> None:
    if number % 2 == 0:
        _shape(pen, [(x - 26, 570), (x + 26, 570), (x + 30, 602), (x - 30, 602)], "#d9dde0")
        _shape(pen, [(x - 30, 602), (x + 30, 602), (x + 34, 612), (x - 34, 612)], "#b8bfc4")
    else:
        _disc(pen, x, 600, 26, 10, "#ffffff")
        _box(pen, x - 8, 582, x + 8, 600, "#ffffff", 4)
        _disc(pen, x, 583, 16, 6, palette.wood)


def _desks(pen: Pen, palette: Palette, seats: int) -> None:
    """Stand up to four desks in a row, each with a monitor and a chair."""
    count = max(1, min(4, seats))
    width = {1: 420, 2: 360, 3: 300, 4: 240}[count]
    start = (WIDTH - count * width - (count - 1) * 30) / 2
    _disc(pen, WIDTH / 2, 730, count * width + 140, 130, _mixed(palette.floor, palette.accent, 0.3))
    for number in range(count):
        x = start + number * (width + 30)
        middle = x + width / 2
        _box(pen, middle - 76, 452, middle + 76, 546, "#23282c", 8)
        _box(
            pen,
            middle - 68,
            460,
            middle + 68,
            536,
            _mixed("#5b7c8d", palette.accent, 0.15 * number),
            4,
        )
        _box(pen, middle - 8, 546, middle + 8, 574, "#34393d")
        _box(pen, x, 574, x + width, 592, palette.wood, 4)
        for leg in (x + 14, x + width - 28):
            _box(pen, leg, 592, leg + 14, 740, _darker(palette.wood, 0.3))
        _box(pen, x + width - 96, 600, x + width - 34, 700, _lighter(palette.wood, 0.2), 4)
        _box(pen, middle - 58, 562, middle + 58, 574, "#e6e9ea", 3)
        _chair_before(pen, middle, palette.fabric)


def _lamps(pen: Pen, palette: Palette, dice: random.Random, *, count: int) -> None:
    round_shade = dice.random() < 0.5
    for number in range(count):
        x = WIDTH * (number + 1) / (count + 1)
        pen.line([*_s(x, 0), *_s(x, 130)], fill="#4a4a48", width=3 * _SCALE)
        if round_shade:
            _disc(pen, x, 160, 92, 92, _lighter(palette.accent, 0.1))
            _disc(pen, x - 12, 146, 34, 34, _lighter(palette.accent, 0.4))
        else:
            _shape(
                pen, [(x - 26, 126), (x + 26, 126), (x + 66, 186), (x - 66, 186)], palette.accent
            )
            _disc(pen, x, 186, 132, 20, _lighter(palette.accent, 0.55))


def _plant(pen: Pen, dice: random.Random, *, left: float) -> None:
    """Put a plant in a pot: leaves fanned out from one point."""
    x, base = left + 45, 640
    for number in range(11):
        angle = math.radians(-170 + number * 16 + dice.uniform(-6, 6))
        long = dice.uniform(120, 215)
        tip = (x + long * math.cos(angle) * 0.75, base + long * math.sin(angle))
        side = (math.cos(angle + 1.57) * 17, math.sin(angle + 1.57) * 17)
        middle = ((x + tip[0]) / 2, (base + tip[1]) / 2)
        leaf = [
            (x, base),
            (middle[0] + side[0], middle[1] + side[1]),
            tip,
            (middle[0] - side[0], middle[1] - side[1]),
        ]
        _shape(pen, leaf, dice.choice(("#4f7d57", "#5d9166", "#3f6b4a", "#74a578")))
    _shape(pen, [(x - 52, 640), (x + 52, 640), (x + 38, 748), (x - 38, 748)], "#d8cbb8")
    _box(pen, x - 58, 630, x + 58, 652, "#e6dccb", 6)


def _with_light(picture: Image.Image) -> Image.Image:
    """Let daylight fall from the upper left and the corners sink a little."""
    small = Image.new("L", (64, 40), 0)
    pen = ImageDraw.Draw(small)
    pen.polygon([(4, 0), (40, 0), (64, 40), (18, 40)], fill=46)
    glow = small.filter(ImageFilter.GaussianBlur(7)).resize(picture.size, Image.Resampling.BICUBIC)
    lit = Image.composite(Image.new("RGB", picture.size, "#fff6e0"), picture, glow)
    corners = Image.new("L", (64, 40), 58)
    ImageDraw.Draw(corners).ellipse((-6, -8, 70, 48), fill=0)
    shade = corners.filter(ImageFilter.GaussianBlur(9)).resize(
        picture.size, Image.Resampling.BICUBIC
    )
    return Image.composite(Image.new("RGB", picture.size, "#2a2420"), lit, shade)
