"""Draws the share picture in the look of the site: the title in a serif, over the page's picture or over the ridge.

The letters are Source Serif Pro (SIL Open Font License, beside this file), near to the serifs that the pages ask for.
"""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from math import sin
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont, ImageOps

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

    Colour = tuple[int, int, int]
    Point = tuple[float, float]

SIZE = WIDTH, HEIGHT = 1200, 630
FONT = Path(__file__).parent / "SourceSerifPro-Semibold.ttf"

# As in tokens.css: --deep, --hill, --ridge-mid and the hero's sky, sun and words.
DEEP, HILL, MIDDLE = (10, 51, 47), (13, 63, 58), (61, 112, 105)
SKY = [(0.0, (10, 51, 47)), (0.55, (20, 82, 75)), (1.0, (79, 128, 120))]
SUN, GLOW, SNOW, SOFT = (255, 184, 28), (243, 207, 150), (251, 250, 247), (203, 230, 220)
# How much of the picture the deep colour covers, from left to right; words stand where it is nearly all.
SCRIM = [(0.0, 0.95), (0.46, 0.88), (0.62, 0.6), (0.9, 0.0), (1.0, 0.0)]
SCRIM_BESIDE_TALL = [(0.0, 1.0), (0.48, 1.0), (0.7, 0.0), (1.0, 0.0)]

# The mark's two ridges: heights at even steps from left to right, counted down from its top.
MARK_FAR = (0.57, 0.52, 0.43, 0.38, 0.4, 0.46, 0.5, 0.48, 0.45, 0.48, 0.54)
MARK_NEAR = (0.74, 0.7, 0.66, 0.65, 0.68, 0.71, 0.72, 0.69, 0.65, 0.62, 0.62)

MARGIN = 72
TITLE_HEIGHT = 330
LARGEST, SMALLEST = 84, 44
LINE = 1.14
SMOOTH = 3  # shapes are drawn so many times larger and made smaller, for smooth edges


def draw(title: str, clinic_name: str, picture: Image.Image | None, focus: Point = (0.5, 0.5)) -> bytes:
    """Return the picture as JPEG; `focus` is what has to stay in view, as shares of the picture's width and height."""
    if picture is None:
        card, room = ridge(), WIDTH * 3 // 4
    else:
        card, room = beside(picture, focus), WIDTH * (4 if is_tall(picture) else 5) // 10
    brush = ImageDraw.Draw(card)
    mark(card, MARGIN, MARGIN - 12, 56)
    brush.text((MARGIN + 74, MARGIN + 16), clinic_name, SOFT, font(34), anchor="lm")
    letters, lines = fitted(title, room)
    step = letters.size * LINE
    top = (HEIGHT + 10) / 2 - step * len(lines) / 2
    for number, line in enumerate(lines):
        brush.text((MARGIN, top + step * (number + 0.5)), line, SNOW, letters, anchor="lm")
    return jpeg(card)


def plain(picture: Image.Image, focus: Point = (0.5, 0.5)) -> bytes:
    """Return a picture that an editor chose for sharing as it is, cut to shape."""
    return jpeg(ImageOps.fit(picture, SIZE, Image.Resampling.LANCZOS, centering=focus))


def beside(picture: Image.Image, focus: Point) -> Image.Image:
    """The picture over the whole card, a tall one at its right, fading into the deep colour where the words stand."""
    box, stops = ((HEIGHT, HEIGHT), SCRIM_BESIDE_TALL) if is_tall(picture) else (SIZE, SCRIM)
    card = Image.new("RGB", SIZE, DEEP)
    card.paste(ImageOps.fit(picture, box, Image.Resampling.LANCZOS, centering=focus), (WIDTH - box[0], 0))
    scrim = Image.new("L", (WIDTH, 1))
    for x in range(WIDTH):
        scrim.putpixel((x, 0), round(255 * between(stops, x / WIDTH)))
    card.paste(DEEP, (0, 0), scrim.resize(SIZE))
    return layer(card, hill(HEIGHT - 44, 18, 0.0), DEEP)


def is_tall(picture: Image.Image) -> bool:
    """True for portraits: cut to the card's breadth, they would lose the face."""
    return picture.width < picture.height * 1.3


