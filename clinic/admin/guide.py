"""docs/editors.md as the guide under *Help*."""

import re

from django.http import FileResponse, Http404, HttpRequest
from django.template.response import TemplateResponse
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt

from clinic.settings.environment import BASE_DIR

DOCS = BASE_DIR / "docs"


def show(request: HttpRequest) -> TemplateResponse:
    text = (DOCS / "editors.md").read_text().replace("](img/", "](").partition("\n")[2]
    html = MarkdownIt().enable("table").render(text)
    html = re.sub("<h2>(.*)</h2>", lambda found: f'<h2 id="{slugify(found[1])}">{found[1]}</h2>', html)
    guide = mark_safe(html)  # noqa: S308  our own file, nothing that anyone typed
    return TemplateResponse(request, "clinic/admin/guide.html", {"guide": guide})


def picture(_request: HttpRequest, name: str) -> FileResponse:
    path = DOCS / "img" / f"{name}.jpg"
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"))
