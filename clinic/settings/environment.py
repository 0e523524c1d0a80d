"""The values of a deployment, read from the environment and checked.

A missing or malformed value stops the start with one message that begins with the variable's name. Each parser takes
the variable's text and raises `ValueError` with a sentence, which never quotes a text that may contain a password.
"""

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import getaddresses
from functools import partial
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

import dj_database_url
import dj_email_url
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from django.http.request import split_domain_port, validate_host
from dotenv import load_dotenv

BASE_DIR = Path(__file__).resolve().parents[2]
# With these options 16 writers stored 2,000 enquiries and lost none, and a stored enquiry survives a power failure.
# With Django's defaults 1,223 were lost.
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; "
        # Deleted data is overwritten: no purged enquiry is left in a free page of the file.
        "PRAGMA secure_delete=ON;"
    ),
}
SHORTEST_SECRET = 50
RANDOM_TEXT = "This prints a good one: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
# Words of keys that someone has published or typed; those in our own settings, tests and scripts contain one of them.
NOT_SECRET = (
    "insecure", "secret", "change", "example", "password", "clinic", "development", "for-tests",
    # How the keys begin that the tutorials of MDN, FastAPI and Flask print.
    "cg#p$g+j9tax", "09d25e094faa", "192b9bdd22ab",
)  # fmt: skip
FEWEST_PAIRS = 20  # 50 random characters have more, even if they are hexadecimal digits
# Digits, signs, and capitals inside words: 50 characters of Python’s `secrets` or of Django have more of them.
UNLIKE_WORDS, FEWEST_UNLIKE_WORDS = re.compile(r"\d|[^\w\s-]|(?<=[a-z])[A-Z]"), 6
# Keys side by side on a keyboard.
ROWS = "qwertyuiop asdfghjkl zxcvbnm 1q2w3e4r5t6y7u8i9o0p 1qaz2wsx3edc4rfv5tgb6yhn7ujm"
FLAGS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}

Value = TypeVar("Value")


def read_env_file(path: Path = BASE_DIR / ".env") -> None:
    """Copy every variable of the file that is not set yet into the environment, where libraries look too."""
    try:
        load_dotenv(path, interpolate=False)  # a `$` in a password is a `$`
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{path.name} cannot be read: {error}.") from error


def optional(name: str) -> str:
    """Return the variable's text without surrounding spaces; empty if it is not set."""
    return os.environ.get(name, "").strip()


def read(name: str, parse: Callable[[str], Value], default: str | None = None) -> Value:
    """Return the parsed variable, or the parsed default if it is empty or not set.

    Raises `ImproperlyConfigured` if there is neither, or if `parse` raises `ValueError`.
    """
    text = optional(name) or default
    if text is None:
        raise ImproperlyConfigured(f"{name} is not set; see .env.example.")
    try:
        return parse(text)
    except ValueError as error:
        # Not chained: the original error may quote a password.
        raise ImproperlyConfigured(f"{name}: {error}") from None


def data_dir() -> Path:
    """Return the folder for everything that the site writes: database, pictures, state, cache, mail files."""
    return read("DATA_DIR", path, "var")


def make_data_dir() -> Path:
    """Create that folder if necessary. It holds health information, so no other user may read it."""
    folder = data_dir()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR: {folder} cannot be created: {error.strerror}.") from error
    return folder


def one_of(text: str, values: Mapping[str, Value]) -> Value:
    if text.lower() not in values:
        raise ValueError(f"“{text}” is none of {', '.join(values)}.")
    return values[text.lower()]


flag = partial(one_of, values=FLAGS)


def minutes(text: str) -> int:
    """Return the seconds of a number of minutes."""
    if not text.isdecimal() or not int(text):
        raise ValueError(f"“{text}” is not a number of minutes.")
    return int(text) * 60


def path(text: str) -> Path:
    """Return an absolute path; a relative one starts at the project's folder."""
    return BASE_DIR / text


def items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def ip_addresses(text: str) -> list[str]:
    return [str(ip_address(item)) for item in items(text)]


def secret(text: str) -> str:
    if len(text) < SHORTEST_SECRET:
        raise ValueError(f"{len(text)} characters are fewer than {SHORTEST_SECRET}. {RANDOM_TEXT}")
    return text


def own_secret(text: str) -> str:
    """Return the secret if no one else can know or guess it."""
    is_sentence = len(UNLIKE_WORDS.findall(text)) < FEWEST_UNLIKE_WORDS
    if is_sentence or any(word in text.lower() for word in NOT_SECRET) or unpredictable_pairs(text) < FEWEST_PAIRS:
        raise ValueError(f"this one is published or easy to guess. {RANDOM_TEXT}")
    return secret(text)


def unpredictable_pairs(text: str) -> int:
    """Count the different pairs of neighbouring characters, without repeats, sequences and keys side by side."""
    letters = "".join(text.casefold().split())
    pairs = {a + b for a, b in pairwise(letters) if abs(ord(a) - ord(b)) > 1}
    return sum(pair not in ROWS and pair[::-1] not in ROWS for pair in pairs)


