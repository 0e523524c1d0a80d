"""What tests of more than one room share: the clinic's first pages, its people, and a broken database."""

import functools
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from coverage import Coverage
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest
from django.test import Client, RequestFactory
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings
from wagtail.models import Site
from wagtail.signal_handlers import disable_reference_index_auto_update
from xdist.scheduler import LoadScopeScheduling

from clinic.models import ClinicDetails, HomePage
from tests import factories, migrated_database
from tests.database_copy import DatabaseCopy

# Fixtures for several tests, which take seconds to make.
MADE_FOR_SEVERAL = ("rolled_back_after", "two_enquiries")
USES_DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}
_numbers = count()

# A busy machine is slow, which is no fault. Deeper: `pytest --hypothesis-profile=deep`.
for _profile, _examples in (("usual", 50), ("deep", 2000)):
    hypothesis_settings.register_profile(
        _profile, max_examples=_examples, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
hypothesis_settings.load_profile("usual")


def uses_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db") or USES_DATABASE.intersection(getattr(item, "fixturenames", ())))


class Schedule(LoadScopeScheduling):
    """Give one worker all tests that share rows, which take seconds to make, and the others to whoever is free.

    xdist's own groups do nothing: it marks them in `_nodeid`, which pytest 9.2 no longer reads.
    """

    def _split_scope(self, nodeid: str) -> str:
        return shared_rows(nodeid.partition("::")[0]) or nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Schedule:
    return Schedule(config, log)


@functools.cache
def shared_rows(file: str) -> str:
    """Return the folder's conftest.py or the file, whichever makes rows for several tests; else nothing."""
    path = migrated_database.ROOT / file
    for maker in (path.with_name("conftest.py"), path):
        if maker.exists() and maker != Path(__file__) and any(name in maker.read_text() for name in MADE_FOR_SEVERAL):
            return str(maker)
    return ""


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Let a worker measure its coverage once, so that `no_cover` ends it.

    By now pytest-cov has begun twice, and coverage itself once, as in every process that a test starts: whichever
    pauses lets the one before it go on, and nothing was gained.
    """
    measuring = Coverage.current()
    if measuring and hasattr(session.config, "workerinput"):
        while begun := Coverage.current():
            begun.stop()
        measuring.start()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Do not measure what is made for a test that is not measured: pytest-cov leaves out only the test itself."""
    measuring = Coverage.current() if item.get_closest_marker("no_cover") else None
    if measuring:
        measuring.stop()
    try:
        yield
    finally:
        if measuring:
            measuring.start()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that commit last, whatever the shuffle says: they leave a database without its first rows.

    Of a test with several cases that use a database, coverage is measured in one: measuring makes it take twice as
    long, and the other cases seldom run other lines.
    """
    measured = set()
    for item in sorted(items, key=lambda item: item.nodeid):
        test = item.nodeid.partition("[")[0]
        if test in measured and uses_database(item):
            item.add_marker("no_cover")
        measured.add(test)
    items.sort(key=_commits)


def pytest_collection_finish() -> None:
    """Leave what all tests share out of every later search for garbage."""
    gc.collect()
    gc.freeze()


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
    operations: Any = connection.ops
    creation.create_test_db = _use_the_copy
    # A test that commits begins with the rows of the migrations: Django would make each anew from its JSON.
    creation.serialize_db_to_string = DatabaseCopy
    creation.deserialize_db_from_string = DatabaseCopy.put_back
    operations.sql_flush = lambda *_tables, **_options: []  # they are put back whole: there is nothing to empty first


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
def _nothing_left_from_other_tests(request: pytest.FixtureRequest, settings: Settings) -> None:
    """Give each test an empty cache and its own place for the last known phone number.

    A new page asks for its content type: in a test without a database that worked only after a test with one.
    """
    cache.clear()
    if not uses_database(request.node):
        ContentType.objects.clear_cache()
    settings.STATE_DIR = Path(settings.STATE_DIR).with_name(f"state-{next(_numbers)}")


@pytest.fixture(scope="session", autouse=True)
def _sign_in_at_once() -> Iterator[None]:
    with patch.object(Client, "_login", _open_session):
        yield


def _open_session(client: Client, user: User, backend: str) -> None:
    """Give the client the session that `force_login` opens, with one query for its twenty.

    django-axes would record the sign-in; tests of that post a password.
    """
    session = SessionStore()
    session.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: backend})
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)


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


@contextmanager
def rolled_back_afterwards(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let a fixture for several tests write to the database; all of it is rolled back after the last of them.

    The tests must be marked `django_db`: there is no test database without one that is.
    """
    with blocker.unblock(), transaction.atomic():
        cache.clear()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def rolled_back_after_the_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with rolled_back_afterwards(django_db_blocker):
        yield


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


@pytest.fixture
def as_manager(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


@pytest.fixture
def as_physio(client: Client, physio: User) -> Client:
    client.force_login(physio)
    return client


def _no_answer(*_args: Any) -> None:
    raise OperationalError("the database is down")


@pytest.fixture
def database_gone(db: None) -> Iterator[None]:
    """From here on every query fails."""
    with connection.execute_wrapper(_no_answer):
        yield
