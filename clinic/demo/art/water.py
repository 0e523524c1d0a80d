"""Still water: what stands above it, upside down, softened and rippled."""

from random import Random

from PIL import Image

from clinic.demo.art.noise import clouds, contrast, fractal
from clinic.demo.art.paint import fade, ramp, wash


def mirror(picture: Image.Image, rng: Random, shore: int, *, squash: float = 0.92, ripple: float = 5.0) -> None:
    """Fill everything below `shore` with the mirror image of what is above it."""
    width, height = picture.size
    deep = height - shore
    above = picture.crop((0, 0, width, shore)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    above = above.resize((width, round(shore * squash)), Image.Resampling.BILINEAR)
    still = _rippled(above, rng, deep, ripple)
    moved = _rippled(above, rng, deep, ripple * 1.6)
    patches = contrast(clouds(rng, (width, deep), (240, 9), 3), 105, 150)
    still.paste(moved, (0, 0), patches)
    picture.paste(still, (0, shore))


def _rippled(above: Image.Image, rng: Random, deep: int, ripple: float) -> Image.Image:
    """The mirror image, row by row taken from a little higher or lower, more so towards the viewer."""
    waves = fractal(rng, deep, 14, 3)
    water = Image.new("RGB", (above.width, deep))
    for y in range(deep):
        near = y / deep
        source = y + waves[y] * ripple * (0.15 + 2.2 * near)
        row = min(above.height - 1, max(0, round(source)))
        water.paste(above.crop((0, row, above.width, row + 1)), (0, y))
    return water


def sheen(picture: Image.Image, rng: Random, shore: int, name: str, strength: float, threshold: int = 140) -> None:
    """Level streaks where wind touches the water."""
    width, height = picture.size
    veil = Image.new("L", picture.size)
    streak = contrast(clouds(rng, (width, height - shore), (520, 7), 3, 0.6), threshold, threshold + 45)
    veil.paste(streak, (0, shore))
    wash(picture, name, fade(veil, ramp(picture.size, [(shore, 255), (shore + 60, 150), (height, 90)])), strength)
