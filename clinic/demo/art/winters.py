"""Scenes of the cold half of the year: first snow, the clinic's street."""

from random import Random

from PIL import Image, ImageChops

from clinic.demo.art.house import cliffs, house, street
from clinic.demo.art.noise import clouds, contrast, seeded
from clinic.demo.art.paint import Point, Stencil, fade, glow, gradient, grain, ramp, shade, wash
from clinic.demo.art.ridges import hills, lit, mountains, ridge
from clinic.demo.art.sky import sky, streaks
from clinic.demo.art.trees import plant, spruce, stand

SIZE = (1600, 900)


def first_snow() -> Image.Image:
    """The first snow: white on the ridges, a dusting on the spruces, more in the air."""
    rng = seeded("first snow")
    picture = sky(
        rng, SIZE, [(0, "#8497a6"), (200, "#a3b2bd"), (380, "#c4ced4"), (520, "#d9dee0"), (620, "#dfe2e2")], 12
    )
    streaks(picture, rng, "#dde3e6", (-100, 420), 0.6, 120)
    far = mountains(
        rng,
        1600,
        [
            (0, 400),
            (170, 330),
            (290, 300),
            (390, 352),
            (520, 322),
            (700, 420),
            (860, 380),
            (990, 290),
            (1090, 236),
            (1200, 300),
            (1290, 282),
            (1440, 372),
            (1600, 330),
        ],
        0.36,
        0.95,
    )
    mask = ridge(picture, far, "#eef1f2", "#d3dade", 640)
    lit(picture, mask, rng, far, 640, "#8499ab", lean=-0.6, strength=0.75, windows=(50, 22, 10))
    _bare_rock(picture, rng, mask, 250, 600)
    middle = mountains(
        rng,
        1600,
        [
            (0, 500),
            (220, 440),
            (380, 470),
            (560, 540),
            (760, 520),
            (900, 560),
            (1160, 520),
            (1370, 452),
            (1600, 520),
        ],
        0.26,
        1.0,
    )
    mask = ridge(picture, middle, "#d9e0e4", "#c3cdd3", 720)
    lit(picture, mask, rng, middle, 720, "#6f8798", lean=-0.6, strength=0.7, windows=(40, 16))
    _bare_rock(picture, rng, mask, 430, 720)
    _wooded(
        picture,
        rng,
        [(0, 590), (300, 620), (620, 590), (960, 640), (1260, 600), (1600, 620)],
        (10, 32),
        3.0,
        "#6d808c",
        "#c9d1d6",
        740,
    )
    _wooded(
        picture,
        rng,
        [(0, 680), (280, 650), (640, 706), (1000, 672), (1330, 700), (1600, 660)],
        (26, 70),
        6.5,
        "#4c626e",
        "#c5ced4",
        830,
    )
    _dusted(picture, rng)
    flakes = Stencil(SIZE)
    for _ in range(520):
        size = rng.random() ** 4
        flakes.dot(rng.uniform(0, 1600), rng.uniform(0, 900), 0.7 + 2.4 * size, rng.randint(90, 220))
    wash(picture, "#fbfcfc", flakes.mask(), 0.85)
    return grain(picture, rng)


def _bare_rock(picture: Image.Image, rng: Random, mask: Image.Image, top: int, foot: int) -> None:
    """Where the first snow has not stayed: ragged bands of rock, more of them lower down."""
    bands = contrast(clouds(rng, picture.size, (120, 40), 6, 0.68), 138, 152)
    lower = ramp(picture.size, [(top, 40), ((top + foot) / 2, 255), (foot, 60)])
    wash(picture, "#8799a8", fade(fade(bands, mask), lower), 0.6)


def _wooded(
    picture: Image.Image,
    rng: Random,
    anchors: list[Point],
    tall: Point,
    gap: float,
    dark: str,
    ground: str,
    foot: float,
) -> None:
    """A snowy rise with a closed, dusted forest along its crest."""
    line = hills(rng, SIZE[0], anchors, 9)
    woods = plant(Stencil(SIZE), rng, stand(rng, line, tall, gap, clearing=-0.45)).mask()
    picture.paste(gradient(SIZE, [(min(line) - tall[1], dark), (foot, ground)]), (0, 0), woods)
    dust = ImageChops.multiply(ImageChops.subtract(woods, ImageChops.offset(woods, 1, 3)), woods)
    wash(picture, "#e6ebee", dust, 0.75)
    ridge(picture, line, "#dde3e7", ground, foot)


def _dusted(picture: Image.Image, rng: Random) -> None:
    """The near slope with single spruces, bough by bough, snow lying on each."""
    line = hills(rng, SIZE[0], [(0, 760), (300, 820), (760, 850), (1180, 815), (1600, 740)], 9)
    ridge(picture, line, "#eef1f3", "#c3ced6", 900)
    trees = [
        *stand(rng, line, (70, 430), 30, clearing=-0.25, end=420),
        *stand(rng, line, (70, 440), 30, clearing=-0.3, start=1150),
    ]
    trees += stand(rng, line, (20, 70), 44, clearing=0.5, start=420, end=1150)
    for x, foot, height in sorted(trees, key=lambda tree: -tree[2]):
        boughs, tones, snow = Stencil(SIZE), Stencil(SIZE, 90), Stencil(SIZE)
        spruce(boughs, rng, x, foot + rng.uniform(0, 50), height, tones=tones, snow=snow, girth=1.05)
        layer = shade(Image.new("RGB", SIZE, "#2c434e"), tones.mask(), 26)
        picture.paste(layer, (0, 0), boughs.mask())
        wash(picture, "#eef3f5", fade(snow.mask(), boughs.mask()), 0.85)


def clinic_street() -> Image.Image:
    """A small building with warm windows by the street, below the clay cliffs, on a winter morning."""
    rng = seeded("clinic street")
    picture = sky(
        rng,
        SIZE,
        [
            (0, "#2f4a78"),
            (130, "#5f78a2"),
            (250, "#a699b8"),
            (330, "#dfb0b0"),
            (400, "#f6cfa8"),
            (460, "#fbdcb0"),
        ],
    )
    streaks(picture, rng, "#f7bfae", (30, 300), 0.6, 136)
    glow(picture, "#ffd9a0", (1250, 400), (620, 240), 0.5)
    far = mountains(
        rng, 1600, [(0, 420), (500, 420), (900, 395), (1080, 345), (1230, 300), (1380, 352), (1600, 318)], 0.3, 1.0
    )
    mask = ridge(picture, far, "#8f93b6", "#d8b4b4", 520)
    lit(picture, mask, rng, far, 500, "#6d7aa6", lean=-0.5, strength=0.5)
    cliffs(picture, rng)
    street(picture, rng)
    house(picture, rng)
    return grain(picture, rng)
