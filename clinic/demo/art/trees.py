"""Spruces as they stand in the north: narrow, ragged, in clusters of every age."""

from collections.abc import Callable
from random import Random

from clinic.demo.art.noise import fractal
from clinic.demo.art.paint import Point, Stencil
from clinic.demo.art.ridges import Line


def small_spruce(stencil: Stencil, rng: Random, x: float, foot: float, height: float, tone: int = 255) -> None:
    """A spruce seen from afar: one ragged outline."""
    half = height * rng.uniform(0.13, 0.2)
    tiers = max(4, min(14, round(height / 5)))
    lean = rng.gauss(0, 0.012) * height
    sides: list[list[Point]] = []
    for side in (-1, 1):
        edge: list[Point] = []
        for tier in range(1, tiers + 1):
            share = (tier + rng.uniform(-0.25, 0.25)) / tiers
            reach = half * share**0.85 * rng.uniform(0.65, 1.15)
            y = foot - height * (1 - share * 0.94)
            edge.append((x + lean * (1 - share) + side * reach, y))
            edge.append((x + lean * (1 - share) + side * reach * rng.uniform(0.3, 0.55), y - height / tiers * 0.1))
        sides.append(edge)
    top = (x + lean, foot - height)
    trunk = max(0.5, height * 0.015)
    base: list[Point] = [(x + trunk, foot), (x - trunk, foot)]
    stencil.shape([top, *sides[1], *base, *sides[0][::-1]], tone)


def spruce(
    stencil: Stencil,
    rng: Random,
    x: float,
    foot: float,
    height: float,
    *,
    tone: int = 255,
    tones: Stencil | None = None,
    snow: Stencil | None = None,
    girth: float = 1.0,
) -> None:
    """A spruce seen from near: trunk and single hanging branches.

    `tones`, where given, gets a shade for every branch; `snow` gets what lies on top of them.
    """
    half = height * rng.uniform(0.14, 0.19) * girth
    trunk = max(0.8, height * 0.011)
    skirt = foot - height * 0.07
    core: list[Point] = [
        (x, foot - height),
        (x + half * 0.42, skirt),
        (x + trunk, skirt),
        (x + trunk, foot),
        (x - trunk, foot),
        (x - trunk, skirt),
        (x - half * 0.42, skirt),
    ]
    stencil.shape(core, tone)
    if tones:
        tones.shape(core, 60)
    count = max(18, min(80, round(height / 3.6)))
    ragged = {side: fractal(rng, count, max(4, count / 5), 3, 0.6) for side in (-1, 1)}
    for number in range(count):
        share = (number + rng.random()) / count
        y = foot - height * (0.985 - share * 0.93)
        full = half * (share**0.75) * (1.0 if share < 0.9 else 0.85) + height * 0.008
        for side in (-1, 1):
            if rng.random() < 0.06:
                continue
            reach = full * rng.uniform(0.6, 1.08) * (1 + 0.5 * ragged[side][number])
            branch = _branch(rng, x, y + rng.uniform(-1, 1) * height / count, side * reach, height / count)
            stencil.shape(branch, tone)
            if tones:
                tones.shape(branch, rng.randint(50, 200))
            if snow and share > 0.02 and rng.random() < 0.9:
                snow.shape(_load(rng, branch), rng.randint(190, 255))


def _branch(rng: Random, x: float, y: float, reach: float, gap: float) -> list[Point]:
    """A bough that hangs and turns up a little at its tip; twigs fray its lower edge."""
    hang = abs(reach) * rng.uniform(0.12, 0.55)
    thick = gap * rng.uniform(1.5, 2.3)
    upper: list[Point] = []
    lower: list[Point] = []
    joints = 5
    for joint in range(joints + 1):
        t = joint / joints
        px = x + reach * t
        py = y + hang * (1.5 * t - 0.5 * t**3)
        upper.append((px, py))
        fray = thick * (1 - t) ** 0.7 * (0.55 if joint % 2 else 1.15) * rng.uniform(0.8, 1.2)
        lower.append((px + reach * 0.04, py + fray * (1 if joint < joints else 0)))
    return [*upper, *lower[::-1]]


def _load(rng: Random, branch: list[Point]) -> list[Point]:
    """Snow on the outer part of a bough."""
    upper = branch[: len(branch) // 2]
    lower = branch[len(branch) // 2 :][::-1]
    first = rng.randint(0, 2)
    deep = rng.uniform(0.4, 0.7)
    below = [(ux + (lx - ux) * deep, uy + (ly - uy) * deep) for (ux, uy), (lx, ly) in zip(upper, lower, strict=True)]
    return [*upper[first:], *below[first:][::-1]]


def stand(
    rng: Random,
    line: Line,
    tall: tuple[float, float],
    gap: float,
    *,
    cluster: float = 150,
    clearing: float = 0.0,
    start: float = 0,
    end: float | None = None,
) -> list[tuple[float, float, float]]:
    """Where spruces stand along a line, as (x, foot, height): groups with old trees in their middle.

    `clearing` from -1 (closed forest) to 1 (hardly a tree) says how much ground stays open.
    """
    width = len(line)
    wood = fractal(rng, width, cluster, 3)
    trees = []
    x = start - gap
    stop = width + gap if end is None else end
    while x < stop:
        x += gap * rng.uniform(0.25, 1.5)
        at = min(width - 1, max(0, int(x)))
        density = wood[at] * 2.2 - clearing
        if rng.random() > 0.5 + density:
            continue
        age = min(1.0, max(0.0, 0.3 + density * 0.45 + rng.gauss(0, 0.27)))
        height = tall[0] + (tall[1] - tall[0]) * age
        trees.append((x, line[at] + height * 0.04, height))
    return trees


def plant(
    stencil: Stencil,
    rng: Random,
    trees: list[tuple[float, float, float]],
    kind: Callable[[Stencil, Random, float, float, float], None] = small_spruce,
) -> Stencil:
    """Draw every tree of a stand on the stencil."""
    for x, foot, height in trees:
        kind(stencil, rng, x, foot, height)
    return stencil
