"""The copy of an uploaded picture that is stored: upright, sRGB, 8 bits, no metadata, at most 2,560 pixels.

Renditions are made from it. The file that was uploaded is stored nowhere.
"""

import ctypes
import fcntl
import logging
from io import BytesIO
from pathlib import Path
from typing import IO

from django.core.exceptions import ValidationError
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile
from pillow_heif import open_heif, register_heif_opener

# iPhones save photos as HEIC. Registered here, where every upload is read.
register_heif_opener()

logger = logging.getLogger(__name__)

LARGEST_SIDE = 2560
JPEG_QUALITY = 90
MEGA = 1_000_000
# Megapixels that are read in about 150 MB: decoders hold up to four copies of them.
MEGAPIXELS = {"JPEG": 128, "MPO": 128, "PNG": 25, "GIF": 25, "HEIF": 24.5, "AVIF": 13, "WEBP": 8}
FORMATS = [name for name in MEGAPIXELS if name != "MPO"]  # Pillow opens MPO as JPEG
# Larger pictures are halved before anything else, which leaves more than the widest rendition needs.
HALVED_FROM = 16 * MEGA
# A progressive JPEG is held as a whole, in two bytes a sample, before it is reduced.
PROGRESSIVE_MEMORY = 130 * MEGA
# Formats in which several pictures are no animation, but a depth map, a second lens or a burst.
STILL = ("MPO", "HEIF")
PLAIN_MODES = ("RGB", "RGBA", "RGBX", "CMYK", "L", "LA", "La", "RGBa")
SRGB = ImageCms.createProfile("sRGB")
METADATA = {"exif", "xmp", "XML:com.adobe.xmp", "photoshop", "comment", "icc_profile", "mp"}

# glibc keeps freed memory for later: 200 MB in each process after ten photos. Blocks of 1 MB and more are given back.
if hasattr(libc := ctypes.CDLL(None), "mallopt"):
    libc.mallopt(-3, MEGA)  # M_MMAP_THRESHOLD in malloc.h


def normalise(file: IO[bytes]) -> tuple[bytes, str]:
    """Return the copy of the picture to store, and `jpg`, or `png` for one that is partly transparent.

    Raises `ValidationError` with a sentence for the editor when the picture cannot be accepted.
    """
    # One picture at a time on this machine, however many are uploaded at once: all processes lock the same file.
    with Path(__file__).open("rb") as this_file:
        fcntl.flock(this_file, fcntl.LOCK_EX)
        try:
            with Image.open(file, formats=FORMATS) as picture:
                check(picture)
                return encode(reduced(picture, file))
        except ValidationError:
            raise
        except Image.DecompressionBombError as error:
            raise too_large(MEGAPIXELS["JPEG"] * MEGA) from error
        except UnidentifiedImageError as error:
            sentence = "This file cannot be read as a picture: upload a JPEG, PNG, HEIC, WebP, AVIF or GIF file."
            raise ValidationError(sentence, code="invalid_image") from error
        except Exception as error:  # seven decoders raise all kinds of errors for damaged files
            logger.info("An uploaded picture could not be read: %r", error)
            sentence = "This picture is damaged and cannot be read: save or download it again, and upload the new file."
            raise ValidationError(sentence, code="invalid_image") from error


def check(picture: Image.Image) -> None:
    """Refuse a picture by what its header says, before any pixel is read."""
    if getattr(picture, "is_animated", False) and picture.format not in STILL:
        raise ValidationError("This picture moves: upload a still picture instead.", code="animated")
    most = MEGAPIXELS[picture.format or ""] * MEGA
    if isinstance(picture, JpegImageFile) and "progressive" in picture.info:
        sizes = [across * down for _name, across, down, _table in picture.layer]
        most = PROGRESSIVE_MEMORY / (2 * sum(sizes) / max(sizes) + 1)
    if picture.width * picture.height > most:
        raise too_large(most, picture.width * picture.height)


