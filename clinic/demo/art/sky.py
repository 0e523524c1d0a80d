"""Skies: the sun and its light, stars, thin clouds and the aurora."""

from math import exp, sin
from random import Random

from PIL import Image, ImageChops, ImageFilter

from clinic.demo.art.noise import clouds, contrast, fractal
from clinic.demo.art.paint import Colour, Point, Stencil, Stops, colour, fade, glow, gradient, mix, ramp, shade, wash


def sky(rng: Random, size: tuple[int, int], stops: Stops, unevenness: float = 5) -> Image.Image:
    """A graded sky, very slightly uneven as air is."""
    return shade(gradient(size, stops), clouds(rng, size, (900, 260), 3), unevenness)


def sun(picture: Image.Image, middle: Point, radius: float, disc: str, light: str, reach: float) -> None:
    """A low sun: a wide light, a narrow one, and the disc."""
    glow(picture, light, middle, (reach * 1.5, reach), 0.75)
    glow(picture, disc, middle, (reach * 0.4, reach * 0.4), 0.6)
    stencil = Stencil(picture.size)
    stencil.dot(*middle, radius)
    wash(picture, disc, stencil.mask())


def streaks(picture: Image.Image, rng: Random, name: str, band: Point, strength: float, threshold: int = 128) -> None:
    """Thin level clouds between two heights."""
    top, foot = band
    veil = contrast(clouds(rng, picture.size, (760, 46), 5, 0.55), threshold, threshold + 70)
    where = ramp(picture.size, [(top, 0), ((top + foot) / 2, 255), (foot, 0)])
    wash(picture, name, fade(veil, where), strength)


def stars(picture: Image.Image, rng: Random, count: int, foot: float) -> None:
    """Stars, thinning out towards the horizon."""
    stencil = Stencil(picture.size)
    for _ in range(count):
        y = foot * rng.random() ** 1.4
        bright = rng.random() ** 3
        stencil.dot(rng.uniform(0, picture.width), y, 0.35 + 0.9 * bright, round(70 + 185 * bright))
    wash(picture, "#eaf4f4", stencil.mask())


def curtain(
    rng: Random,
    size: tuple[int, int],
    path: tuple[float, float, float, float],
    tall: float,
    low: str,
    high: str,
    bright: float,
) -> Image.Image:
    """One aurora curtain as light to be added: rays standing on a folded path.

    `path` is (x at the start, y at the start, x at the end, y at the end); where folds overlap it is brighter.
    """
    width, height = size[0] // 2, size[1] // 2
    light = Image.new("RGB", (width, height))
    steps = 1500
    rays = fractal(rng, steps, 70, 6, 0.75)
    swell = fractal(rng, steps, 420, 3)
    folds = fractal(rng, steps, 330, 3, 0.5)
    rise = fractal(rng, steps, 380, 3, 0.5)
    columns = _columns(round(tall / 2), low, high)
    x0, y0, x1, y1 = (value / 2 for value in path)
    places = [x0 + (x1 - x0) * step / steps + folds[step] * 110 for step in range(steps)]
    for step in range(1, steps):
        t = step / steps
        ends = min(1.0, t * 4, (1 - t) * 4)
        # Where the curtain is seen edge-on many rays share a place; they are dimmed, not burnt out.
        spread = min(1.6, 0.22 + abs(places[step] - places[step - 1]) * 1.5)
        force = ends * bright * spread * max(0.0, 0.36 + 0.95 * rays[step] + 0.9 * swell[step])
        level = min(len(columns) - 1, int(force * len(columns)))
        if level < 1:
            continue
        column = columns[level]
        x = round(places[step])
        y = round(y0 + (y1 - y0) * t + rise[step] * 70 + 14 * sin(t * 9)) - column.height
        box = (x, y, x + 2, y + column.height)
        light.paste(ImageChops.add(light.crop(box), column), box)
    soft = light.filter(ImageFilter.GaussianBlur(1.6))
    return soft.resize(size, Image.Resampling.BICUBIC)


def _columns(tall: int, low: str, high: str) -> list[Image.Image]:
    """Rays from dark to bright: a sharp lower edge, long fading upwards from one colour to the other."""
    levels = []
    for level in range(24):
        shades: list[Colour] = []
        for y in range(tall):
            up = (tall - y) / tall
            power = (1 - exp(-up * 30)) * (exp(-up * 4.2) - exp(-4.2)) * level / 23
            red, green, blue = colour(mix(low, high, min(1.0, max(0.0, (up - 0.12) / 0.4))))
            shades += [(round(red * power), round(green * power), round(blue * power))] * 2
        column = Image.new("RGB", (2, tall))
        column.putdata(shades)
        levels.append(column)
    return levels
