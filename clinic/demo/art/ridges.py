"""Ridge lines that look weathered, and the hills below them fading into mist."""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, pi
from random import Random

from PIL import Image, ImageFilter

from clinic.demo.art.noise import fractal
from clinic.demo.art.paint import Point, Stencil, fade, gradient, ramp, wash

Line = list[float]
"""A ridge line: its y at every pixel from the left."""


def mountains(rng: Random, width: int, anchors: Sequence[Point], rough: float = 0.2, calm: float = 0.9) -> Line:
    """Broken rock through the anchors: every stretch is halved and pushed up or down, again and again.

    `rough` is the push as a share of the stretch; `calm` is how much smaller it gets each time (1 = half).
    """
    points = list(anchors)
    push = 1.0
    while max(b[0] - a[0] for a, b in pairwise(points)) > 2:
        finer = [points[0]]
        for a, b in pairwise(points):
            span = b[0] - a[0]
            if span > 2:
                middle = a[0] + span * rng.uniform(0.42, 0.58)
                level = a[1] + (b[1] - a[1]) * (middle - a[0]) / span
                finer.append((middle, level + rng.gauss(0, 0.35) * rough * push * span))
            finer.append(b)
        points = finer
        push *= 2 ** (1 - calm)
    return _sampled(points, width)


def hills(rng: Random, width: int, anchors: Sequence[Point], rough: float = 6, cell: float = 160) -> Line:
    """Worn, rolling ground through the anchors, uneven by about `rough` pixels."""
    noise = fractal(rng, width, cell, 6, 0.45)
    line: Line = []
    at = 0
    for x in range(width):
        while at < len(anchors) - 2 and x > anchors[at + 1][0]:
            at += 1
        (x0, y0), (x1, y1) = anchors[at], anchors[at + 1]
        t = min(1.0, max(0.0, (x - x0) / (x1 - x0)))
        line.append(y0 + (y1 - y0) * (1 - cos(pi * t)) / 2 + rough * 2 * noise[x])
    return line


def _sampled(points: Sequence[Point], width: int) -> Line:
    line: Line = []
    at = 0
    for x in range(width):
        while at < len(points) - 2 and x > points[at + 1][0]:
            at += 1
        (x0, y0), (x1, y1) = points[at], points[at + 1]
        line.append(y0 + (y1 - y0) * (x - x0) / (x1 - x0))
    return line


def below(stencil: Stencil, line: Line, foot: float) -> None:
    """Fill everything from the line down to the foot."""
    last = len(line)
    stencil.shape([*enumerate(line), (last, line[-1]), (last, foot), (0, foot)])


def ridge(
    picture: Image.Image, line: Line, top: str, base: str, foot: float, stencil: Stencil | None = None
) -> Image.Image:
    """Paint a ridge, dark at its crest and paler towards `foot`; returns its mask.

    A stencil that already holds trees can be given; the ground is added to it.
    """
    width, height = picture.size
    stencil = stencil or Stencil(picture.size)
    below(stencil, line, height)
    mask = stencil.mask()
    picture.paste(gradient((width, height), [(min(line), top), (foot, base)]), (0, 0), mask)
    return mask


def summits(line: Line, window: int) -> list[int]:
    """Where the line is at its highest within `window` pixels on either side."""
    found: list[int] = []
    for x in range(2, len(line) - 2, 2):
        near = line[max(0, x - window) : x + window + 1]
        if line[x] <= min(near) and (not found or x - found[-1] > window / 2):
            found.append(x)
    return found


def facets(rng: Random, line: Line, foot: float, size: tuple[int, int], window: int, lean: float) -> Image.Image:
    """The shaded sides of the mountains: one facet from every summit down a wandering spur.

    `lean` is where the shade lies: positive to the right of the summits, negative to the left.
    """
    stencil = Stencil(size)
    peaks = summits(line, window)
    side = 1 if lean > 0 else -1
    edges = [0, *peaks, len(line) - 1]
    for number, peak in enumerate(peaks):
        other = edges[number + 1 + side]
        low, high = sorted((peak, other))
        valley = max(range(low, high + 1), key=line.__getitem__)
        spur = _descent(rng, (peak, line[peak]), foot, 0.35 * lean)
        gully = _descent(rng, (valley, line[valley]), foot, -0.15 * lean)
        crest = range(peak, valley + side, side)
        stencil.shape([*spur[::-1], *((i, line[i]) for i in crest), *gully])
    return stencil.mask()


def _descent(rng: Random, start: Point, foot: float, lean: float) -> list[Point]:
    """A way down the mountain that wanders, on the whole towards `lean`."""
    x, y = start
    way = [start]
    drift = lean
    while y < foot:
        step = rng.uniform(2, 11)
        if rng.random() < 0.4:
            drift = lean + rng.gauss(0, 0.55)
        x += drift * step
        y += step
        way.append((x, y))
    return way


def lit(
    picture: Image.Image,
    mask: Image.Image,
    rng: Random,
    line: Line,
    foot: float,
    name: str,
    *,
    lean: float = 0.5,
    strength: float = 0.5,
    windows: Sequence[int] = (60, 18),
) -> None:
    """Lay the shade of large and small facets over a ridge already painted, fading towards its foot."""
    top = min(line)
    falling = ramp(picture.size, [(top, 255), (top + (foot - top) * 0.45, 190), (foot, 0)])
    for window in windows:
        shaded = facets(rng, line, foot, picture.size, window, lean).filter(ImageFilter.BoxBlur(1))
        wash(picture, name, fade(fade(shaded, mask), falling), strength)
        strength *= 0.6
