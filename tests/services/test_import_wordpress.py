import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from clinic.models import ClinicImage, HomePage, StandardPage
from services.models import ConditionIndexPage, ImportedItem, ServiceIndexPage, ServicePage
from services.wordpress import export, importing
from services.wordpress.content import convert
from tests import factories

CASES = Path(__file__).with_name("wordpress.toml")
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old site</title><wp:wxr_version>1.2</wp:wxr_version>"""
IMS = """<p>IMS is a treatment for pain. It provides <strong>lasting relief</strong>, guaranteed.</p>

A line without a paragraph, see <a href="https://old.example/gone/">this page</a>.
[ninja_form id=3]

No Fields Found."""


def item(number: int, title: str, content: str = "", **changed: str) -> str:
    name = title.lower().replace(" ", "-")
    values = {"post_type": "page", "status": "publish", "post_name": name, "post_parent": "0", **changed}
    own = "".join(f"<wp:{key}>{value}</wp:{key}>" for key, value in values.items() if ":" not in key)
    meta = "".join(
        f"<wp:postmeta><wp:meta_key>{key[5:]}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>"
        for key, value in changed.items()
        if key.startswith("meta:")
    )
    return (
        f"<item><title>{title}</title><link>https://old.example/{name}/</link><dc:creator>jo</dc:creator>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded><wp:post_id>{number}</wp:post_id>"
        f'<wp:post_date>2014-03-02 10:00:00</wp:post_date>{own}{meta}<category domain="category" nicename="news">'
        "News</category></item>"
    )


@pytest.fixture
def write(tmp_path: Path, settings: Settings, site: Any) -> Any:
    settings.DATA_DIR = tmp_path
    factories.only(ServiceIndexPage, "services")
    factories.only(ConditionIndexPage, "conditions")

    def export_with(*items: str) -> Path:
        file = tmp_path / "export.xml"
        file.write_text(f"{HEAD}{''.join(items)}</channel></rss>", "utf-8")
        return file

    return export_with


def test_the_old_needling_page_becomes_a_draft_with_our_form_and_its_address_leads_there(
    write: Any, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(item(42, "Dry Needling", IMS))
    call_command("import_wordpress", file, dry_run=True)
    assert not ServicePage.objects.exists()
    call_command("import_wordpress", file)
    said = capsys.readouterr().out
    for line in ("42 /dry-needling/ “Dry Needling”: treatment", "[ninja_form id=3]", "“guaranteed”", "/gone/"):
        assert line in said
    page = ServicePage.objects.get()
    assert not page.live
    assert page.shows_enquiry_form
    (text,) = page.get_latest_revision_as_object().body
    assert text.block_type == "text"
    assert "No Fields" not in str(text.value)
    assert "<p>A line without a paragraph" in str(text.value)
    assert client.get("/dry-needling/").status_code == 404
    page.get_latest_revision().publish()
    for address in ("/dry-needling/", "/dry-needling/feed/", "/Dry-Needling/amp/", "/?p=42", "/?page_id=42"):
        assert client.get(address, follow=True).redirect_chain[-1][0].endswith(page.url), address


def test_a_second_run_updates_what_no_one_touched_and_makes_no_doubles(
    write: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, third = item(1, "Massage"), item(2, "Taping"), item(3, "Cupping")
    call_command("import_wordpress", write(first, second, third))
    edited = ServicePage.objects.get(title="Taping")
    edited.title = "Taping, by us"
    edited.save_revision()
    ServicePage.objects.get(title="Cupping").delete()
    capsys.readouterr()
    new = [item(1, "Massage", "New words"), item(2, "Taping", "New words"), item(3, "Cupping")]
    call_command("import_wordpress", write(*new))
    said = capsys.readouterr().out
    assert "Edited here since the last import: left as they are (1)\n  Taping" in said
    assert "Deleted here since the last import: not made again (1)\n  Cupping" in said
    massage, taping = ServicePage.objects.order_by("path")
    assert "New words" in str(massage.get_latest_revision_as_object().body)
    assert taping.get_latest_revision_as_object().title == "Taping, by us"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{HEAD}{item(1, 'Massage')}<item><title>Broken", "broken or incomplete at line 4"),
        (f"{HEAD}{item(1, 'Massage')}</channel></rss><extra>", "broken or incomplete"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><rss>&a;</rss>', "entities"),
        ("<html><body>Not found</body></html>", "not a WordPress export"),
        ("", "broken or incomplete"),
    ],
)
def test_of_what_is_not_a_whole_export_nothing_is_imported(site: Any, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "x.xml").write_text(text)
    with pytest.raises(CommandError, match=words):
        call_command("import_wordpress", tmp_path / "x.xml")
    assert not ServicePage.objects.exists()
    assert not ImportedItem.objects.exists()


@pytest.mark.parametrize("case", tomllib.loads(CASES.read_text("utf-8"))["case"], ids=lambda case: case["html"])
def test_what_wordpress_and_page_builders_write_becomes_blocks(case: dict[str, Any]) -> None:
    assert [list(block) for block in convert(case["html"], lambda _address: None).blocks] == case["blocks"]


@pytest.mark.parametrize(
    "dead",
    ["No Fields Found.", "[ninja_form id=3]", '[contact-form-7 id="5" title="Contact"]', '[wpforms id="7"]',
     '[gravityform id="1" title="false"]', "[formidable id=2]", "<form action='/send.php'><input name='name'></form>",
     "[contact-form][contact-field label='Name' type='name' /][/contact-form]"],
)  # fmt: skip
def test_a_dead_form_is_reported_and_leaves_no_trace(dead: str) -> None:
    content = convert(f"<p>Write to us.</p>{dead}", lambda _address: None)
    assert content.dead_forms
    assert content.blocks == [("text", "<p>Write to us.</p>")]


def test_pictures_come_from_the_media_folder_with_their_description(
    write: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    media = tmp_path / "uploads" / "2014"
    media.mkdir(parents=True)
    (media / "Room.jpg").write_bytes(factories.jpeg(900, 600))
    (media / "broken.jpg").write_bytes(b"no picture")
    at = "https://old.example/wp-content/uploads/2014/"
    room = item(
        7, "Room", post_type="attachment", attachment_url=f"{at}Room.jpg", **{"meta:_wp_attachment_image_alt": "A bed"}
    )
    html = f'<img src="{at}Room-300x200.jpg"><img src="{at}gone.jpg"><img src="{at}broken.jpg">'
    file = write(item(1, "Massage", html), room)
    for _ in range(2):
        call_command("import_wordpress", file, media=tmp_path / "uploads")
    said = capsys.readouterr().out
    assert "gone.jpg" in said
    assert "Pictures that cannot be used" in said
    image = ClinicImage.objects.get()
    assert (image.title, image.description) == ("Room", "A bed")
    (block,) = ServicePage.objects.get().get_latest_revision_as_object().body
    assert block.value["image"] == image


def test_posts_go_below_the_archive_and_old_lists_lead_there(write: Any, client: Client, home: HomePage) -> None:
    call_command("import_wordpress", write(item(1, "We moved", "Hello", post_type="post")))
    archive = StandardPage.objects.get(slug="archive")
    assert [page.title for page in archive.get_children()] == ["We moved"]
    assert not archive.live
    archive.get_latest_revision_as_object().save_revision().publish()
    assert client.get("/category/news/", follow=True).redirect_chain[-1][0].endswith("/archive/")


@pytest.mark.parametrize(
    ("title", "values", "kind"),
    [
        ("Shoulder pain", {}, "condition"),
        ("Pelvic physiotherapy", {}, "treatment"),
        ("Contact us", {}, "page"),
        ("Jo Example", {"post_type": "team"}, "person"),
        ("Anything", {"post_type": "nav_menu_item"}, "skip"),
        ("Massage", {"status": "trash"}, "skip"),
        ("Hello world", {"post_type": "post"}, "archive"),
    ],
)
def test_a_page_becomes_what_its_type_and_words_say(write: Any, title: str, values: dict[str, str], kind: str) -> None:
    file = write(item(5, title, **values))
    importer = importing.Importer(file, None, None, is_dry_run=True)
    (read,) = export.read(file)
    assert importer.kind(read) == kind
    importer.rules["pages"] = {"5": "location"}
    assert importer.kind(read) == ("skip" if "status" in values else "location")


def test_characters_that_xml_forbids_are_blanks(write: Any) -> None:
    assert [read.title for read in export.read(write(item(5, "A\x0bB")))] == ["A B"]
