import pytest
from django.test import Client
from wagtail.models import Page

from tests import factories

WILD = [
    '"', "\x00", '"""', "a\x00b", "'", "\\", "*", "-", "(", ")", "AND", "OR NOT", ":", "^", "{}", "😀", "%",
    "x" * 10_000,
]  # fmt: skip


@pytest.mark.django_db
def test_words_between_quotation_marks_are_found() -> None:
    page = factories.make_standard("Frozen shoulder")
    assert [found.pk for found in Page.objects.search('"frozen shoulder"')] == [page.pk]
    assert [found.pk for found in Page.objects.autocomplete('"froz')] == [page.pk]


@pytest.mark.parametrize("address", ["/admin/pages/search/", "/admin/images/", "/admin/users/"])
def test_no_text_breaks_a_search(admin_client: Client, address: str) -> None:
    for typed in WILD:
        assert admin_client.get(address, {"q": typed}).status_code == 200, typed[:20]
