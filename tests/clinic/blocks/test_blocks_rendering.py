from typing import Any

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from wagtail.blocks import Block, StreamBlockValidationError, StructBlockValidationError
from wagtail.rich_text import RichText

from clinic.blocks import ButtonBlock, CareCardBlock, StoryBlock
from clinic.blocks.story import headings
from clinic.blocks.text import RichTextBlock
from clinic.models import ClinicDetails, LocationPage
from services.blocks import TreatmentStoryBlock
from tests import factories

BLOCKS = TreatmentStoryBlock().child_blocks  # those of other pages are among them


def drawn(block: Block, value: Any, request: HttpRequest | None = None) -> str:
    return str(block.render(block.normalize(value), context={"request": request} if request else None))


@pytest.mark.django_db
@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS.keys())
def test_every_block_has_a_description_and_a_preview(block: Block, details: ClinicDetails, visit: HttpRequest) -> None:
    assert block.meta.icon != "placeholder"
    assert block.meta.description
    assert block.meta.group
    factories.make_image()
    bound = block.bind(block.get_preview_value())
    context = block.get_preview_context(bound.value, {"request": visit})
    assert "style=" not in str(block.render(bound.value, context=context))
    page = render_to_string("wagtailcore/shared/block_preview.html", {"bound_block": bound, "block_def": block}, visit)
    assert "<style>" in page
    assert 'class="story"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("level", "words"),
    [("non_urgent", "Non-urgent advice"), ("urgent", "Urgent advice"), ("emergency", "Emergency: act now")],
)
def test_a_care_card_has_its_level_in_words_and_only_an_emergency_card_the_clinics_wording_with_numbers_to_dial(
    details: ClinicDetails, visit: HttpRequest, level: str, words: str
) -> None:
    details.emergency_wording = "Call 911. From a satellite phone call (867) 667-5555."
    details.save()
    html = drawn(CareCardBlock(), {"level": level, "heading": "Call us if", "text": "<p>it lasts</p>"}, visit)
    assert f'<span class="hidden">{words}: </span>Call us if' in html
    assert f"care-card--{level}" in html
    for number in ("tel:911", "tel:+18676675555"):
        assert (f'href="{number}"' in html) is (level == "emergency")


def test_a_heading_can_be_linked_to_and_is_listed_and_a_second_one_that_says_the_same_is_refused() -> None:
    body = StoryBlock().to_python(factories.BODY)
    assert headings(body) == [{"text": "What to expect", "anchor": "what-to-expect"}]
    assert 'id="what-to-expect"' in drawn(BLOCKS["heading"], "What to expect")
    block = StoryBlock()
    headings_of = [{"type": "heading", "value": words} for words in ("Risks", "Afterwards", "Risks!")]
    with pytest.raises(StreamBlockValidationError) as refused:
        block.clean(block.to_python(headings_of))
    assert set(refused.value.block_errors) == {2}
    assert len(block.clean(block.to_python(headings_of[:2]))) == 2


def button(**target: Any) -> dict[str, Any]:
    return {"text": "Ask us", "page": None, "url": "", "phone": False, "form": ""} | target


def test_a_button_has_exactly_one_target() -> None:
    block = ButtonBlock()
    for one in (button(phone=True), button(form="appointment")):
        block.clean(block.normalize(one))
    for wrong, field in ((button(), "page"), (button(url="https://example.org/", phone=True), "url")):
        with pytest.raises(StructBlockValidationError) as refused:
            block.clean(block.normalize(wrong))
        assert field in refused.value.block_errors


@pytest.mark.django_db
def test_a_button_dials_the_clinic_or_leads_to_a_published_page(details: ClinicDetails, visit: HttpRequest) -> None:
    assert 'href="tel:+18675550142"' in drawn(ButtonBlock(), button(phone=True), visit)
    page = factories.make_standard("About us")
    block = ButtonBlock()
    assert 'href="/about-us/"' in str(block.render(block.to_python(button(page=page.pk)), {"request": visit}))
    page.unpublish()
    assert "href" not in str(block.render(block.to_python(button(page=page.pk)), {"request": visit}))


def test_a_video_is_a_link_and_nothing_of_its_site_is_loaded() -> None:
    html = str(BLOCKS["video_link"].render(BLOCKS["video_link"].get_preview_value()))
    assert '<a class="video-link__link" href="https://video.example.org/shoulder">' in html
    assert not any(tag in html for tag in ("<iframe", "<video", "<img", "<script"))


def test_inputs_of_the_page_editor_have_the_label_of_their_block() -> None:
    names = [BLOCKS[name].field.widget.attrs["aria-label"] for name in ("heading", "drawing")]
    assert names == ["Heading", "Drawing"]
    assert BLOCKS["text"].field.widget.options["ariaLabel"] == "Text"
    lists = [BLOCKS["do_dont"].child_blocks[name].child_block for name in ("do", "dont")]
    assert [block.field.widget.attrs["aria-label"] for block in lists] == ["Things that help", "Things to avoid"]


def test_the_items_of_a_list_do_not_run_into_one_another_in_search_results() -> None:
    html = "<p>Call if:</p><ul><li>it is numb</li><li>it is weak.</li><li>you fell</li></ul>"
    parking: Any = LocationPage._meta.get_field("parking")
    for [found] in (RichTextBlock().get_searchable_content(RichText(html)), parking.get_searchable_content(html)):
        assert " ".join(found.split()) == "Call if: it is numb; it is weak. you fell"
