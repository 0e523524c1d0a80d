"""River ice: a winter river in braids, full of floes, at dusk."""

from itertools import pairwise
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageChops, ImageFilter

from clinic.demo.art.noise import clouds, fractal, relief, seeded
from clinic.demo.art.paint import Point, Stencil, fade, gradient, grain, mix, shade, wash
from clinic.demo.art.ridges import below, hills, lit, mountains, ridge
from clinic.demo.art.sky import sky, streaks
from clinic.demo.art.trees import plant, spruce, stand

SIZE = (1600, 900)


def river_ice() -> Image.Image:
    """A river in braids between snow bars, floes drifting, pink and blue after sunset."""
    rng = seeded("river ice")
    far_shore = 470
    picture = sky(
        rng,
        SIZE,
        [
            (0, "#4f74a6"),
            (140, "#86a0c4"),
            (260, "#bfb7d0"),
            (350, "#ecc4cb"),
            (430, "#f7d3c4"),
            (470, "#f8dcc8"),
        ],
    )
    streaks(picture, rng, "#f7c6cc", (40, 330), 0.7, 134)
    far = mountains(
        rng,
        1600,
        [
            (0, 350),
            (140, 310),
            (300, 372),
            (460, 395),
            (600, 352),
            (740, 300),
            (860, 352),
            (960, 330),
            (1120, 405),
            (1300, 385),
            (1450, 330),
            (1600, 372),
        ],
        0.34,
        0.95,
    )
    mask = ridge(picture, far, "#c3c4dc", "#e5cbd3", 480)
    lit(picture, mask, rng, far, 470, "#7f92bd", lean=0.6, strength=0.75, windows=(50, 22, 10))
    middle = mountains(
        rng,
        1600,
        [
            (0, 400),
            (200, 372),
            (420, 430),
            (700, 455),
            (980, 440),
            (1230, 395),
            (1400, 418),
            (1600, 372),
        ],
        0.2,
        1.1,
    )
    mask = ridge(picture, middle, "#8393b5", "#c2bacd", 500)
    lit(picture, mask, rng, middle, 480, "#5f75a2", lean=0.6, strength=0.5)
    bank = hills(rng, 1600, [(0, 450), (300, 462), (800, 468), (1250, 460), (1600, 444)], 2)
    trees = plant(Stencil(SIZE), rng, stand(rng, bank, (7, 34), 3.6, clearing=-0.35))
    ridge(picture, bank, "#3f5576", "#8794b2", 480, trees)
    _snowfield(picture, rng, far_shore)
    river = _river(rng, far_shore)
    picture.paste(
        gradient(
            SIZE,
            [
                (far_shore, "#f3cfc6"),
                (530, "#d9b3c4"),
                (620, "#9a9cc4"),
                (740, "#5d78ab"),
                (900, "#34578c"),
            ],
        ),
        (0, 0),
        river,
    )
    _floes(picture, rng, river, far_shore)
    _groves(picture, rng)
    return grain(picture, rng)


def _snowfield(picture: Image.Image, rng: Random, top: int) -> None:
    """Level snow from the far shore to the viewer, drifted by the wind."""
    snow = gradient(SIZE, [(top, "#f0dfe2"), (560, "#d9d6e6"), (720, "#bcc8e2"), (900, "#9db1d6")])
    drifts = relief(clouds(rng, SIZE, (420, 60), 4, 0.5), (5, 5), 2.2)
    snow = shade(snow, drifts, 24)
    stencil = Stencil(SIZE)
    below(stencil, [float(top)] * SIZE[0], SIZE[1])
    picture.paste(snow, (0, 0), stencil.mask())


def _course(y: float, top: float) -> tuple[float, float]:
    """The middle and half the breadth of the river at a height of the picture."""
    near = max(0.0, (y - top) / (SIZE[1] - top))
    knots = [(0.0, 930.0, 10.0), (0.1, 1010.0, 70.0), (0.28, 900.0, 230.0), (0.6, 830.0, 480.0), (1.1, 760.0, 930.0)]
    for (t0, x0, half0), (t1, x1, half1) in pairwise(knots):
        if near <= t1:
            t = (near - t0) / (t1 - t0)
            ease = t * t * (3 - 2 * t)
            return x0 + (x1 - x0) * ease, half0 + (half1 - half0) * t
    return knots[-1][1:]