def ridge() -> Image.Image:
    """An evening sky over three rows of mountains, as at the head of a page without a picture."""
    column = Image.new("RGB", (1, HEIGHT))
    for y in range(HEIGHT):
        column.putpixel((0, y), sky_at(y / HEIGHT))
    card = column.resize(SIZE)
    sun = Image.new("L", (WIDTH * SMOOTH, HEIGHT * SMOOTH), 0)
    ImageDraw.Draw(sun).circle((1062 * SMOOTH, 416 * SMOOTH), 42 * SMOOTH, 255)
    card.paste(GLOW, (0, 0), sun.resize(SIZE, Image.Resampling.LANCZOS))
    for foot, height, phase, colour in ((508, 46, 1.1, MIDDLE), (556, 32, 4.2, HILL), (HEIGHT - 44, 18, 0.0, DEEP)):
        card = layer(card, hill(foot, height, phase), colour)
    return card


def hill(foot: float, height: float, phase: float) -> list[Point]:
    """A quiet line of hills from the left edge to the right: slow waves with small ones on them."""
    return [
        (
            x,
            foot
            - height * (sin(x / 171 + phase) + 0.6 * sin(x / 67 + 2.3 * phase) + 0.16 * sin(x / 19 + 5 * phase)) / 1.76,
        )
        for x in range(-4, WIDTH + 8, 4)
    ]


def layer(card: Image.Image, line: list[Point], colour: Colour) -> Image.Image:
    """Fill everything below the line."""
    mask = Image.new("L", (WIDTH * SMOOTH, HEIGHT * SMOOTH), 0)
    below = [*line, (WIDTH + 8, HEIGHT), (-4, HEIGHT)]
    ImageDraw.Draw(mask).polygon([(x * SMOOTH, y * SMOOTH) for x, y in below], 255)
    card.paste(colour, (0, 0), mask.resize(SIZE, Image.Resampling.LANCZOS))
    return card


def mark(card: Image.Image, left: int, top: int, size: int) -> None:
    """The site's mark: sun and two ridges in a circle."""
    large = size * SMOOTH
    drawn = Image.new("RGB", (large, large), (15, 76, 70))
    brush = ImageDraw.Draw(drawn)
    brush.circle((large * 0.61, large * 0.375), large * 0.125, SUN)
    for heights, colour in ((MARK_FAR, (127, 163, 155)), (MARK_NEAR, SNOW)):
        line = [(large * number / (len(heights) - 1), large * y) for number, y in enumerate(heights)]
        brush.polygon([*line, (large, large), (0, large)], colour)
    circle = Image.new("L", (large, large), 0)
    ImageDraw.Draw(circle).ellipse((0, 0, large - 1, large - 1), 255)
    small, shape = (image.resize((size, size), Image.Resampling.LANCZOS) for image in (drawn, circle))
    card.paste(small, (left, top), shape)


def fitted(title: str, room: float) -> tuple[FreeTypeFont, list[str]]:
    """Return the largest letters that hold the title in its room, and its lines; the longest titles end with “…”."""
    title = " ".join(title.split())
    for size in range(LARGEST, SMALLEST - 1, -4):
        letters = font(size)
        lines = balanced(title, letters, room)
        if len(lines) * size * LINE <= TITLE_HEIGHT and max(map(letters.getlength, lines)) <= room:
            return letters, lines
    most = int(TITLE_HEIGHT / (SMALLEST * LINE))
    lines = [cut(line, letters, room) for line in lines]
    if len(lines) > most:
        lines = [*lines[: most - 1], cut(f"{lines[most - 1]}…", letters, room)]
    return letters, lines


def balanced(title: str, letters: FreeTypeFont, room: float) -> list[str]:
    """Break into as few lines as fit, of about the same length."""
    best = broken(title, letters, room)
    for width in range(int(room), int(room / 3), -20):
        tried = broken(title, letters, width)
        if len(tried) > len(best):
            break
        best = tried
    return best


def broken(title: str, letters: FreeTypeFont, room: float) -> list[str]:
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and letters.getlength(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def cut(line: str, letters: FreeTypeFont, room: float) -> str:
    """Shorten a line that no break could make fit."""
    while letters.getlength(line) > room:
        line = f"{line.rstrip('…')[:-1].rstrip()}…"
    return line


def font(size: int) -> FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


def between(stops: list[tuple[float, float]], where: float) -> float:
    """Return the value at a place between stops."""
    for (start, first), (end, last) in pairwise(stops):
        if where <= end:
            return first + (last - first) * (where - start) / (end - start)
    return stops[-1][1]


def sky_at(where: float) -> Colour:
    red, green, blue = (round(between([(at, colour[n]) for at, colour in SKY], where)) for n in range(3))
    return red, green, blue


def jpeg(card: Image.Image) -> bytes:
    file = BytesIO()
    card.save(file, "JPEG", quality=84, optimize=True, progressive=True)
    return file.getvalue()
