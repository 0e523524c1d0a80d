import pytest
from pytest_django import Settings


@pytest.fixture
def required(settings: Settings) -> None:
    """The second step is required of everyone."""
    settings.REQUIRE_SECOND_FACTOR = True
