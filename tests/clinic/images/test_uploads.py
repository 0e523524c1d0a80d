import fcntl
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import Mock

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import ExifTags, Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from wagtail.models import Collection, UploadedFile

from clinic.images import originals, renditions
from clinic.images.originals import has_metadata, is_normal, normalise
from clinic.models import ClinicImage
from clinic.models.base import NARROWEST_LEAD
from contact.jobs import make_renditions
from contact.models import Job
from tests import another_process, factories
from tests.edit_form import answers_of

pytestmark = pytest.mark.django_db

XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><secret>Whitehorse</secret></x:xmpmeta>'
SECRETS = (b"Whitehorse", b"Exif", b"xmpmeta", b"Photoshop", b"ICC_PROFILE", b"iCCP", b"tEXt")
ADD, MANY, CHOOSER = "/admin/images/add/", "/admin/images/multiple/add/", "/admin/images/chooser/create/"


@cache
def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), orientation: int = 1, mode: str = "RGB") -> bytes:
    """Return a picture whose left half is red and whose right half is blue, with every kind of metadata."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation], exif[0x010E] = orientation, "Whitehorse"
    exif.get_ifd(0x8825)[1] = "N"
    text = PngInfo()
    text.add_text("Place", "Whitehorse")
    profile = None if mode == "CMYK" else ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options: dict[str, Any] = {"PNG": {"pnginfo": text}, "JPEG": {"comment": "Whitehorse"}}
    file = BytesIO()
    picture.convert(mode).save(file, kind, exif=exif, xmp=XMP, icc_profile=profile, **options.get(kind, {}))
    return file.getvalue()


def animation(kind: str) -> bytes:
    file = BytesIO()
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def is_red(picture: Image.Image, place: tuple[int, int]) -> bool:
    colour: Any = picture.getpixel(place)
    return all(abs(one - other) < 40 for one, other in zip(colour, (255, 0, 0), strict=False))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"), ("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "LA"),
        ("PNG", "I;16"), ("WEBP", "RGB"), ("AVIF", "RGB"), ("HEIF", "RGB"), ("HEIF", "RGBA"), ("GIF", "P"),
    ],
)  # fmt: skip
def test_every_kind_of_picture_is_stored_as_srgb_of_8_bits_without_metadata(kind: str, mode: str) -> None:
    content, extension = normalise(BytesIO(photo(kind, mode=mode)))
    assert extension == "jpg"
    assert is_normal(BytesIO(content))
    assert not [secret for secret in SECRETS if secret in content]
    assert opened(content).size == (60, 40)
    assert is_red(opened(content), (5, 20)) or mode in ("L", "LA", "I;16")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_is_stored_upright(orientation: int) -> None:
    content, _extension = normalise(BytesIO(photo(orientation=orientation)))
    assert opened(content).size == ((60, 40) if orientation < 5 else (40, 60))
    red = {1: (5, 20), 2: (55, 20), 3: (55, 20), 4: (5, 20), 5: (20, 5), 6: (20, 5), 7: (20, 55), 8: (20, 55)}
    assert is_red(opened(content), red[orientation])


def test_a_transparent_picture_stays_transparent() -> None:
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(file := BytesIO(), "PNG")
    content, extension = normalise(file)
    assert (extension, opened(content).mode) == ("png", "RGBA")


@pytest.mark.parametrize(
    ("kind", "size", "stored"),
    [
        ("JPEG", (5200, 2600), (2560, 1280)),
        ("JPEG", (600, 5200), (295, 2560)),
        ("HEIF", (5200, 600), (2560, 295)),  # three strips
        ("PNG", (3000, 1), (2560, 1)),
    ],
)
def test_a_large_picture_is_reduced(kind: str, size: tuple[int, int], stored: tuple[int, int]) -> None:
    content, _extension = normalise(BytesIO(photo(kind, size)))
    assert opened(content).size == stored
    assert is_red(opened(content), (2, 0))


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "no picture": (lambda: b"Not a picture at all.", "upload a JPEG"),
    "damaged": (lambda: photo(size=(600, 400))[:-900], "damaged"),
    "a damaged PNG": (lambda: photo("PNG", (600, 400))[:-900], "damaged"),
    "an animated GIF": (lambda: animation("GIF"), "still picture"),
    "an animated PNG": (lambda: animation("PNG"), "still picture"),
    "too many bytes": (photo, "Maximum filesize 100"),
    "too many pixels": (lambda: photo("PNG", (6000, 4200)), "25.2 megapixels; at most 25"),
}


# Prints the megabytes by which memory grew at its highest with each picture, and how many are kept in the end.
MEASURE = """
import sys
from pathlib import Path
from threading import Thread
from threading import Thread
from clinic.images.originals import normalise

