"""Pictures of demo rooms, drawn: each room has its own colours, light, furniture and view.

The same seed draws the same picture.
"""

import io
import random

from PIL import Image, ImageDraw, ImageFilter

from backoffice.demo.drawings import furniture, walls
from backoffice.demo.drawings.brushes import HEIGHT, PALETTES, SCALE, WIDTH

__all__ = ["HEIGHT", "WIDTH", "draw"]


def draw(*, seed: str, seats: int, is_office: bool) -> bytes:
    """Draw a room for that many people and return it as JPEG, 1280 by 800."""
    dice = random.Random(seed)  # noqa: S311 - a drawing, no secret
    palette = dice.choice(PALETTES)
    picture = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), palette.wall)
    pen = ImageDraw.Draw(picture)
    walls.draw_shell(pen, palette, dice)
    walls.draw_windows(picture, dice)
    pen = ImageDraw.Draw(picture)
    walls.draw_wall_things(pen, palette, dice, is_office=is_office)
    if is_office:
        furniture.draw_desks(pen, palette, seats)
    else:
        furniture.draw_table(pen, palette, seats)
    furniture.draw_lamps(pen, palette, dice, count=1 if is_office else 2 + (seats > 8))
    furniture.draw_plant(pen, dice, left=dice.choice((70, 1120)))
    written = io.BytesIO()
    _with_light(picture.resize((WIDTH, HEIGHT), Image.Resampling.BOX)).save(
        written, "JPEG", quality=82, optimize=True
    )
    return written.getvalue()


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
