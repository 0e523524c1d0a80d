"""Scenes of the green and golden months: mist among spruces, fireweed, September birches."""

from PIL import Image

from clinic.demo.art.flowers import fireweed_field
from clinic.demo.art.noise import clouds, contrast, seeded
from clinic.demo.art.paint import Stencil, fade, glow, grain, ramp, wash
from clinic.demo.art.ridges import hills, lit, mountains, ridge
from clinic.demo.art.sky import sky, streaks, sun
from clinic.demo.art.trees import plant, small_spruce, spruce, stand

SIZE = (1600, 900)


def spruce_morning() -> Image.Image:
    """Layer behind layer of spruces, mist between them, the sun a pale disc."""
    rng = seeded("spruce morning")
    picture = sky(
        rng, SIZE, [(0, "#a9c0bd"), (200, "#c6d2c8"), (380, "#e6dfc9"), (560, "#f2e3c6"), (900, "#efe2cc")], 8
    )
    sun(picture, (520, 300), 44, "#fff6dd", "#ffe9b4", 420)
    far = mountains(
        rng,
        1600,
        [
            (0, 420),
            (200, 380),
            (420, 430),
            (700, 452),
            (920, 372),
            (1090, 300),
            (1250, 352),
            (1420, 320),
            (1600, 372),
        ],
        0.26,
        1.05,
    )
    ridge(picture, far, "#b3c3bd", "#e8dfc9", 560)
    layers = [
        (
            [(0, 500), (300, 480), (640, 512), (1000, 470), (1300, 440), (1600, 470)],
            (14, 44),
            4.0,
            "#9db3ac",
            "#e6dec9",
            600,
        ),
        (
            [(0, 540), (320, 570), (700, 530), (1060, 560), (1360, 520), (1600, 500)],
            (28, 86),
            7.0,
            "#7a988f",
            "#dcd8c4",
            690,
        ),
        (
            [(0, 600), (260, 590), (620, 660), (960, 620), (1300, 640), (1600, 590)],
            (50, 150),
            12.0,
            "#557a71",
            "#cbd0bf",
            790,
        ),
        (
            [(0, 690), (300, 730), (700, 720), (1050, 760), (1350, 720), (1600, 690)],
            (80, 240),
            21.0,
            "#315950",
            "#a9bbac",
            900,
        ),
    ]
    for anchors, tall, gap, dark, pale, foot in layers:
        line = hills(rng, 1600, anchors, 10)
        kind = small_spruce if tall[1] < 60 else spruce
        stencil = plant(Stencil(SIZE), rng, stand(rng, line, tall, gap, clearing=-0.35), kind)
        ridge(picture, line, dark, pale, foot, stencil)
        mist = contrast(clouds(rng, SIZE, (620, 90), 4), 112, 176)
        where = ramp(SIZE, [(foot - 170, 0), (foot - 50, 235), (foot + 60, 0)])
        wash(picture, "#f1e6d0", fade(mist, where), 0.8)
    front = hills(rng, 1600, [(0, 850), (420, 900), (800, 940), (1200, 910), (1600, 830)], 6)
    trees = [
        *stand(rng, front, (150, 560), 40, clearing=-0.4, end=300),
        *stand(rng, front, (150, 600), 40, clearing=-0.4, start=1290),
    ]
    ridge(picture, front, "#0f332e", "#12382f", 900, plant(Stencil(SIZE), rng, trees, spruce))
    glow(picture, "#ffe7b0", (520, 330), (700, 430), 0.3)
    return grain(picture, rng)


def fireweed_summer() -> Image.Image:
    """A slope of fireweed in the long evening light above a wide valley."""
    rng = seeded("fireweed summer")
    picture = sky(
        rng,
        SIZE,
        [
            (0, "#5f93b5"),
            (160, "#8fb2c0"),
            (300, "#c5cfc4"),
            (390, "#f0dcb8"),
            (470, "#fbdba8"),
            (520, "#fbd29c"),
        ],
    )
    streaks(picture, rng, "#fff0d2", (20, 330), 0.7, 132)
    sun(picture, (370, 392), 30, "#fff8e2", "#ffe2a0", 420)
    far = mountains(
        rng,
        1600,
        [
            (0, 430),
            (190, 402),
            (360, 452),
            (560, 420),
            (760, 372),
            (900, 402),
            (1060, 330),
            (1200, 286),
            (1330, 340),
            (1460, 312),
            (1600, 360),
        ],
        0.3,
        1.0,
    )
    mask = ridge(picture, far, "#93a3b8", "#e0cdb6", 580)
    lit(picture, mask, rng, far, 560, "#7389a6", lean=0.5, strength=0.45)
    middle = mountains(
        rng, 1600, [(0, 500), (300, 462), (560, 500), (840, 520), (1150, 452), (1380, 400), (1600, 430)], 0.2, 1.1
    )
    mask = ridge(picture, middle, "#5f8592", "#c3c2a8", 640)
    lit(picture, mask, rng, middle, 620, "#466f82", lean=0.5, strength=0.4)
    near = hills(rng, 1600, [(0, 560), (300, 548), (700, 590), (1100, 560), (1600, 520)], 9)
    trees = plant(Stencil(SIZE), rng, stand(rng, near, (8, 30), 4, clearing=-0.4))
    ridge(picture, near, "#3a6a64", "#8fa587", 720, trees)
    lower = hills(rng, 1600, [(0, 610), (360, 640), (800, 650), (1250, 610), (1600, 570)], 8)
    trees = plant(Stencil(SIZE), rng, stand(rng, lower, (24, 92), 8.5, clearing=-0.2), spruce)
    ridge(picture, lower, "#1f4d47", "#557f62", 820, trees)
    glow(picture, "#ffd98a", (370, 440), (820, 330), 0.4)
    fireweed_field(picture, rng)
    glow(picture, "#ffd28a", (370, 470), (900, 420), 0.22)
    return grain(picture, rng)
