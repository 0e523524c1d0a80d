"""The demo clinic, loaded once for the tests of a module."""

from collections.abc import Iterator
from typing import Any

import pytest

from clinic.demo import words
from clinic.demo.build import is_empty
from clinic.models import ClinicRendition
from tests.demo.loading import NOT_CONTENT, everything, load, small_pictures


@pytest.fixture(autouse=True)
def _no_index_of_references() -> None:
    """Here it is kept: `load_demo --flush-demo` reads who still needs what."""


@pytest.fixture(scope="module")
def pictures_are_small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "PICTURES", small_pictures(tmp_path_factory.mktemp("pictures"), 160, 90))
        yield


@pytest.fixture(scope="module")
def demo(pictures_are_small: None, rolled_back_after_the_module: None) -> dict[str, Any]:
    """The loaded demo; what a test changes in it is rolled back after the test. Says what was there before it."""
    before = everything(without=NOT_CONTENT)
    assert is_empty()
    return {"before": before, "said": load(), "renditions": ClinicRendition.objects.count()}
