"""Seeded chance: lines and clouds that look grown and come out the same on every machine."""

from math import floor
from random import Random

from PIL import Image, ImageChops


def seeded(seed: str) -> Random:
    """Chance that is always the same for the same words."""
    return Random(seed)  # noqa: S311 - it scatters trees and keeps no secret


def fractal(rng: Random, length: int, cell: float, octaves: int = 5, gain: float = 0.5) -> list[float]:
    """One value a pixel, about -1 to 1: gradient noise whose largest waves are `cell` pixels long."""
    total = [0.0] * length
    weight, span, sum_of_weights = 1.0, cell, 0.0
    for _ in range(octaves):
        shift = rng.random()
        slopes = [rng.uniform(-2, 2) for _ in range(int(length / span) + 3)]
        for x in range(length):
            place = x / span + shift
            knot = floor(place)
            t = place - knot
            fade = t * t * t * (t * (6 * t - 15) + 10)
            left, right = slopes[knot] * t, slopes[knot + 1] * (t - 1)
            total[x] += weight * (left + (right - left) * fade)
        sum_of_weights += weight
        weight *= gain
        span /= 2
        if span < 2:
            break
    return [value / sum_of_weights for value in total]


def speckle(rng: Random, size: tuple[int, int]) -> Image.Image:
    """Grey static: every pixel its own shade."""
    return Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))


def clouds(
    rng: Random, size: tuple[int, int], cell: tuple[float, float], octaves: int = 4, gain: float = 0.5
) -> Image.Image:
    """Soft grey clouds around 128, the largest `cell` pixels wide and high; long cells make streaks."""
    wide, high = cell
    cloud: Image.Image | None = None
    weight, total = 1.0, 0.0
    for _ in range(octaves):
        knots = (max(2, round(size[0] / wide) + 2), max(2, round(size[1] / high) + 2))
        layer = speckle(rng, knots).resize(size, Image.Resampling.BICUBIC)
        total += weight
        cloud = layer if cloud is None else Image.blend(cloud, layer, weight / total)
        weight *= gain
        wide, high = max(wide / 2, 1.5), max(high / 2, 1.5)
    if cloud is None:
        raise ValueError("Clouds need at least one octave.")
    return cloud


def contrast(picture: Image.Image, low: int, high: int) -> Image.Image:
    """Stretch a grey picture so that `low` becomes black and `high` white, with soft ends."""

    def curve(value: int) -> float:
        t = min(1.0, max(0.0, (value - low) / (high - low)))
        return 255 * t * t * (3 - 2 * t)

    return picture.point([round(curve(value)) for value in range(256)])


def relief(height: Image.Image, shift: tuple[int, int], strength: float = 1.0) -> Image.Image:
    """Light and shade of a height picture lit from the upper left; flat is 128. A larger `shift` looks softer."""
    right, down = shift
    slope = ImageChops.subtract(height, ImageChops.offset(height, right, down), 1 / strength, 128)
    # What wrapped around to the left and the top has no meaning and is cut off.
    return slope.crop((right, down, *height.size)).resize(height.size, Image.Resampling.BILINEAR)
