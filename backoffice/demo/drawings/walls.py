"""The shell of a room: wall and floor, windows with their view, and what hangs on the wall."""

import random

from PIL import Image, ImageDraw

from backoffice.demo.drawings.brushes import (
    FLOOR,
    HEIGHT,
    SCALE,
    WIDTH,
    Palette,
    Pen,
    box,
    darker,
    disc,
    lighter,
    mixed,
    scaled,
    shape,
)

_SKIES = (
    ("#bfe0f2", "#f5f9fb"),
    ("#f7d9b8", "#fdf2e2"),
    ("#9fc6e3", "#e9f3f8"),
    ("#c8d6e8", "#f2e8ec"),
)


def draw_shell(pen: Pen, palette: Palette, dice: random.Random) -> None:
    """Paint wall, a wainscot or a feature stripe, skirting and a floor of boards."""
    if dice.random() < 0.5:
        box(pen, 0, 400, WIDTH, FLOOR, mixed(palette.wall, palette.fabric, 0.16))
        box(pen, 0, 396, WIDTH, 403, darker(palette.wall, 0.12))
    else:
        left = dice.choice((0, 860))
        box(pen, left, 0, left + 420, FLOOR, mixed(palette.wall, palette.fabric, 0.28))
    shape(pen, [(0, FLOOR), (WIDTH, FLOOR), (WIDTH, HEIGHT), (0, HEIGHT)], palette.floor)
    seam = darker(palette.floor, 0.1)
    for number in range(-14, 29):
        top, bottom = number * 92, 640 + (number * 92 - 640) * 2.1
        pen.line([*scaled(top, FLOOR), *scaled(bottom, HEIGHT)], fill=seam, width=2 * SCALE)
    box(pen, 0, FLOOR - 14, WIDTH, FLOOR, lighter(palette.wall, 0.5))
    box(pen, 0, FLOOR, WIDTH, FLOOR + 3, darker(palette.floor, 0.2))


def draw_windows(picture: Image.Image, dice: random.Random) -> None:
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
                number * (width + gap) * SCALE,
                0,
                (number * (width + gap) + width) * SCALE,
                320 * SCALE,
            )
        )
        picture.paste(part, (x * SCALE, 90 * SCALE))
        pen = ImageDraw.Draw(picture)
        frame = "#fdfdfb"
        pen.rectangle(scaled(x - 9, 81, x + width + 9, 419), outline=frame, width=9 * SCALE)
        for bar in range(1, 1 + (2 if count == 1 else 1)):
            middle = x + bar * width / (3 if count == 1 else 2)
            pen.line([*scaled(middle, 90), *scaled(middle, 410)], fill=frame, width=7 * SCALE)
        box(pen, x - 20, 415, x + width + 20, 430, "#efece6", 3)


def _view(width: int, height: int, sky: tuple[str, str], dice: random.Random) -> Image.Image:
    """Paint what lies outside: a sky, then roofs or trees."""
    view = Image.new("RGB", (width * SCALE, height * SCALE))
    pen = ImageDraw.Draw(view)
    for row in range(height):
        pen.rectangle(scaled(0, row, width, row + 1), fill=mixed(*sky, row / height))
    disc(pen, dice.uniform(0.15, 0.85) * width, 70, 62, 62, lighter(sky[1], 0.6))
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
            box(pen, x, height - tall, x + wide, height, tone)
            if dice.random() < 0.5:
                roof = [
                    (x, height - tall),
                    (x + wide / 2, height - tall - 30),
                    (x + wide, height - tall),
                ]
                shape(pen, roof, darker(tone, 0.15))
            for row in range(int(tall // 26)):
                for column in range(int(wide // 22)):
                    if dice.random() < 0.5:
                        left, top = x + 7 + column * 22, height - tall + 10 + row * 26
                        box(pen, left, top, left + 9, top + 13, lighter(tone, 0.45))
            x += wide + 4


def _trees(pen: Pen, width: int, height: int, dice: random.Random) -> None:
    box(pen, 0, height - 60, width, height, "#b9cf9f")
    for tone in ("#8fb48a", "#6d9a6f", "#4f8058"):
        for _ in range(width // 60):
            x, size = dice.uniform(0, width), dice.uniform(60, 130)
            disc(pen, x, height - dice.uniform(20, 110), size, size * 1.15, tone)


def draw_wall_things(pen: Pen, palette: Palette, dice: random.Random, *, is_office: bool) -> None:
    """Hang a screen or shelves beside the windows, and a picture or two."""
    if is_office:
        _shelves(pen, palette, dice)
        return
    box(pen, 880, 190, 1180, 366, "#20262b", 10)
    box(pen, 890, 200, 1170, 356, mixed("#2c3b46", palette.accent, 0.25), 4)
    for number, share in enumerate((0.9, 0.55, 0.7, 0.4)):
        bar = 905 + number * 40
        box(pen, bar, 340 - 110 * share, bar + 26, 340, lighter(palette.accent, 0.15 * number), 3)
    box(pen, 1075, 225, 1150, 233, "#e8edf0", 3)
    box(pen, 1075, 245, 1130, 253, "#9fb0bb", 3)


def _shelves(pen: Pen, palette: Palette, dice: random.Random) -> None:
    for level in range(3):
        top = 190 + level * 92
        box(pen, 860, top + 66, 1200, top + 76, palette.wood, 2)
        x = 872.0
        while x < 1170:
            wide, tall = dice.uniform(12, 26), dice.uniform(38, 62)
            if dice.random() < 0.78:
                tone = dice.choice(
                    (palette.fabric, palette.accent, palette.wood, "#dcd6ca", "#6f7f86")
                )
                box(
                    pen,
                    x,
                    top + 66 - tall,
                    x + wide,
                    top + 66,
                    lighter(tone, dice.uniform(0, 0.4)),
                    2,
                )
            x += wide + 3
