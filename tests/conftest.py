"""What tests of more than one room share: the clinic's first pages, its people, and a broken database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import DjangoDbBlocker, Settings
from wagtail.models import Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from clinic.models import ClinicDetails, HomePage
from tests import factories, migrated_database
from tests.database_copy import DatabaseCopy, sql_flush

USES_DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}
# What takes seconds to make for the tests of a module: `--dist=loadgroup` lets one worker have all of these.
MADE_FOR_A_MODULE = {"rolled_back_after_the_module", "two_enquiries"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests that use a database: CI runs only these on PostgreSQL."""
    fixtures = getattr(item, "fixturenames", ())
    if item.get_closest_marker("django_db") or USES_DATABASE.intersection(fixtures):
        item.add_marker("uses_database")
    if MADE_FOR_A_MODULE.intersection(fixtures):
        item.add_marker(pytest.mark.xdist_group(item.path.name))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that commit last, whatever the shuffle says: they leave a database without its first rows."""
    items.sort(key=_commits)


def _commits(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    needs: list[str] = getattr(item, "fixturenames", [])
    return bool(mark and mark.kwargs.get("transaction")) or "transactional_db" in needs or "live_server" in needs


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        migrated_database.start_from_it()
    creation: Any = connection.creation
    creation.create_test_db = _use_the_copy
    # A test that commits begins with the rows of the migrations: Django would make each anew from its JSON.
    creation.serialize_db_to_string = DatabaseCopy
    creation.deserialize_db_from_string = DatabaseCopy.put_back
    if connection.vendor == "postgresql":
        operations: Any = connection.ops
        operations.sql_flush = sql_flush


def _use_the_copy(verbosity: int, autoclobber: bool, keepdb: bool, **_options: bool) -> str:
    """Do as Django's `create_test_db`, but do not migrate what is migrated: looking for more takes three seconds."""
    creation: Any = connection.creation
    name = creation._get_test_db_name()
    creation._create_test_db(verbosity, autoclobber, keepdb)
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name
    return str(name)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """SQLite's file is there already, in a folder that goes with the worker; PostgreSQL makes its own copy."""
    return connection.vendor == "sqlite"


@pytest.fixture(autouse=True)
def _nothing_left_from_other_tests(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> None:
    """Give each test an empty cache and its own place for the last known phone number.

    A new page asks for its content type: in a test without a database that worked only after a test with one.
    """
    cache.clear()
    if not request.node.get_closest_marker("uses_database"):
        ContentType.objects.clear_cache()
    settings.STATE_DIR = tmp_path / "state"


@pytest.fixture(autouse=True)
def _no_index_of_references() -> Iterator[None]:
    """A page is made in two thirds of the time without it; only taking the demo away reads it."""
    with disable_reference_index_auto_update():
        yield


@pytest.fixture
def home(db: None) -> HomePage:
    return factories.home_page()


@pytest.fixture
def site(home: HomePage) -> Site:
    return Site.objects.get(root_page=home)


@pytest.fixture
def details(site: Site) -> ClinicDetails:
    details = ClinicDetails.for_site(site)
    details.name = "Fireweed Physiotherapy"
    details.phone = "867-555-0142"
    details.email = "hello@fireweed.example.org"
    details.save()
    return details


@pytest.fixture(scope="module")
def rolled_back_after_the_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let a fixture of module scope write to the database; all of it is rolled back after the module.

    The module's tests must be marked `django_db`: there is no test database without one that is.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        cache.clear()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def visit(rf: RequestFactory) -> HttpRequest:
    """A visitor's request for the home page."""
    return rf.get("/")


@pytest.fixture
def manager(db: None) -> User:
    return factories.make_person("Managers")


@pytest.fixture
def physio(db: None) -> User:
    return factories.make_person("Physiotherapists")


@pytest.fixture
def receptionist(db: None) -> User:
    return factories.make_person("Reception")


def _no_answer(*_args: Any) -> None:
    raise OperationalError("the database is down")


@pytest.fixture
def database_gone(db: None) -> Iterator[None]:
    """From here on every query fails."""
    with connection.execute_wrapper(_no_answer):
        yield
