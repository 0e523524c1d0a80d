from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from clinic.demo import words
from clinic.demo.build import is_empty
from clinic.models import ClinicRendition
from tests.conftest import rolled_back_afterwards
from tests.demo.loading import NOT_CONTENT, everything, load, small_pictures


@pytest.fixture(autouse=True)
def _no_index_of_references() -> None:
    """Here it is kept: `load_demo --flush-demo` reads who still needs what."""


@pytest.fixture(scope="package")
def demo(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """The loaded demo; what a test changes in it is rolled back after the test. Says what was there before it."""
    with pytest.MonkeyPatch.context() as patch, rolled_back_afterwards(django_db_blocker):
        patch.setattr(words, "PICTURES", small_pictures(tmp_path_factory.mktemp("pictures"), 160, 90))
        before = everything(without=NOT_CONTENT)
        assert is_empty()
        yield {"before": before, "said": load(), "renditions": ClinicRendition.objects.count()}
