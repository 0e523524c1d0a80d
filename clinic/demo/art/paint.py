"""Paint: colours, gradients, masks drawn at twice their size, and grain."""

from collections.abc import Callable, Iterable, Sequence
from random import Random

from PIL import Image, ImageChops, ImageColor, ImageDraw

from clinic.demo.art.noise import speckle

Colour = tuple[int, int, int]
Point = tuple[float, float]
Stops = Sequence[tuple[float, str]]

FINE = 2
"""Masks are drawn this many times larger and then reduced, so that edges are smooth."""


def colour(name: str) -> Colour:
    """A "#rrggbb" as numbers."""
    red, green, blue = ImageColor.getrgb(name)[:3]
    return red, green, blue


def mix(first: str, second: str, share: float) -> str:
    """The colour `share` of the way from the first to the second."""
    pairs = zip(colour(first), colour(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def gradient(size: tuple[int, int], stops: Stops) -> Image.Image:
    """Colours from top to bottom; a stop is (pixels from the top, colour). Joints are rounded off."""
    width, height = size
    places = [place for place, _ in stops]
    shades = [colour(name) for _, name in stops]
    rows: list[tuple[float, ...]] = []
    at = 0
    for y in range(height):
        while at < len(places) - 2 and y > places[at + 1]:
            at += 1
        span = places[at + 1] - places[at]
        t = min(1.0, max(0.0, (y - places[at]) / span)) if span else 1.0
        rows.append(tuple(a + (b - a) * t for a, b in zip(shades[at], shades[at + 1], strict=True)))
    reach = max(1, height // 28)
    rows = [rows[0]] * reach + rows + [rows[-1]] * reach
    strip = Image.new("RGB", (1, height))
    strip.putdata([_average(rows[y : y + 2 * reach + 1]) for y in range(height)])
    return strip.resize((width, height), Image.Resampling.NEAREST)


def _average(rows: Sequence[tuple[float, ...]]) -> Colour:
    red, green, blue = (round(sum(channel) / len(rows)) for channel in zip(*rows, strict=True))
    return red, green, blue


def ramp(size: tuple[int, int], stops: Sequence[tuple[float, int]]) -> Image.Image:
    """A grey mask from top to bottom; a stop is (pixels from the top, 0 to 255)."""
    return gradient(size, [(place, f"#{grey:02x}{grey:02x}{grey:02x}") for place, grey in stops]).getchannel(0)


def under(size: tuple[int, int], line: int, stops: Sequence[tuple[float, int]]) -> Image.Image:
    """The same, but nothing above `line`: for tinting water without touching the shore."""
    mask = ramp(size, stops)
    mask.paste(0, (0, 0, size[0], line))
    return mask


def turned(mask: Image.Image) -> Image.Image:
    """A mask laid on its side: what was at the top is at the left."""
    return mask.transpose(Image.Transpose.ROTATE_90)


class Stencil:
    """A grey mask to draw on in picture coordinates, twice as fine as the picture."""

    def __init__(self, size: tuple[int, int], ground: int = 0) -> None:
        self.sheet = Image.new("L", (size[0] * FINE, size[1] * FINE), ground)
        self.pen = ImageDraw.Draw(self.sheet)

    def shape(self, points: Iterable[Point], tone: int = 255) -> None:
        self.pen.polygon([(x * FINE, y * FINE) for x, y in points], fill=tone)

    def stroke(self, points: Iterable[Point], width: float, tone: int = 255) -> None:
        fine = [(x * FINE, y * FINE) for x, y in points]
        self.pen.line(fine, fill=tone, width=max(1, round(width * FINE)), joint="curve")

    def dot(self, x: float, y: float, radius: float, tone: int = 255, flat: float = 1.0) -> None:
        tall = radius * flat
        box = ((x - radius) * FINE, (y - tall) * FINE, (x + radius) * FINE, (y + tall) * FINE)
        self.pen.ellipse(box, fill=tone)

    def mask(self) -> Image.Image:
        """What was drawn, in the picture's own size."""
        return self.sheet.reduce(FINE)


class Brush:
    """Many small strokes of many colours on a picture, each over the last, twice as fine as the picture."""

    def __init__(self, picture: Image.Image) -> None:
        self.picture = picture
        self.sheet = picture.resize((picture.width * FINE, picture.height * FINE), Image.Resampling.NEAREST)
        self.pen = ImageDraw.Draw(self.sheet)

    def shape(self, points: Iterable[Point], name: str) -> None:
        self.pen.polygon([(x * FINE, y * FINE) for x, y in points], fill=name)

    def dab(self, x: float, y: float, wide: float, tall: float, name: str) -> None:
        self.pen.ellipse(((x - wide) * FINE, (y - tall) * FINE, (x + wide) * FINE, (y + tall) * FINE), fill=name)

    def stroke(self, points: Iterable[Point], width: float, name: str) -> None:
        fine = [(x * FINE, y * FINE) for x, y in points]
        self.pen.line(fine, fill=name, width=max(1, round(width * FINE)), joint="curve")

    def done(self) -> None:
        """Put what was painted on the picture."""
        self.picture.paste(self.sheet.reduce(FINE))


def fade(mask: Image.Image, by: Image.Image | float) -> Image.Image:
    """The mask, weakened by another mask or by a share from 0 to 1."""
    if isinstance(by, float):
        return mask.point([round(value * by) for value in range(256)])
    return ImageChops.multiply(mask, by)


def wash(picture: Image.Image, name: str, mask: Image.Image, strength: float = 1.0) -> None:
    """Lay one colour over the picture through a mask."""
    picture.paste(colour(name), (0, 0, *picture.size), fade(mask, strength) if strength < 1 else mask)


def radial(curve: Callable[[float], float]) -> Image.Image:
    """A round light 512 px wide; `curve` says how bright (0 to 1) it is from middle (0) to rim (1)."""
    levels = [round(255 * curve(min(1.0, value / 255))) for value in range(256)]
    smooth = Image.radial_gradient("L").resize((512, 512), Image.Resampling.BICUBIC)
    # Pillow's own gradient only reaches 255 in the corners, so 180 at the sides.
    return smooth.point([levels[min(255, round(value * 255 / 180))] for value in range(256)])


def glow(picture: Image.Image, name: str, middle: Point, reach: Point, strength: float = 1.0) -> None:
    """Add a soft light of one colour, falling off to nothing at `reach` pixels (across, up and down)."""
    light = radial(lambda far: strength * (1 - far) ** 2.4)
    light = light.resize((round(reach[0] * 2), round(reach[1] * 2)), Image.Resampling.BICUBIC)
    mask = Image.new("L", picture.size)
    mask.paste(light, (round(middle[0] - reach[0]), round(middle[1] - reach[1])))
    layer = Image.merge("RGB", [fade(mask, part / 255) for part in colour(name)])
    picture.paste(ImageChops.screen(picture, layer))


def shade(picture: Image.Image, light: Image.Image, depth: float) -> Image.Image:
    """The picture, lighter where `light` is above 128 and darker below, by at most `depth` levels."""
    levels = [round((value - 128) * depth / 128) + 128 for value in range(256)]
    grey = light.point(levels)
    return ImageChops.add(picture, Image.merge("RGB", [grey] * 3), 1, -128)


def grain(picture: Image.Image, rng: Random, depth: int = 4) -> Image.Image:
    """Fine grain, at most `depth` levels up or down: it breaks the bands of smooth skies."""
    static = ImageChops.add(speckle(rng, picture.size), speckle(rng, picture.size), 2)
    return shade(picture, static, float(depth))
