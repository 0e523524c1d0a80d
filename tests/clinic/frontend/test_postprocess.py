import re

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from clinic.frontend.middleware import HEADER, ContentSecurityPolicyMiddleware
from clinic.frontend.postprocess import postprocess, squeeze
from clinic.frontend.stylesheet import stylesheet


@pytest.mark.parametrize(
    ("html", "squeezed"),
    [
        ("<ul>\n    <li>a</li>\n\n    <li>b</li>\n</ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("<p>one\n      two  three</p>", "<p>one\n      two  three</p>"),
        ("<a>x</a> <b>y</b>", "<a>x</a> <b>y</b>"),
        ("<textarea>\n  a &lt;\n\n  b\n\n </textarea>\n  <p>", "<textarea>\n  a &lt;\n\n  b\n\n </textarea>\n<p>"),
    ],
)
def test_indentation_becomes_one_line_break_where_it_means_nothing(html: str, squeezed: str) -> None:
    assert squeeze(html) == squeezed
    assert squeeze(squeezed) == squeezed


def test_a_page_gets_its_own_rules_and_the_policy_names_them(rf: RequestFactory) -> None:
    page = f'<head>{stylesheet().element}</head>\n   <p class="lead">x</p>'
    response = answer_to(rf.get("/"), HttpResponse(page, headers={"Content-Length": str(len(page))}))
    html = response.text
    assert ".lead{" in html
    assert ".card{" not in html
    assert response["Content-Length"] == str(len(response.content))
    assert postprocess(page)[1].csp_source in response[HEADER]
    assert postprocess(page) == postprocess(page)


def answer_to(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    answer = ContentSecurityPolicyMiddleware(lambda _request: response)(request)
    assert isinstance(answer, HttpResponse)
    return answer


def test_a_page_without_the_sheet_is_squeezed_alone_and_what_is_no_public_page_not_at_all(rf: RequestFactory) -> None:
    response = answer_to(rf.get("/"), HttpResponse("<p>\n  <b>"))
    assert response.content == b"<p>\n<b>"
    assert stylesheet().csp_source in response[HEADER]
    for path, kind in (("/admin/pages/", "text/html"), ("/django-admin/", "text/html"), ("/robots.txt", "text/plain")):
        assert answer_to(rf.get(path), HttpResponse("<p>\n  <b>", content_type=kind)).content == b"<p>\n  <b>"
    streamed = StreamingHttpResponse(["<p>\n  x"])
    ContentSecurityPolicyMiddleware(HttpResponse).process_response(rf.get("/"), streamed)
    assert HEADER in streamed


def test_only_the_linked_sheet_of_this_version_is_cached_forever(client: Client) -> None:
    response = client.get(re.findall('href="([^"]+)"', stylesheet().link)[0])
    assert response.text == stylesheet().text
    assert response["Content-Type"].startswith("text/css")
    assert "immutable" in response["Cache-Control"]
    assert client.get("/style-0123.css")["Cache-Control"] == "no-cache"
