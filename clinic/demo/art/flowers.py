"""Fireweed: a slope of it far off, single tall spikes near by."""

from math import cos, pi, sin
from random import Random

from PIL import Image

from clinic.demo.art.noise import clouds, contrast
from clinic.demo.art.paint import Point, Stencil, fade, gradient, mix, ramp, wash
from clinic.demo.art.ridges import below, hills


def fireweed_field(picture: Image.Image, rng: Random) -> None:
    """A meadow falling to the right: a magenta haze, then rows of spikes growing towards the viewer."""
    size = picture.size
    edge = hills(rng, size[0], [(0, 618), (380, 668), (800, 716), (1200, 740), (1600, 716)], 7)
    ground = Stencil(size)
    below(ground, edge, size[1])
    meadow = gradient(size, [(610, "#8f7f63"), (700, "#6d7350"), (800, "#3f5f41"), (900, "#234a38")])
    haze = contrast(clouds(rng, size, (150, 22), 4, 0.6), 96, 160)
    wash(meadow, "#c4568f", fade(haze, ramp(size, [(600, 230), (740, 150), (900, 60)])), 0.85)
    picture.paste(meadow, (0, 0), ground.mask())
    rows = 11
    for row in range(rows):
        near = row / (rows - 1)
        _row(picture, rng, edge, near)


def _row(picture: Image.Image, rng: Random, edge: list[float], near: float) -> None:
    size = picture.size
    tall = 10 + 300 * near**2.1
    down = 6 + 320 * near**1.4
    stems, petals, lights, buds = Stencil(size), Stencil(size), Stencil(size), Stencil(size)
    x = -20.0
    gap = 2.4 + 44 * near**1.5
    while x < size[0] + 20:
        x += gap * rng.uniform(0.3, 1.7)
        at = min(size[0] - 1, max(0, int(x)))
        foot = edge[at] + down + rng.gauss(0, 0.12) * tall
        height = tall * rng.uniform(0.6, 1.15)
        if tall < 42:
            _distant(stems, petals, rng, x, foot, height)
        else:
            _plant(stems, petals, lights, buds, rng, (x, foot), height)
    green = mix("#6f7d52", "#163d2d", near)
    wash(picture, green, stems.mask())
    wash(picture, mix("#c97a9c", "#ab2069", near), petals.mask())
    if tall >= 42:
        wash(picture, mix("#eaa6c0", "#e0649f", near), lights.mask(), 0.85)
        wash(picture, mix("#9c3a70", "#7d1650", near), buds.mask())


def _distant(stems: Stencil, petals: Stencil, rng: Random, x: float, foot: float, height: float) -> None:
    half = height * 0.09
    stems.shape([(x - half * 0.5, foot), (x + half * 0.5, foot), (x, foot - height * 0.6)])
    top = foot - height
    middle = foot - height * rng.uniform(0.4, 0.5)
    petals.shape(
        [(x, top), (x + half, middle - height * 0.12), (x + half * 0.5, middle), (x - half, middle - height * 0.06)]
    )


def _plant(
    stems: Stencil, petals: Stencil, lights: Stencil, buds: Stencil, rng: Random, root: Point, height: float
) -> None:
    """One plant: a bending stem, narrow leaves, flowers below, buds to the tip."""
    x, foot = root
    bend = rng.gauss(0, 0.07) * height

    def stem(t: float) -> Point:
        return x + bend * t * t, foot - height * t

    stems.stroke([stem(t / 12) for t in range(12)], max(0.9, height * 0.008))
    for leaf in range(round(12 + height / 14)):
        t = 0.02 + 0.5 * rng.random()
        px, py = stem(t)
        side = 1 if leaf % 2 else -1
        reach = height * rng.uniform(0.08, 0.15) * (1.1 - t)
        rise = reach * rng.uniform(0.1, 0.8)
        wide = reach * 0.11
        tip = (px + side * reach, py - rise)
        middle = (px + side * reach * 0.45, py - rise * 0.75)
        stems.shape([(px, py), (middle[0], middle[1] - wide), tip, (middle[0], middle[1] + wide)])
    first = rng.uniform(0.42, 0.5)
    bloom = rng.uniform(0.74, 0.84)
    t = first
    while t < bloom:
        spread = height * (0.046 - 0.022 * (t - first) / (bloom - first))
        for _ in range(3):
            px, py = stem(t + rng.uniform(-0.012, 0.012))
            _flower(
                petals,
                lights,
                rng,
                px + rng.uniform(-1, 1) * spread,
                py + rng.uniform(-0.2, 0.5) * spread,
                height * 0.0165,
            )
        t += 0.0165
    while t < 0.995:
        px, py = stem(t)
        reach = height * 0.034 * (1.03 - t) / (1.03 - bloom)
        for side in (-1, 1):
            long = reach * rng.uniform(0.7, 1.2)
            tip = (px + side * long, py + long * rng.uniform(-0.2, 0.5))
            buds.stroke([(px, py), tip], max(0.8, height * 0.007))
        t += 0.019
    buds.stroke([stem(bloom), stem(1.0)], max(0.8, height * 0.006))


def _flower(petals: Stencil, lights: Stencil, rng: Random, x: float, y: float, size: float) -> None:
    turn = rng.random()
    for petal in range(4):
        angle = pi * (petal + turn) / 2
        px, py = x + size * 0.6 * cos(angle), y + size * 0.5 * sin(angle)
        petals.dot(px, py, size * 0.58, 255, 0.8)
        if rng.random() < 0.45:
            lights.dot(px - size * 0.14, py - size * 0.16, size * 0.4, rng.randint(110, 255), 0.7)