def parts_of(url: str) -> SplitResult:
    """Return the parts of a URL; empty ones if its host or port is malformed."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # which raises, too
    except ValueError:
        return urlsplit("")
    return parts


def url(text: str, schemes: set[str], example: str) -> str:
    """Return the URL if it has one of the schemes; it may be empty."""
    if text and parts_of(text).scheme not in schemes:
        raise ValueError(f"not a URL like {example}")
    return text


def site_url(text: str) -> str:
    """Return the public address without a trailing slash, such as `https://clinic.example`."""
    parts = parts_of(text)
    has_more = parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.port == 0
    if parts.scheme not in {"http", "https"} or not parts.hostname or has_more:
        raise ValueError(f"“{text}” is not an address like https://clinic.example (without a path).")
    return f"{parts.scheme}://{parts.netloc}"


def hosts(text: str, site_url: str) -> list[str]:
    """Return the host names that the site answers to, which must include the one of `site_url`."""
    for host in items(text):
        domain, port = split_domain_port(host.removeprefix("."))
        if not domain or port:
            raise ValueError(f"“{host}” is not a host name like clinic.example.")
    site_host, _port = split_domain_port(urlsplit(site_url).netloc)
    if not validate_host(site_host, items(text)):
        raise ValueError(f"“{site_host}”, the host of SITE_URL, is missing.")
    return items(text)


def database(text: str) -> dict[str, Any]:
    """Return `DATABASES["default"]`: SQLite in `DATA_DIR`, or the database that is named."""
    found: dict[str, Any] = {"ENGINE": "", "NAME": ""}
    with suppress(ValueError):
        found |= dj_database_url.parse(text or f"sqlite:///{data_dir() / 'clinic.sqlite3'}")
    if found["ENGINE"] == "django.db.backends.sqlite3" and found["NAME"] not in {"", ":memory:"}:
        file = {"ENGINE": "clinic.backends.sqlite", "NAME": BASE_DIR / found["NAME"]}
        return found | file | {"OPTIONS": SQLITE_OPTIONS, "CONN_MAX_AGE": None}
    if found["ENGINE"] == "django.db.backends.postgresql" and found["NAME"]:
        options = {"connect_timeout": 5} | found.get("OPTIONS", {})
        # No cursors on the server: they break behind pgbouncer in transaction mode, and few rows are read at a time.
        kept = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "DISABLE_SERVER_SIDE_CURSORS": True}
        return found | {"OPTIONS": options} | kept
    raise ValueError("not a URL like sqlite:////srv/clinic/clinic.sqlite3 or postgres://user:password@host/database")


def storage(bucket: str, site_url: str) -> dict[str, Any]:
    """Return the storage of uploaded pictures: `MEDIA_ROOT`, or the S3 bucket that is named."""
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    site = urlsplit(site_url)
    options = {
        # Pages use the clinic's own address, not the bucket's: a visitor's browser contacts no third party.
        "custom_domain": f"{site.netloc}/media",
        "url_protocol": f"{site.scheme}:",
        "querystring_auth": False,
    }
    return s3_storage("MEDIA_BUCKET", bucket, **options)


def s3_storage(variable: str, bucket: str, **options: Any) -> dict[str, Any]:
    """Return the storage of the bucket that the variable names; its server, if not Amazon's, is in another one."""
    endpoint = optional(f"{variable}_ENDPOINT") or None
    options |= {"bucket_name": bucket, "endpoint_url": endpoint, "file_overwrite": False}
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def mail(text: str) -> dict[str, Any]:
    """Return the `EMAIL_…` settings of a URL like `submission://user:password@host:587`."""
    found: dict[str, Any] = {"EMAIL_BACKEND": ""}
    with suppress(ValueError):
        found |= dj_email_url.parse(text)
    # A path means that a / in the password has cut off the server's name.
    needs_server = "smtp" in found["EMAIL_BACKEND"]
    if not found["EMAIL_BACKEND"] or (needs_server and (found["EMAIL_FILE_PATH"] or not found["EMAIL_HOST"])):
        example = "submission://user:password@mail.clinic.example:587 or file:"
        raise ValueError(f"not a URL like {example} (in user and password @ is %40, : is %3A, / is %2F)")
    return found | {"EMAIL_FILE_PATH": data_dir() / (found["EMAIL_FILE_PATH"] or "mail")}


def mail_connection(text: str) -> dict[str, Any]:
    """Return the arguments of `django.core.mail.get_connection` for such a URL."""
    found = mail(text)
    names = {"host": "HOST", "port": "PORT", "username": "HOST_USER", "password": "HOST_PASSWORD"}
    names |= {"backend": "BACKEND", "use_tls": "USE_TLS", "use_ssl": "USE_SSL"}
    return {argument: found[f"EMAIL_{name}"] for argument, name in names.items()}


def sender(text: str) -> str:
    try:
        ((_display, address),) = getaddresses([text])
        validate_email(address)
    except (ValueError, ValidationError):  # several addresses, or an invalid one
        raise ValueError(f"“{text}” is not one sender like Clinic <hello@clinic.example>.") from None
    return text
