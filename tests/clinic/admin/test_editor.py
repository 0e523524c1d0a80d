from typing import Any

import pytest
from django.utils.html import conditional_escape
from pytest_django import DjangoAssertNumQueries
from wagtail.rich_text import RichText

from clinic.admin.editor import RichTextEditor
from clinic.models import LocationPage, StandardPage
from tests import factories

pytestmark = pytest.mark.django_db


def link_to(page: StandardPage, words: str = "there") -> str:
    return f'<p><a linktype="page" id="{page.pk}">{words}</a></p>'


def page_that_links_to(*targets: StandardPage) -> StandardPage:
    """Build a page with a link in a paragraph, and further ones deep inside other blocks."""
    body: list[tuple[str, Any]] = [("text", link_to(target)) for target in targets]
    body.append(("questions", {"questions": [{"question": "Where?", "answer": link_to(t)} for t in targets]}))
    block = StandardPage.body.field.stream_block
    raw = [{"type": name, "value": value} for name, value in body]
    return factories.make_standard("Links", body=block.to_python(raw))


def test_the_links_of_all_texts_of_one_kind_take_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    targets = [factories.make_standard(f"Target {number}") for number in range(3)]
    page_that_links_to(*targets).body.render_as_block()  # warms Wagtail's cache of the sites' addresses
    page = StandardPage.objects.get(slug="links")
    with django_assert_num_queries(2):  # those of the paragraphs, and those of the answers
        html = page.body.render_as_block()
    for target in targets:
        assert html.count(f'href="{target.url}"') == 2


def test_a_link_to_a_page_that_is_no_longer_live_is_no_link() -> None:
    target = factories.make_standard("Soon gone")
    page = page_that_links_to(target)
    target.unpublish()
    html = page.body.render_as_block()
    assert "href" not in html
    assert "there" in html


def test_a_link_with_a_broken_id_is_no_link() -> None:
    block = StandardPage.body.field.stream_block
    value = block.to_python([{"type": "text", "value": '<p><a linktype="page" id="x">there</a></p>'}])
    assert "there" in value.render_as_block()
    assert "href" not in value.render_as_block()


def test_a_paragraph_is_drawn_as_wagtail_draws_it() -> None:
    target = factories.make_standard("Target")
    source = f'{link_to(target, "a <b>way</b> &amp; more")}<ul><li>one</li></ul><embed embedtype="image" id="0"/>'
    block = StandardPage.body.field.stream_block
    (drawn,) = block.to_python([{"type": "text", "value": source}])
    assert str(drawn.value) == str(RichText(source))
    assert target.url in str(drawn.value)
    assert conditional_escape(drawn.value) == str(drawn.value)


def test_the_editors_form_holds_the_text_as_the_browser_writes_it() -> None:
    stored = '<p data-block-key="a1b2c"><a href="https://a.example/">There</a></p>'
    assert RichTextEditor().format_value(stored) == (
        '{"blocks":[{"key":"a1b2c","text":"There","type":"unstyled","depth":0,"inlineStyleRanges":[],'
        '"entityRanges":[{"offset":0,"length":5,"key":0}],"data":{}}],'
        '"entityMap":{"0":{"type":"LINK","mutability":"MUTABLE","data":{"url":"https://a.example/"}}}}'
    )


def test_what_the_editor_is_given_comes_back_unchanged() -> None:
    stored = '<p data-block-key="a1b2c">Rest <b>well</b>.</p><ul><li data-block-key="d3e4f">Sleep</li></ul>'
    editor = RichTextEditor()
    assert editor.value_from_datadict({"text": editor.format_value(stored)}, {}, "text") == stored


def test_pages_are_edited_with_this_editor() -> None:
    block = StandardPage.body.field.stream_block.child_blocks["text"]
    for field in (block.field, LocationPage.parking.field.formfield()):
        assert isinstance(field.widget, RichTextEditor)
