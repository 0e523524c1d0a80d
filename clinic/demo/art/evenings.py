"""Scenes of low light: the long evening, the still lake, the night."""

from PIL import Image, ImageChops

from clinic.demo.art.noise import seeded
from clinic.demo.art.paint import Stencil, fade, glow, grain, ramp, turned, under, wash
from clinic.demo.art.ridges import hills, lit, mountains, ridge
from clinic.demo.art.sky import curtain, sky, stars, streaks, sun
from clinic.demo.art.trees import plant, spruce, stand
from clinic.demo.art.water import mirror, sheen

SIZE = (1600, 900)


def low_sun() -> Image.Image:
    """Sun on the far ridge, to the right; the left stays dark and quiet for words."""
    rng = seeded("low sun")
    picture = sky(
        rng,
        SIZE,
        [
            (0, "#16394a"),
            (170, "#2a5a68"),
            (330, "#4b7b82"),
            (430, "#8aa096"),
            (500, "#e4bd8c"),
            (560, "#f3b67c"),
        ],
    )
    streaks(picture, rng, "#f6c793", (250, 520), 0.5, 138)
    sun(picture, (1205, 474), 34, "#fff3d2", "#ffd089", 470)
    far = mountains(
        rng,
        1600,
        [
            (0, 520),
            (180, 470),
            (300, 492),
            (420, 452),
            (600, 515),
            (780, 480),
            (960, 522),
            (1205, 502),
            (1300, 430),
            (1400, 462),
            (1500, 440),
            (1600, 480),
        ],
        0.3,
        1.0,
    )
    mask = ridge(picture, far, "#8f8b97", "#d9ac90", 640)
    lit(picture, mask, rng, far, 640, "#6f7487", lean=-0.5, strength=0.3)
    middle = mountains(
        rng,
        1600,
        [
            (0, 560),
            (230, 500),
            (420, 462),
            (560, 540),
            (760, 590),
            (900, 555),
            (1080, 610),
            (1330, 560),
            (1600, 600),
        ],
        0.24,
        1.1,
    )
    mask = ridge(picture, middle, "#53697a", "#b5998f", 740)
    lit(picture, mask, rng, middle, 720, "#3c5468", lean=-0.6, strength=0.35)
    near = hills(rng, 1600, [(0, 600), (300, 655), (640, 640), (1000, 690), (1300, 640), (1600, 610)], 11)
    trees = plant(Stencil(SIZE), rng, stand(rng, near, (5, 16), 3.5, clearing=-0.4))
    ridge(picture, near, "#2f5560", "#7d8382", 790, trees)
    glow(picture, "#ffb36b", (1205, 520), (600, 230), 0.42)
    lower = hills(rng, 1600, [(0, 700), (260, 735), (620, 690), (980, 745), (1280, 720), (1600, 690)], 9)
    trees = plant(Stencil(SIZE), rng, stand(rng, lower, (14, 44), 7, clearing=-0.15))
    ridge(picture, lower, "#17444a", "#47696a", 900, trees)
    front = hills(rng, 1600, [(0, 800), (330, 850), (760, 872), (1200, 846), (1600, 790)], 9)
    stencil = plant(Stencil(SIZE), rng, stand(rng, front, (30, 150), 12, clearing=0.2, cluster=210), spruce)
    ridge(picture, front, "#072b2b", "#0c3634", 900, stencil)
    wash(picture, "#0d2c38", fade(turned(ramp((900, 1600), [(0, 255), (560, 190), (1080, 0), (1600, 0)])), 0.6))
    return grain(picture, rng)