def too_large(most: float, pixels: int = 0) -> ValidationError:
    found = f"This picture has {pixels / MEGA:.3g} megapixels" if pixels else "This picture has too many pixels"
    advice = f"at most {most / MEGA:.3g} can be read here: save a smaller copy of it and upload that."
    return ValidationError(f"{found}; {advice}", code="too_large")


def reduced(picture: Image.Image, file: IO[bytes]) -> Image.Image:
    """Read the picture at its size on the site, upright and in sRGB."""
    longest, pixels = max(picture.size), picture.width * picture.height
    divisor = next(number for number in (8, 4, 2, 1) if number == 1 or longest >= number * LARGEST_SIDE)
    if divisor == 1 and pixels > HALVED_FROM:
        divisor = 2
    small: Image.Image = picture
    if isinstance(picture, JpegImageFile):
        picture.draft(None, (picture.width // divisor, picture.height // divisor))
        picture.load()
    elif picture.format == "HEIF" and divisor > 1:
        small = heif_in_strips(file, divisor)
    else:
        if picture.mode not in PLAIN_MODES:
            is_grey = picture.mode.startswith("I")
            small = picture.convert("RGBA" if picture.has_transparency_data else "L" if is_grey else "RGB")
        small = small.reduce(divisor) if divisor > 1 else small
        small.load()
    profile = picture.info.get("icc_profile")
    if small is not picture:
        Image.Image.close(picture)  # frees all its pixels, and leaves the file open
    scale = min(1, LARGEST_SIDE / max(small.size))
    size = max(1, round(small.width * scale)), max(1, round(small.height * scale))
    small = small.resize(size) if size != small.size else small
    turn_upright(small)
    return in_srgb(small, profile)


def heif_in_strips(file: IO[bytes], divisor: int) -> Image.Image:
    """Reduce the picture while it is copied from the decoder, which saves a copy of all its pixels."""
    file.seek(0)
    heif = open_heif(file)
    small = Image.new(heif.mode, (-(-heif.size[0] // divisor), -(-heif.size[1] // divisor)))
    rows = 128 * divisor
    pixels = memoryview(heif.data)
    for top in range(0, heif.size[1], rows):
        size = heif.size[0], min(rows, heif.size[1] - top)
        part = pixels[top * heif.stride : (top + size[1]) * heif.stride]
        strip = Image.frombuffer(heif.mode, size, bytes(part), "raw", heif.mode, heif.stride, 1)
        small.paste(strip.reduce(divisor), (0, top // divisor))
    return small


def in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(picture, source, SRGB, outputMode=mode) or picture
        except (ImageCms.PyCMSError, OSError, ValueError):
            logger.info("A colour profile could not be used.")
    return picture.convert(mode)


def turn_upright(picture: Image.Image) -> None:
    try:
        ImageOps.exif_transpose(picture, in_place=True)
    except Exception:  # noqa: BLE001  a damaged tag is no reason to refuse a picture, and many things can go wrong in it
        logger.info("A picture's EXIF data could not be read.")


def encode(picture: Image.Image) -> tuple[bytes, str]:
    """Encode without metadata: as PNG if any of the picture is transparent, because JPEG has no transparency."""
    picture.info = {}
    file = BytesIO()
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() != (255, 255):
        picture.save(file, "PNG")
        return file.getvalue(), "png"
    picture.convert("RGB").save(file, "JPEG", quality=JPEG_QUALITY)
    return file.getvalue(), "jpg"


def is_normal(file: IO[bytes]) -> bool:
    """Say whether the picture is like what `normalise` returns. Raises `OSError` when it cannot be read."""
    try:
        with Image.open(file) as picture:
            is_small = max(picture.size) <= LARGEST_SIDE
            is_plain = picture.format in ("JPEG", "PNG") and picture.mode in ("RGB", "RGBA")
            return is_small and is_plain and not has_metadata(picture)
    except Image.DecompressionBombError:
        return False


def has_metadata(picture: Image.Image) -> bool:
    """Say whether it has metadata or a colour profile. Raises `OSError` when it cannot be read."""
    picture.load()  # those of a PNG may be at its end
    return not METADATA.isdisjoint(picture.info) or bool(picture.getexif())
