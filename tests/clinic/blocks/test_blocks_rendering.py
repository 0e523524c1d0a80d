"""Every block an editor can choose explains itself and draws itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.template.loader import render_to_string
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError

from clinic.blocks import ButtonBlock, CareCardBlock, CareLevel, ImageBlock, StoryBlock
from clinic.blocks.story import heading_of_help, headings
from tests import factories

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.blocks import Block

    from clinic.models import ClinicDetails

BLOCKS = StoryBlock().child_blocks
every_block = pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS.keys())


def drawn(block: Block, value: Any, request: HttpRequest | None = None) -> str:
    return str(block.render(block.normalize(value), context={"request": request} if request else None))


def care_card(level: str) -> str:
    return drawn(CareCardBlock(), {"level": level, "heading": "Call us if", "text": "<p>it lasts</p>"})


@every_block
def test_every_block_tells_editors_what_it_is_for(block: Block) -> None:
    assert block.meta.icon != "placeholder"
    assert block.meta.description
    assert block.meta.group


@pytest.mark.django_db
@every_block
def test_every_block_draws_its_preview(block: Block, details: ClinicDetails, visit: HttpRequest) -> None:
    factories.make_image()
    value = block.get_preview_value()
    html = str(block.render(value, context={"request": visit}))
    assert "<" in html
    assert "style=" not in html


@pytest.mark.django_db
@every_block
def test_a_preview_stands_in_the_sites_own_style(block: Block, details: ClinicDetails, visit: HttpRequest) -> None:
    factories.make_image()
    bound = block.bind(block.get_preview_value())
    page = render_to_string("wagtailcore/shared/block_preview.html", {"bound_block": bound, "block_def": block}, visit)
    assert "<style>" in page
    assert 'class="story"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("level", "words"),
    [
        (CareLevel.NON_URGENT, "Non-urgent advice"),
        (CareLevel.URGENT, "Urgent advice"),
        (CareLevel.EMERGENCY, "Emergency: act now"),
    ],
)
def test_a_care_card_says_its_level_to_those_who_do_not_see_its_colour(level: CareLevel, words: str) -> None:
    html = care_card(level.value)
    assert f'<span class="hidden">{words}: </span>Call us if' in html
    assert f"care-card--{level.value}" in html


@pytest.mark.django_db
def test_an_emergency_card_repeats_the_clinics_wording_with_numbers_to_dial(
    details: ClinicDetails, visit: HttpRequest
) -> None:
    details.emergency_wording = "Call 911. From a satellite phone call (867) 667-5555."
    details.save()
    html = drawn(CareCardBlock(), CareCardBlock().get_preview_value(), visit)
    assert 'href="tel:911"' in html
    assert 'href="tel:+18676675555"' in html


@pytest.mark.django_db
@pytest.mark.parametrize("level", [CareLevel.NON_URGENT, CareLevel.URGENT])
def test_other_cards_keep_the_emergency_wording_to_themselves(level: CareLevel) -> None:
    assert "tel:911" not in care_card(level.value)


def test_a_heading_can_be_linked_to_and_is_listed() -> None:
    body = StoryBlock().to_python(factories.BODY)
    assert headings(body) == [{"text": "What to expect", "anchor": "what-to-expect"}]
    assert 'id="what-to-expect"' in drawn(BLOCKS["heading"], "What to expect")


def test_the_heading_over_the_first_emergency_card_leads_to_help() -> None:
    def body(*kinds: str) -> Any:
        cards = {
            level: {"type": "care_card", "value": {"level": level, "heading": "Call"}} for level in CareLevel.values
        }
        return StoryBlock().to_python([cards.get(kind) or {"type": "heading", "value": kind} for kind in kinds])

    help_is_here = {"text": "When to get help", "anchor": "when-to-get-help"}
    assert heading_of_help(body("Risks", "urgent", "When to get help", "urgent", "emergency", "Fees")) == help_is_here
    assert heading_of_help(body("When to get help", "urgent")) is None
    assert heading_of_help(body("emergency", "Fees")) is None


def button(**target: Any) -> dict[str, Any]:
    return {"text": "Ask us", "page": None, "url": "", "phone": False} | target


def test_two_headings_that_say_the_same_are_refused_at_the_second() -> None:
    block = StoryBlock()
    headings_of = [{"type": "heading", "value": words} for words in ("Risks", "Afterwards", "Risks!")]
    with pytest.raises(StreamBlockValidationError) as refused:
        block.clean(block.to_python(headings_of))
    assert set(refused.value.block_errors) == {2}
    assert len(block.clean(block.to_python(headings_of[:2]))) == 2


def test_a_button_without_a_target_is_refused() -> None:
    with pytest.raises(StructBlockValidationError) as refused:
        ButtonBlock().clean(ButtonBlock().normalize(button()))
    assert "page" in refused.value.block_errors


def test_a_button_with_two_targets_is_refused() -> None:
    with pytest.raises(StructBlockValidationError) as refused:
        ButtonBlock().clean(ButtonBlock().normalize(button(url="https://example.org/", phone=True)))
    assert set(refused.value.block_errors) == {"url", "phone"}


def test_a_button_with_one_target_is_taken() -> None:
    assert ButtonBlock().clean(ButtonBlock().normalize(button(phone=True)))["phone"] is True


@pytest.mark.django_db
def test_a_button_leads_to_its_page_and_goes_when_the_page_is_taken_down(visit: HttpRequest) -> None:
    page = factories.make_standard("About us")
    block = ButtonBlock()
    assert 'href="/about-us/"' in str(block.render(block.to_python(button(page=page.pk)), {"request": visit}))
    page.unpublish()
    assert "href" not in str(block.render(block.to_python(button(page=page.pk)), {"request": visit}))


@pytest.mark.django_db
def test_a_button_that_calls_dials_the_clinic(details: ClinicDetails, visit: HttpRequest) -> None:
    assert 'href="tel:+18675550142"' in drawn(ButtonBlock(), button(phone=True), visit)


@pytest.mark.django_db
def test_a_picture_whose_file_was_deleted_leaves_no_hole() -> None:
    assert "<figure" not in drawn(ImageBlock(), {"image": None, "caption": "Gone"})


def test_a_video_is_a_link_and_nothing_of_its_site_is_loaded() -> None:
    html = str(BLOCKS["video_link"].render(BLOCKS["video_link"].get_preview_value()))
    assert '<a class="video-link__link" href="https://video.example.org/shoulder">' in html
    assert "4 minutes" in html
    assert "Stand beside a table" in html
    assert not any(tag in html for tag in ("<iframe", "<video", "<img", "<script"))


def test_words_that_editors_type_are_escaped() -> None:
    html = drawn(BLOCKS["quote"], {"text": "<script>a</script>", "source": "<b>b</b>"})
    assert "<script>" not in html
    assert "<b>" not in html