def aurora() -> Image.Image:
    """Green and violet curtains over a lake among ridges, and the same light in the water."""
    rng = seeded("aurora night")
    shore = 610
    picture = sky(
        rng, SIZE, [(0, "#060d1f"), (250, "#0a1a30"), (470, "#103244"), (600, "#1b4a52"), (640, "#2a6a64")], 3
    )
    stars(picture, rng, 420, 560)
    curtains = [
        ((1750, 300, 500, 500), 330, "#2fd08a", "#6a4fd0", 0.5),
        ((-120, 300, 1250, 470), 440, "#40e89c", "#8a4fd8", 0.85),
        ((620, 210, 1720, 380), 330, "#3fe0a0", "#a04fc8", 0.6),
    ]
    for path, tall, low, high, bright in curtains:
        picture = ImageChops.screen(picture, curtain(rng, SIZE, path, tall, low, high, bright))
    glow(picture, "#1f7a62", (760, 560), (900, 300), 0.55)
    far = mountains(
        rng,
        1600,
        [
            (0, 520),
            (160, 490),
            (340, 540),
            (520, 500),
            (690, 560),
            (860, 585),
            (1010, 540),
            (1200, 470),
            (1330, 500),
            (1460, 455),
            (1600, 510),
        ],
        0.3,
        1.0,
    )
    mask = ridge(picture, far, "#0f2c40", "#1f5a5e", 660)
    lit(picture, mask, rng, far, 640, "#0a2034", lean=0.5, strength=0.5)
    middle = mountains(
        rng,
        1600,
        [
            (0, 520),
            (120, 540),
            (300, 500),
            (480, 565),
            (700, 595),
            (980, 585),
            (1240, 545),
            (1420, 566),
            (1600, 515),
        ],
        0.2,
        1.1,
    )
    ridge(picture, middle, "#0a2233", "#133d46", 690)
    bank = hills(rng, 1600, [(0, 576), (260, 594), (640, 606), (1000, 604), (1330, 590), (1600, 572)], 3)
    trees = plant(Stencil(SIZE), rng, stand(rng, bank, (8, 40), 5, clearing=-0.25))
    ridge(picture, bank, "#061a24", "#0a2730", 660, trees)
    mirror(picture, rng, shore, ripple=7)
    wash(picture, "#04101c", under(SIZE, shore, [(shore, 40), (shore + 30, 50), (900, 110)]))
    sheen(picture, rng, shore, "#2f8f7c", 0.2)
    front = hills(rng, 1600, [(0, 815), (220, 862), (430, 925), (1200, 935), (1450, 868), (1600, 820)], 5)
    near = [
        *stand(rng, front, (90, 330), 26, clearing=-0.5, end=330),
        *stand(rng, front, (80, 290), 26, clearing=-0.4, start=1350),
    ]
    ridge(picture, front, "#030c14", "#030c14", 900, plant(Stencil(SIZE), rng, near, spruce))
    return grain(picture, rng)


def lake_evening() -> Image.Image:
    """A lake without wind after sunset; mountains stand on their own image."""
    rng = seeded("lake evening")
    shore = 520
    picture = sky(
        rng,
        SIZE,
        [
            (0, "#41618c"),
            (150, "#7587ab"),
            (290, "#c09fb0"),
            (390, "#f0b7a0"),
            (470, "#f9d2a4"),
            (520, "#fbe0b4"),
        ],
    )
    streaks(picture, rng, "#fbd3b4", (60, 330), 0.75, 132)
    streaks(picture, rng, "#8d7f9f", (160, 420), 0.4, 140)
    glow(picture, "#ffdca0", (560, 500), (760, 240), 0.5)
    far = mountains(
        rng,
        1600,
        [
            (0, 400),
            (150, 360),
            (300, 410),
            (470, 455),
            (640, 440),
            (800, 380),
            (930, 318),
            (1060, 372),
            (1170, 340),
            (1330, 410),
            (1600, 380),
        ],
        0.34,
        0.95,
    )
    mask = ridge(picture, far, "#7a7ba0", "#d2a9aa", 560)
    lit(picture, mask, rng, far, 520, "#5d6390", lean=0.55, strength=0.5)
    middle = mountains(
        rng,
        1600,
        [
            (0, 330),
            (130, 352),
            (260, 400),
            (430, 470),
            (640, 500),
            (900, 496),
            (1150, 480),
            (1330, 410),
            (1480, 372),
            (1600, 330),
        ],
        0.2,
        1.1,
    )
    mask = ridge(picture, middle, "#4b557c", "#a48a9c", 560)
    lit(picture, mask, rng, middle, 540, "#37426c", lean=0.5, strength=0.4)
    bank = hills(rng, 1600, [(0, 462), (220, 484), (520, 511), (900, 514), (1200, 500), (1420, 480), (1600, 468)], 3)
    trees = plant(Stencil(SIZE), rng, stand(rng, bank, (8, 42), 4.5, clearing=-0.35))
    ridge(picture, bank, "#24344f", "#4a4c66", 540, trees)
    mirror(picture, rng, shore, ripple=4)
    wash(picture, "#2c4169", under(SIZE, shore, [(shore, 10), (shore + 30, 20), (900, 150)]))
    sheen(picture, rng, shore, "#fbe3c4", 0.4, 146)
    return grain(picture, rng)
