"""Monograms in place of faces: two capitals on a northern sky."""

from collections.abc import Sequence
from random import Random

from PIL import Image, ImageFilter

from clinic.demo.art.letters import monogram
from clinic.demo.art.noise import seeded
from clinic.demo.art.paint import Stencil, Stops, fade, glow, gradient, grain, wash
from clinic.demo.art.ridges import hills, lit, mountains, ridge
from clinic.demo.art.sky import sky, streaks
from clinic.demo.art.trees import plant, spruce, stand

SIZE = (960, 960)


def portrait(initials: str, hour: Stops, hills_from: Sequence[tuple[str, str]], light: tuple[str, int]) -> Image.Image:
    """Two initials above three ridges; `hour` is the sky, `hills_from` each ridge's crest and foot, far to near."""
    rng = seeded(f"portrait {initials}")
    picture = sky(rng, SIZE, hour, 4)
    streaks(picture, rng, light[0], (120, 620), 0.35, 138)
    glow(picture, light[0], (light[1], 660), (520, 330), 0.5)
    _ridges(picture, rng, hills_from)
    stencil = Stencil(SIZE)
    monogram(stencil, initials, (480, 430), 316)
    letters = stencil.mask()
    shadow = letters.filter(ImageFilter.GaussianBlur(16))
    wash(picture, hour[0][1], fade(shadow, 0.5))
    picture.paste(gradient(SIZE, [(270, "#fffdf6"), (600, "#fbeed8")]), (0, 0), letters)
    return grain(picture, rng)


def _ridges(picture: Image.Image, rng: Random, shades: Sequence[tuple[str, str]]) -> None:
    def anchors(level: float, rise: float) -> list[tuple[float, float]]:
        knots = [(float(x), level + rng.uniform(-rise, rise)) for x in range(0, 961, 160)]
        return [(x + (rng.uniform(-40, 40) if 0 < x < 960 else 0), y) for x, y in knots]

    (far_top, far_foot), (top, foot), (near_top, near_foot), (front_top, front_foot) = shades
    far = mountains(rng, SIZE[0], anchors(690, 38), 0.32, 0.98)
    mask = ridge(picture, far, far_top, far_foot, 800)
    lit(picture, mask, rng, far, 780, top, lean=0.5, strength=0.4)
    middle = mountains(rng, SIZE[0], anchors(752, 30), 0.22, 1.1)
    ridge(picture, middle, top, foot, 860)
    near = hills(rng, SIZE[0], anchors(820, 16), 6)
    trees = plant(Stencil(SIZE), rng, stand(rng, near, (10, 34), 4.5, clearing=-0.25))
    ridge(picture, near, near_top, near_foot, 920, trees)
    front = hills(rng, SIZE[0], anchors(912, 14), 5)
    trees = plant(Stencil(SIZE), rng, stand(rng, front, (30, 120), 12, clearing=0.1), spruce)
    ridge(picture, front, front_top, front_foot, 960, trees)


def robin() -> Image.Image:
    """RS on a low winter sun's sky."""
    return portrait(
        "RS",
        [(0, "#1d4455"), (300, "#457680"), (520, "#93ab9d"), (640, "#e5c294"), (720, "#f3bd86")],
        [("#92919d", "#d8b096"), ("#56707e", "#a99a94"), ("#285158", "#667876"), ("#0b302f", "#0e3835")],
        ("#ffd79c", 640),
    )


def jo() -> Image.Image:
    """JE on a pink and blue dusk."""
    return portrait(
        "JE",
        [(0, "#3b5585"), (280, "#6d7fa9"), (480, "#ab9bb9"), (620, "#e9b6ae"), (720, "#f8d2a8")],
        [("#8d8db0", "#dab3b0"), ("#5b6690", "#a791a4"), ("#33466b", "#6c6d8a"), ("#14233f", "#182845")],
        ("#ffd2b4", 330),
    )


def alex() -> Image.Image:
    """AD on a green morning mist."""
    return portrait(
        "AD",
        [(0, "#2c5a58"), (260, "#568480"), (460, "#92b0a2"), (620, "#d5d4b4"), (720, "#efe0ba")],
        [("#9cb3a8", "#d9d3b6"), ("#668a80", "#b2bda4"), ("#37645b", "#7b9a88"), ("#0f3a33", "#144239")],
        ("#fff0c0", 520),
    )


def sam() -> Image.Image:
    """SP on a fireweed evening."""
    return portrait(
        "SP",
        [(0, "#4a2f57"), (260, "#7c4a72"), (460, "#b86d86"), (620, "#eba58e"), (720, "#fbcf9a")],
        [("#93718f", "#e0a596"), ("#664f78", "#b18490"), ("#3d365c", "#75627e"), ("#1c1c38", "#22223f")],
        ("#ffc79a", 600),
    )
