import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from clinic.models import PractitionerPage
from services.models import ServicePage
from tests import factories
from tests.services.sign_off.signed_page import DAY, TODAY, WORDS, stored


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)


@pytest.fixture
def robin(physio: User) -> PractitionerPage:
    """The physiotherapist with a valid licence."""
    return factories.make_practitioner(user=physio, licence_valid_until=TODAY)


@pytest.fixture
def author(db: None) -> User:
    return factories.make_person("Physiotherapists", "author")


@pytest.fixture
def page(robin: PractitionerPage) -> ServicePage:
    """A published treatment that Robin signed off a month ago."""
    page = factories.make_service(**WORDS)
    revision = page.save_revision()
    revision.publish()
    page = stored(page)
    factories.sign_off(page, reviewed_by=robin, last_reviewed=TODAY - 30 * DAY, revision=revision)
    return stored(page)
