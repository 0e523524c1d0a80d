"""What one upload of a photograph costs, here and in stock Wagtail: `python -m tests.load.photos [--limit=512]`.

Memory is the growth of the process's resident set during the request, at its highest. `limit` is that of the address
space, in MB, which is more than a process has resident.
"""

import os
import resource
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.load.temporary_site import arguments, temporary_site

CHOOSER = "/admin/images/chooser/create/"
STOCK = {"WAGTAILIMAGES_IMAGE_FORM_BASE": "", "WAGTAILIMAGES_MAX_IMAGE_PIXELS": None}
# The largest of each kind that is accepted, and what phones make.
PHOTOS: dict[str, tuple[str, tuple[int, int], dict[str, Any]]] = {
    "JPEG, 12 MP": ("JPEG", (4032, 3024), {}),
    "JPEG, 12 MP, upright": ("JPEG", (3024, 4032), {}),
    "JPEG, 26 MP, square": ("JPEG", (5119, 5119), {}),
    "JPEG, 48 MP": ("JPEG", (8064, 6048), {}),
    "JPEG, 99 MP": ("JPEG", (11500, 8600), {}),
    "JPEG, 127 MP": ("JPEG", (13000, 9750), {}),
    "JPEG, progressive, 32 MP": ("JPEG", (6540, 4905), {"progressive": True}),
    "JPEG, progressive 4:4:4, 18 MP": ("JPEG", (4960, 3720), {"progressive": True, "subsampling": 0}),
    "HEIC, 12 MP": ("HEIF", (4032, 3024), {}),
    "HEIC, 24 MP": ("HEIF", (5712, 4284), {}),
    "PNG, 25 MP": ("PNG", (5770, 4330), {"compress_level": 6}),
    "WebP, 8 MP": ("WEBP", (3264, 2448), {"method": 0}),
    "AVIF, 13 MP": ("AVIF", (4160, 3120), {"speed": 10}),
}


def make_photo(kind: str, size: tuple[int, int], options: dict[str, Any], path: Path) -> None:
    from PIL import Image  # noqa: PLC0415  in a process of its own

    import clinic.images.originals  # noqa: F401, PLC0415  registers HEIC

    noise = Image.effect_noise((size[0] // 32, size[1] // 32), 60).resize(size)
    grey = Image.linear_gradient("L").resize(size)
    Image.merge("RGB", (noise, grey, noise.transpose(Image.Transpose.ROTATE_180))).save(
        path, kind, quality=80, **options
    )


def upload(path: Path, settings: dict[str, Any], limit: int) -> str:
    """Send the photograph to the chooser's view, as a request does, and say how that went."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415  after Django is set up
    from django.core.files.uploadedfile import TemporaryUploadedFile  # noqa: PLC0415  as above
    from django.test import RequestFactory, override_settings  # noqa: PLC0415  as above
    from django.urls import resolve  # noqa: PLC0415  as above

    view = resolve(CHOOSER)

    def post(content: bytes) -> Any:
        file = TemporaryUploadedFile(path.name, "", len(content), None)
        file.write(content)
        file.seek(0)
        prefix = "image-chooser-upload-"
        request = RequestFactory().post(CHOOSER, {f"{prefix}title": "x", f"{prefix}description": "x"})
        request.user = get_user_model().objects.get(username="editor")
        request.FILES[f"{prefix}file"] = file
        return view.func(request, *view.args, **view.kwargs)

    with override_settings(**settings):
        small = BytesIO()
        from PIL import Image  # noqa: PLC0415  after Django is set up

        Image.new("RGB", (64, 64)).save(small, "PNG")
        post(small.getvalue())  # imports what the first request imports
        content = path.read_bytes()
        if limit:
            resource.setrlimit(resource.RLIMIT_AS, (limit * 2**20, limit * 2**20))
        Path("/proc/self/clear_refs").write_text("5")
        before, start = status("VmRSS"), time.monotonic()
        answer = post(content)
        seconds = time.monotonic() - start
    step = "accepted" if b"chosen" in answer.content or b"duplicate" in answer.content else "refused"
    return f"{step:8} {seconds:5.2f} s {(status('VmHWM') - before) // 1024:5} MB"


def status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(f"{name}:")).split()[1])


def in_a_process(work: Any) -> str:
    """Run it in a copy of this process, whose memory nothing has used before, and return what it says."""
    from django.db import connections  # noqa: PLC0415  after Django is set up

    connections.close_all()
    reader, writer = os.pipe()
    if not os.fork():
        try:
            said = str(work() or "")
        except BaseException as error:  # noqa: BLE001  whatever ends the request is the result
            said = f"failed: {error!r}"
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    os.wait()
    with os.fdopen(reader) as pipe:
        return pipe.read()


def main() -> None:
    options = arguments(__doc__, limit=0)
    with temporary_site(options.database):
        from django.contrib.auth import get_user_model  # noqa: PLC0415  after Django is set up

        get_user_model().objects.create_superuser("editor", "editor@example.org", None)
        for name, (kind, size, more) in PHOTOS.items():
            path = Path(os.environ["DATA_DIR"], f"photo.{'heic' if kind == 'HEIF' else kind.lower()}")
            in_a_process(lambda kind=kind, size=size, more=more, path=path: make_photo(kind, size, more, path))
            here = in_a_process(lambda path=path: upload(path, {}, options.limit))
            stock = in_a_process(lambda path=path: upload(path, STOCK, options.limit))
            sys.stdout.write(f"{name:31} here: {here}   stock: {stock}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
