"""September: a valley of golden birches and dark spruces, white trunks near by."""

from itertools import pairwise
from math import cos, pi, sin
from random import Random

from PIL import Image

from clinic.demo.art.noise import clouds, fractal, seeded
from clinic.demo.art.paint import Brush, Point, Stencil, glow, gradient, grain, mix, ramp, wash
from clinic.demo.art.ridges import hills, lit, mountains, ridge
from clinic.demo.art.sky import sky, streaks
from clinic.demo.art.trees import plant, stand

SIZE = (1600, 900)
GOLDS = ("#e8b13a", "#d99a2b", "#f2c859", "#c98a2c", "#e0a233", "#b9862f")


def autumn_birch() -> Image.Image:
    """A yellow valley under a mountain with new snow, seen between white birch trunks."""
    rng = seeded("autumn birch")
    picture = sky(
        rng,
        SIZE,
        [
            (0, "#6b93b0"),
            (170, "#9bb5c0"),
            (310, "#cdd0c6"),
            (420, "#efdcb6"),
            (500, "#f6dca6"),
            (560, "#f3d49c"),
        ],
    )
    streaks(picture, rng, "#fbf0d8", (20, 360), 0.75, 130)
    glow(picture, "#ffe3a0", (1050, 440), (760, 280), 0.5)
    far = mountains(
        rng,
        1600,
        [
            (0, 420),
            (200, 372),
            (330, 392),
            (520, 300),
            (640, 240),
            (730, 290),
            (820, 268),
            (960, 372),
            (1120, 412),
            (1300, 360),
            (1440, 392),
            (1600, 350),
        ],
        0.32,
        0.98,
    )
    mask = ridge(picture, far, "#8d92aa", "#d5c0a8", 560)
    lit(picture, mask, rng, far, 540, "#6c7698", lean=-0.5, strength=0.5, windows=(50, 20))
    middle = hills(rng, 1600, [(0, 430), (260, 470), (620, 505), (900, 500), (1240, 440), (1600, 400)], 12)
    woods = plant(Stencil(SIZE), rng, stand(rng, middle, (5, 15), 3.2, clearing=-0.5))
    ridge(picture, middle, "#7a8478", "#c9ad72", 600, woods)
    _valley(picture, rng)
    wash(picture, "#f1dcb0", ramp(SIZE, [(500, 0), (540, 150), (590, 105), (720, 0)]), 0.85)
    glow(picture, "#ffdf98", (1040, 520), (900, 260), 0.3)
    _foreground(picture, rng)
    return grain(picture, rng)


