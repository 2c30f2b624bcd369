"""What stands in a room: tables, desks, chairs, lamps and plants."""

import math
import random

from backoffice.demo.drawings.brushes import (
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


def draw_table(pen: Pen, palette: Palette, seats: int) -> None:
    """Set a table as long as the company is large, chairs behind, before and at its ends."""
    across = max(1, min(6, math.ceil(seats / 2)))
    length = 230 + across * 105
    left, right = (WIDTH - length) / 2, (WIDTH + length) / 2
    disc(pen, WIDTH / 2, 700, length + 300, 190, mixed(palette.floor, palette.accent, 0.28))
    disc(pen, WIDTH / 2, 700, length + 240, 150, mixed(palette.floor, palette.accent, 0.38))
    places = [left + length * (number + 0.5) / across for number in range(across)]
    for x in places:
        _chair_behind(pen, x, palette.fabric)
    shape(pen, [(left + 46, 556), (right - 46, 556), (right, 640), (left, 640)], palette.wood)
    shape(
        pen,
        [(left + 60, 562), (right - 60, 562), (right - 34, 616), (left + 34, 616)],
        lighter(palette.wood, 0.1),
    )
    box(pen, left, 640, right, 656, darker(palette.wood), 3)
    for x in (left + 40, right - 62):
        box(pen, x, 656, x + 22, 752, darker(palette.wood, 0.3))
    for number, x in enumerate(places):
        _laptop_or_cup(pen, x, number, palette)
    for x in places:
        _chair_before(pen, x, palette.fabric)


def _chair_behind(pen: Pen, x: float, fabric: str) -> None:
    box(pen, x - 36, 470, x + 36, 566, fabric, 20)
    box(pen, x - 28, 478, x + 28, 520, lighter(fabric, 0.12), 14)


def _chair_before(pen: Pen, x: float, fabric: str) -> None:
    box(pen, x - 4, 735, x + 4, 784, "#3a3a3a")
    disc(pen, x, 786, 84, 12, "#2e2e2e")
    box(pen, x - 42, 628, x + 42, 722, darker(fabric, 0.12), 24)
    box(pen, x - 34, 636, x + 34, 690, fabric, 18)
    box(pen, x - 46, 714, x + 46, 742, darker(fabric, 0.25), 12)


def _laptop_or_cup(pen: Pen, x: float, number: int, palette: Palette) -> None:
    if number % 2 == 0:
        shape(pen, [(x - 26, 570), (x + 26, 570), (x + 30, 602), (x - 30, 602)], "#d9dde0")
        shape(pen, [(x - 30, 602), (x + 30, 602), (x + 34, 612), (x - 34, 612)], "#b8bfc4")
    else:
        disc(pen, x, 600, 26, 10, "#ffffff")
        box(pen, x - 8, 582, x + 8, 600, "#ffffff", 4)
        disc(pen, x, 583, 16, 6, palette.wood)


def draw_desks(pen: Pen, palette: Palette, seats: int) -> None:
    """Stand up to four desks in a row, each with a monitor and a chair."""
    count = max(1, min(4, seats))
    width = {1: 420, 2: 360, 3: 300, 4: 240}[count]
    start = (WIDTH - count * width - (count - 1) * 30) / 2
    disc(pen, WIDTH / 2, 730, count * width + 140, 130, mixed(palette.floor, palette.accent, 0.3))
    for number in range(count):
        x = start + number * (width + 30)
        middle = x + width / 2
        box(pen, middle - 76, 452, middle + 76, 546, "#23282c", 8)
        box(
            pen,
            middle - 68,
            460,
            middle + 68,
            536,
            mixed("#5b7c8d", palette.accent, 0.15 * number),
            4,
        )
        box(pen, middle - 8, 546, middle + 8, 574, "#34393d")
        box(pen, x, 574, x + width, 592, palette.wood, 4)
        for leg in (x + 14, x + width - 28):
            box(pen, leg, 592, leg + 14, 740, darker(palette.wood, 0.3))
        box(pen, x + width - 96, 600, x + width - 34, 700, lighter(palette.wood, 0.2), 4)
        box(pen, middle - 58, 562, middle + 58, 574, "#e6e9ea", 3)
        _chair_before(pen, middle, palette.fabric)


def draw_lamps(pen: Pen, palette: Palette, dice: random.Random, *, count: int) -> None:
    round_shade = dice.random() < 0.5
    for number in range(count):
        x = WIDTH * (number + 1) / (count + 1)
        pen.line([*scaled(x, 0), *scaled(x, 130)], fill="#4a4a48", width=3 * SCALE)
        if round_shade:
            disc(pen, x, 160, 92, 92, lighter(palette.accent, 0.1))
            disc(pen, x - 12, 146, 34, 34, lighter(palette.accent, 0.4))
        else:
            shape(pen, [(x - 26, 126), (x + 26, 126), (x + 66, 186), (x - 66, 186)], palette.accent)
            disc(pen, x, 186, 132, 20, lighter(palette.accent, 0.55))


def draw_plant(pen: Pen, dice: random.Random, *, left: float) -> None:
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
        shape(pen, leaf, dice.choice(("#4f7d57", "#5d9166", "#3f6b4a", "#74a578")))
    shape(pen, [(x - 52, 640), (x + 52, 640), (x + 38, 748), (x - 38, 748)], "#d8cbb8")
    box(pen, x - 58, 630, x + 58, 652, "#e6dccb", 6)