def megabytes(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) // 1024

at_rest = 0
for file in sys.argv[1:]:  # the first one imports what is needed
    Path("/proc/self/clear_refs").write_text("5")
    before = megabytes("VmRSS")
    at_rest = at_rest or before
    with open(file, "rb") as content:
        reader = Thread(target=normalise, args=[content])  # as gunicorn does
        reader.start()
        reader.join()
    print(megabytes("VmHWM") - before)
print(megabytes("VmRSS") - at_rest)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how much memory was used")
def test_the_largest_photos_take_about_150_megabytes_and_give_them_back(tmp_path: Path) -> None:
    sizes = {"GIF": (64, 64), "JPEG": (8064, 6048), "AVIF": (4160, 3120), "PNG": (5770, 4330)}
    for kind, size in sizes.items():
        Image.new("RGB", size, "teal").save(tmp_path / kind, kind)
    command = [*another_process.python(MEASURE), *(str(tmp_path / kind) for kind in sizes)]
    done = subprocess.run(command, env=another_process.environment(), capture_output=True, text=True, check=True)
    *highest, kept = map(int, done.stdout.split())
    assert max(highest) < 170
    assert kept < 15


def test_a_process_waits_while_another_one_reads_a_picture() -> None:
    reader = Thread(target=normalise, args=[BytesIO(photo())])
    with Path(originals.__file__).open("rb") as other_process:
        fcntl.flock(other_process, fcntl.LOCK_EX)
        reader.start()
        reader.join(0.2)
        assert reader.is_alive()
    reader.join()


def send(client: Client, url: str, content: bytes, name: str = "river.jpg", **answers: str) -> HttpResponse:
    prefix = "image-chooser-upload-" if url == CHOOSER else ""
    file = {"files[]" if url == MANY else f"{prefix}file": SimpleUploadedFile(name, content)} if content else {}
    data = {"title": "River", "collection": str(Collection.get_first_root_node().pk)} | answers
    return client.post(url, {f"{prefix}{key}": value for key, value in data.items()} | file)  # type: ignore[return-value]


@pytest.mark.parametrize("reason", REFUSED)
def test_what_cannot_be_accepted_is_refused_in_one_sentence_and_not_stored(
    as_physio: Client, settings: Settings, tmp_path: Path, reason: str
) -> None:
    settings.MEDIA_ROOT = tmp_path
    make, sentence = REFUSED[reason]
    assert settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE == 25 * 1024 * 1024
    if reason == "too many bytes":
        settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 100
    for url in (ADD, MANY, CHOOSER):
        assert sentence in send(as_physio, url, make(), description="A river").text, url
    assert not ClinicImage.objects.exists()
    assert not UploadedFile.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("url", [ADD, CHOOSER])
def test_a_missing_description_does_not_cost_the_upload(as_physio: Client, url: str) -> None:
    answer = send(as_physio, url, photo("HEIF"), "IMG_1.HEIC", description="")
    stored = UploadedFile.objects.get()
    assert not ClinicImage.objects.exists()
    with stored.file.open("rb") as file:
        assert is_normal(file)
    said = answer.text.replace("\\", "")
    for words in ("Describe the picture", "no need to choose it again", f'value="{stored.pk}"'):
        assert words in said
    send(as_physio, url, b"", stored_upload=str(stored.pk), description="", tags="ice")
    assert UploadedFile.objects.count() == 1
    send(as_physio, url, b"", stored_upload=str(stored.pk), description="A river under ice")
    image = ClinicImage.objects.get()
    assert (image.width, image.height, image.description) == (60, 40, "A river under ice")
    assert not UploadedFile.objects.exists()


def test_among_many_uploads_each_is_kept_until_it_is_described(as_physio: Client, settings: Settings) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0  # as Django does with large files: on disk, where it is replaced
    send(as_physio, MANY, photo("HEIF"), "IMG_1.HEIC")
    stored = UploadedFile.objects.get()
    with stored.file.open("rb") as file:
        assert is_normal(file)
    data = {f"uploaded-image-{stored.pk}-{name}": "A river under ice" for name in ("title", "description")}
    as_physio.post(f"/admin/images/multiple/create_from_uploaded_image/{stored.pk}/", data)
    with ClinicImage.objects.get().open_file() as file:
        assert is_normal(file)