def _valley(picture: Image.Image, rng: Random) -> None:
    """The valley floor: ground, river, and crown upon crown from the far side to the near."""
    floor = hills(rng, 1600, [(0, 505), (330, 540), (760, 562), (1120, 545), (1600, 490)], 5)
    ridge(picture, floor, "#c3a25a", "#8d7a3e", 820)
    river = Stencil(SIZE)
    left: list[Point] = []
    right: list[Point] = []
    for step in range(81):
        t = step / 80
        x, half = _bend(t), 3 + 92 * t**1.7
        left.append((x - half, 566 + 340 * t**1.5))
        right.append((x + half, 566 + 340 * t**1.5))
    river.shape([*left, *right[::-1]])
    water = river.mask()
    picture.paste(
        gradient(SIZE, [(560, "#f5e3b8"), (650, "#c3cbc0"), (780, "#7f9fae"), (900, "#557c92")]), (0, 0), water
    )
    mixture = clouds(rng, (160, 90), (22, 7), 3)
    near_water = water.resize((400, 225), Image.Resampling.BILINEAR)
    brush = Brush(picture)
    y = 494.0
    while y < 900:
        near = (y - 494) / 406
        size = 2.6 + 22 * near**1.25
        x = -20.0
        while x < 1620:
            x += size * rng.uniform(0.5, 1.5)
            foot = y + rng.uniform(-0.6, 0.6) * size
            at = min(1599, max(0, round(x))), min(899, round(foot))
            if foot < floor[at[0]] + 2 or _value(near_water, at[0] // 4, at[1] // 4) > 40:
                continue
            kind = _value(mixture, at[0] // 10, at[1] // 10) + rng.gauss(0, 14)
            if kind > 146:
                _conifer(brush, rng, x, foot, size * rng.uniform(2.0, 4.2), near)
            elif kind > 74:
                _crown(brush, rng, x, foot, size * rng.uniform(0.8, 1.3), near)
        y += size * 0.5
    brush.done()


def _value(mask: Image.Image, x: int, y: int) -> int:
    return mask.crop((x, y, x + 1, y + 1)).tobytes()[0]


def _bend(t: float) -> float:
    knots = [(0.0, 930.0), (0.16, 1090.0), (0.36, 760.0), (0.66, 960.0), (1.0, 800.0)]
    for (t0, x0), (t1, x1) in pairwise(knots):
        if t <= t1:
            s = (t - t0) / (t1 - t0)
            return x0 + (x1 - x0) * s * s * (3 - 2 * s)
    return knots[-1][1]


def _crown(brush: Brush, rng: Random, x: float, foot: float, size: float, near: float) -> None:
    """A birch from afar: a tall rounded crown, shaded below, lit from the left."""
    gold = mix("#d8bd84", rng.choice(GOLDS), 0.35 + 0.65 * near)
    wide, tall = size * 0.6, size * 1.05
    middle = foot - tall * 0.85
    brush.dab(x, middle, wide * 0.8, tall * 0.75, mix(gold, "#6f5526", 0.5))
    sprays = round(4 + 38 * near)
    spray = wide * (0.5 - 0.3 * min(1.0, near * 2))
    for number in range(sprays):
        lit = number / sprays
        angle, far = rng.uniform(0, 2 * pi), rng.random() ** 0.6
        px = x + wide * far * cos(angle) - wide * 0.2 * lit
        py = middle + tall * 0.86 * far * sin(angle) - tall * 0.22 * lit
        leaf = mix(mix(gold, "#7a5b26", 0.45), mix(gold, "#fff0b4", 0.38), 0.75 * lit + 0.25 * rng.random())
        brush.dab(px, py, spray * rng.uniform(0.7, 1.2), spray * rng.uniform(0.5, 0.9), leaf)


def _conifer(brush: Brush, rng: Random, x: float, foot: float, tall: float, near: float) -> None:
    dark = mix("#6d7b66", "#1f3f36", 0.3 + 0.7 * near)
    half = tall * 0.15
    edge: list[Point] = [(x, foot - tall)]
    back: list[Point] = []
    tiers = 7
    for tier in range(1, tiers + 1):
        t = tier / tiers
        y = foot - tall * (1 - t)
        edge += [(x + half * t * rng.uniform(0.8, 1.2), y), (x + half * t * 0.55, y - tall * 0.02)]
        back += [(x - half * t * rng.uniform(0.8, 1.2), y), (x - half * t * 0.55, y - tall * 0.02)]
    brush.shape([*edge, *back[::-1]], dark)


def _foreground(picture: Image.Image, rng: Random) -> None:
    """Near ground with red dwarf birch, and trunks to the left and right."""
    line = hills(rng, 1600, [(0, 800), (330, 850), (760, 905), (1180, 890), (1600, 812)], 8)
    brush = Brush(picture)
    trunks = (
        (58, 30, 20),
        (165, 20, -16),
        (238, 13, 26),
        (1398, 12, -22),
        (1436, 17, -30),
        (1508, 27, 14),
        (1582, 19, -8),
    )
    for x, breadth, lean in trunks:
        _birch(brush, rng, float(x), line[x] + 46, float(breadth), float(lean))
    brush.done()
    ridge(picture, line, "#6b4526", "#33281c", 900)
    brush = Brush(picture)
    for _ in range(3600):
        x = rng.randrange(1600)
        y = line[x] + 95 * rng.random() ** 1.5 - 7
        shrub = rng.choice(("#a8482c", "#b9562c", "#8a3a2c", "#c98432", "#6d4a27", "#55381f", "#7a3426"))
        size = rng.uniform(1.2, 3.4)
        brush.shape(
            [(x - size, y), (x + rng.uniform(-1, 1), y - size * 1.5), (x + size, y - size * 0.3), (x, y + size)], shrub
        )
    _leaves(brush, rng)
    brush.done()


def _birch(brush: Brush, rng: Random, x: float, foot: float, breadth: float, lean: float) -> None:
    """A white trunk with dark marks, running out of the picture at the top."""
    sway = fractal(rng, 120, 46, 3)
    spine = [(x + lean * step / 119 + 9 * sway[step], foot - (foot + 20) * step / 119) for step in range(120)]
    half = [breadth / 2 * (1.15 - 0.5 * step / 119) for step in range(120)]
    for share, name in ((1.0, "#a79f9a"), (0.72, "#d9d1c4"), (0.4, "#f3ecdc")):
        shift = -(1 - share) * 0.55
        left = [(px + h * (shift - share), py) for (px, py), h in zip(spine, half, strict=True)]
        right = [(px + h * (shift + share), py) for (px, py), h in zip(spine, half, strict=True)]
        brush.shape([*left, *right[::-1]], name)
    for _ in range(round(46 + breadth)):
        step = rng.randrange(119)
        (px, py), h = spine[step], half[step]
        side = rng.choice((-1, 1))
        long = h * rng.uniform(0.3, 1.1)
        start = px + side * h
        brush.shape(
            [
                (start, py - rng.uniform(0.6, 2.2)),
                (start - side * long, py + rng.uniform(-1, 1)),
                (start, py + rng.uniform(0.6, 2.6)),
            ],
            "#4a413d",
        )
    for _ in range(4):
        step = rng.randrange(62, 116)
        (px, py), h = spine[step], half[step]
        brush.shape(
            [(px - h, py + h * 0.3), (px - h * 0.1, py - h * 0.35), (px + h * 0.6, py + h * 0.3), (px, py + h * 0.1)],
            "#4a413d",
        )
        side = rng.choice((-1, 1))
        reach = rng.uniform(40, 110)
        bow = rng.uniform(0.1, 0.6)
        for part, (first, last) in enumerate(((0.0, 0.4), (0.35, 0.75), (0.7, 1.0))):
            steps = [first + (last - first) * knot / 4 for knot in range(5)]
            twig = [(px + side * reach * t, py - reach * (1.0 * t - bow * t * t)) for t in steps]
            brush.stroke(twig, max(0.6, h * (0.2 - 0.07 * part)), "#5a4c46")


def _leaves(brush: Brush, rng: Random) -> None:
    """Golden leaves in hanging clusters across the upper corners."""
    clusters = []
    for _ in range(150):
        side = rng.random() < 0.5
        far = abs(rng.gauss(0, 0.5))
        x = 330 * far - 20 if side else 1620 - 320 * far
        y = (1 - min(1, far)) * 470 * rng.random() ** 1.3 - 10
        clusters.append((x, y))
    for x, y in clusters:
        warm = rng.random()
        for _ in range(rng.randint(14, 34)):
            px, py = x + rng.gauss(0, 24), y + rng.gauss(0, 17)
            size = rng.uniform(3.2, 6.4)
            turn = rng.uniform(-0.7, 0.7)
            gold = mix(rng.choice(GOLDS), "#fff0b0" if warm > 0.6 else "#a8702a", rng.uniform(0, 0.4))
            tip = (px + size * turn, py + size)
            brush.shape([(px, py - size * 0.8), (px + size * 0.6, py), tip, (px - size * 0.6, py + size * 0.1)], gold)