def _river(rng: Random, top: int) -> Image.Image:
    """Where open water runs: broad, parted into braids by bars of snow, seen in perspective."""
    stencil = Stencil(SIZE)
    banks: list[list[Point]] = [[], []]
    for bank, side in zip(banks, (-1, 1), strict=True):
        ragged = fractal(rng, SIZE[1] + 40 - top, 70, 6, 0.6)
        for step, push in enumerate(ragged):
            y = float(top + step)
            middle, half = _course(y, top)
            bank.append((middle + side * half * (1 + 0.34 * push), y))
    stencil.shape([*banks[0], *banks[1][::-1]])
    bars = [
        (489, 14, -0.1, 0.3),
        (513, 26, 0.46, 0.18),
        (543, 40, -0.4, 0.27),
        (578, 44, 0.28, 0.26),
        (648, 66, -0.24, 0.15),
        (726, 96, -0.78, 0.17),
        (800, 120, 0.66, 0.17),
    ]
    for middle_y, tall, place, breadth in bars:
        edges: list[list[Point]] = [[], []]
        for edge, side in zip(edges, (-1, 1), strict=True):
            ragged = fractal(rng, 80, 26, 4, 0.55)
            for step in range(80):
                along = step / 39.5 - 1
                y = middle_y + tall * along
                middle, half = _course(y, top)
                lens = (1 - along * along) ** 0.95 * (1 + 0.7 * ragged[step])
                edge.append((middle + half * (place + side * breadth * lens), y))
        stencil.shape([*edges[0], *edges[1][::-1]], 0)
    return stencil.mask()


def _groves(picture: Image.Image, rng: Random) -> None:
    """Spruces standing out on the flats, nearer ones larger, each with a blue shadow."""
    groves = [
        (215, 520, 42, 9),
        (420, 498, 24, 7),
        (1390, 512, 36, 9),
        (1215, 494, 22, 6),
        (70, 596, 104, 7),
        (1530, 566, 84, 7),
    ]
    for x, foot, tall, count in groves:
        boughs, snow, ground = Stencil(SIZE), Stencil(SIZE), Stencil(SIZE)
        for _ in range(count):
            at, low = x + rng.gauss(0, tall * 0.75), foot + rng.uniform(-0.08, 0.08) * tall
            height = tall * rng.uniform(0.45, 1.15)
            ground.dot(at - tall * 0.3, low, tall * 0.5, 255, 0.1)
            spruce(boughs, rng, at, low, height, snow=snow, girth=1.2)
        wash(picture, "#8296c2", ground.mask().filter(ImageFilter.GaussianBlur(3)), 0.6)
        wash(picture, mix("#4a618a", "#2f4668", tall / 104), boughs.mask())
        wash(picture, "#d6dcec", fade(snow.mask(), boughs.mask()), 0.4)


def _floes(picture: Image.Image, rng: Random, river: Image.Image, top: int) -> None:
    """Pans of ice on the water, each with a bright top and a dark side; shore ice along the banks."""
    sides, tops = Stencil(SIZE), Stencil(SIZE)
    pans = sorted(rng.random() ** 1.25 for _ in range(900))
    for near in pans:
        y = top + 4 + (SIZE[1] - top) * near
        x = rng.uniform(0, SIZE[0])
        radius = (2.5 + 46 * near) * (0.2 + 0.9 * rng.random() ** 2)
        pan = _pan(rng, x, y, radius)
        thick = 1 + 7 * near
        sides.shape([*((px, py + thick) for px, py in pan)])
        tops.shape(pan, 0)
        sides.shape(pan)
        tops.shape(pan, rng.randint(150, 255))
    wash(picture, "#3c5b8e", fade(sides.mask(), river), 0.85)
    wash(picture, "#f1e9ee", fade(tops.mask(), river), 0.92)
    # A dark lip under the far bank and a bright one on the near bank give the snow its thickness.
    lip = ImageChops.subtract(river, ImageChops.offset(river, 0, 5))
    lip.paste(0, (0, 0, SIZE[0], top + 4))
    wash(picture, "#4f6a9b", lip, 0.55)
    rim = ImageChops.subtract(ImageChops.offset(river, 0, 3), river)
    rim.paste(0, (0, 0, SIZE[0], top + 4))
    wash(picture, "#fbf1f1", rim, 0.8)


def _pan(rng: Random, x: float, y: float, radius: float) -> list[Point]:
    corners = rng.randint(7, 11)
    stretch = rng.uniform(1.0, 1.7)
    turn = rng.random()
    points = []
    for corner in range(corners):
        angle = 2 * pi * (corner + turn + rng.uniform(-0.25, 0.25)) / corners
        far = radius * rng.uniform(0.78, 1.08)
        points.append((x + far * stretch * cos(angle), y + far * 0.3 * sin(angle)))
    return points