def test_no_one_takes_the_upload_of_a_colleague(as_physio: Client, manager: User) -> None:
    send(as_physio, ADD, photo(), description="")
    as_physio.force_login(manager)
    send(as_physio, ADD, b"", stored_upload=str(UploadedFile.objects.get().pk), description="A river")
    assert not ClinicImage.objects.exists()


def test_one_command_cleans_stored_pictures_and_no_rendition_in_any_format_has_metadata(
    as_physio: Client,
    capsys: pytest.CaptureFixture[str],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    send(as_physio, ADD, photo("HEIF", orientation=6), description="A river")
    clean, image = ClinicImage.objects.get(), ClinicImage(title="Old", description="A river")
    image.file = ContentFile(photo(size=(3000, 2000), orientation=6), name="old.jpg")
    image.save()
    # What an editor chooses at a tenth of the width and half of the height that the picture is shown with.
    image.focal_point_x, image.focal_point_y = image.width // 10, image.height // 2
    image.focal_point_width = image.focal_point_height = 100
    image.save()
    image.get_rendition("max-300x300")
    name = image.file.name
    with django_capture_on_commit_callbacks(execute=True):
        call_command("clean_pictures")
        call_command("clean_pictures")
    assert re.findall("Cleaned . of 2", capsys.readouterr().out) == ["Cleaned 1 of 2", "Cleaned 0 of 2"]
    renditions.make_all()
    image.refresh_from_db()
    assert (image.width, image.height) == (1707, 2560)
    assert (image.focal_point_x, image.focal_point_y) == (171, 1280)
    assert not image.file.storage.exists(name)
    renditions.make_renditions(clean, "lead", "portrait", "hero")
    clean.get_rendition("max-800x600")
    assert clean.renditions.count() > 20
    for rendition in (*image.renditions.all(), *clean.renditions.all()):
        with rendition.file.open("rb") as file:
            content = file.read()
        assert not has_metadata(opened(content))
        assert not [secret for secret in SECRETS if secret in content], rendition.filter_spec


def test_a_picture_that_cannot_be_made_is_set_aside_with_a_word_to_the_editor(
    as_physio: Client, caplog: pytest.LogCaptureFixture, home: object
) -> None:
    Job.objects.get_or_create(name="make_renditions")
    image = factories.make_image()
    ClinicImage.objects.filter(pk=image.pk).update(file="original_images/gone.jpg")
    for _minute in range(6):
        make_renditions()
    assert caplog.text.count("No renditions of image") == 3
    assert "its file cannot be read" in as_physio.get("/admin/").text
    send(as_physio, f"/admin/images/{image.pk}/", photo(), description="A river")
    make_renditions()
    image.refresh_from_db()
    assert image.failed_attempts == 0
    assert image.renditions.filter(filter_spec__startswith="fill").exists()


def test_a_damaged_picture_does_not_break_the_pages_that_list_it(as_physio: Client) -> None:
    image = factories.make_image()
    Path(image.file.path).write_bytes(photo(size=(400, 300))[:-200])
    for page in ("", "chooser/", f"{image.pk}/"):
        assert as_physio.get(f"/admin/images/{page}").status_code == 200
    for page in (f"chooser/chosen/{image.pk}/", f"{image.pk}/preview/width-100/"):
        assert as_physio.get(f"/admin/images/{page}").status_code == 404
    assert renditions.make_all() == 0


def test_a_picture_that_ends_the_worker_counts_as_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.make_image()
    monkeypatch.setattr(ClinicImage, "get_rendition", Mock(side_effect=SystemExit))
    for _time in range(3):
        with pytest.raises(SystemExit):
            renditions.make_all()
    assert renditions.make_all() == 0


def test_pictures_that_were_never_described_are_forgotten_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    upload = UploadedFile.objects.create(file=ContentFile(factories.jpeg(), name="x.jpg"))
    assert renditions.forget_unfinished_uploads() == 0
    later = timezone.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert renditions.forget_unfinished_uploads() == 1
    assert not upload.file.storage.exists(upload.file.name)


def test_a_lead_picture_is_wide_enough(as_manager: Client) -> None:
    image = factories.make_image()
    url = f"/admin/pages/{factories.make_standard().pk}/edit/"
    answers = answers_of(as_manager.get(url).context["form"]) | {"lead_image": str(image.pk)}
    for width, status in ((NARROWEST_LEAD - 1, 200), (NARROWEST_LEAD, 302)):
        ClinicImage.objects.filter(pk=image.pk).update(width=width)
        assert as_manager.post(url, answers).status_code == status
