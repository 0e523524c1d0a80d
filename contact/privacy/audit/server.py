"""How the site is set up: encryption, cookies, secrets, and what a stranger could read."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import checks
from django.db import connection

from contact.privacy.audit.finding import Finding, finding

if TYPE_CHECKING:
    from datetime import datetime

HALF_A_YEAR = 15_768_000  # seconds
SHORTEST_SECRET = 50
FEWEST_SIGNS = 20  # different ones: a random key of this length has more
ONE_DAY = 24 * 60 * 60


def encryption(_now: datetime) -> Finding:
    is_https = settings.SITE_URL.startswith("https:")
    safe = is_https and settings.SECURE_SSL_REDIRECT and settings.SECURE_HSTS_SECONDS >= HALF_A_YEAR
    return finding(
        "Encryption on the way to the site",
        "Public address, redirect to HTTPS, and how long browsers keep to it (HSTS).",
        [
            f"Address: {settings.SITE_URL}",
            f"Redirects to HTTPS: {_yes(settings.SECURE_SSL_REDIRECT)}",
            f"HSTS: {settings.SECURE_HSTS_SECONDS // ONE_DAY} days",
        ],
        wrong=not safe,
        to_do="Give SITE_URL an address with https: redirect, HSTS and secure cookies follow from it.",
    )


def cookies(_now: datetime) -> Finding:
    rules = {
        "Session cookie over HTTPS alone": settings.SESSION_COOKIE_SECURE,
        "Session cookie hidden from scripts": settings.SESSION_COOKIE_HTTPONLY,
        "Session cookie stays with this site": settings.SESSION_COOKIE_SAMESITE in {"Lax", "Strict"},
        "Form cookie over HTTPS alone": settings.CSRF_COOKIE_SECURE,
        "Signed out after a working day": settings.SESSION_COOKIE_AGE <= ONE_DAY // 2,
    }
    return finding(
        "Cookies of staff",
        "Visitors get none. Those of staff, and how long a session lasts.",
        [f"{rule}: {_yes(holds)}" for rule, holds in rules.items()],
        wrong=not all(rules.values()),
        to_do="Mend what says no, in clinic/settings/base.py or by an https address in SITE_URL.",
    )


def secrets(_now: datetime) -> Finding:
    length = len(settings.SECRET_KEY)
    guessable = (
        length < SHORTEST_SECRET or "development" in settings.SECRET_KEY or len(set(settings.SECRET_KEY)) < FEWEST_SIGNS
    )
    return finding(
        "Secrets, and what errors show",
        "How long the secret key is, and whether errors show the inside of the site (DEBUG). The key is not told here.",
        [f"SECRET_KEY: {length} characters", f"DEBUG: {_yes(settings.DEBUG)}"],
        wrong=guessable or settings.DEBUG,
        to_do="Run the site with clinic.settings.production and a random SECRET_KEY of 50 characters or more.",
    )


def mail_server(_now: datetime) -> Finding:
    is_smtp = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
    way = "TLS from the start" if settings.EMAIL_USE_SSL else "STARTTLS" if settings.EMAIL_USE_TLS else "none"
    return finding(
        "Encryption on the way to the mail server",
        "How the worker hands over its mail. E-mail holds no name and no message all the same.",
        [f"Sends by: {settings.EMAIL_BACKEND.split('.')[-2]}", f"Encryption: {way}"],
        wrong=not is_smtp or way == "none",
        to_do="Set EMAIL_URL to submission://… or to smtp://…?ssl=true.",
    )


def database(_now: datetime) -> Finding:
    options = connection.settings_dict.get("OPTIONS", {})
    if connection.vendor == "sqlite":
        return Finding("The database", "How it is reached.", ["SQLite, a file on this machine"])
    host = connection.settings_dict.get("HOST") or "this machine"
    is_near = host in {"this machine", "localhost", "127.0.0.1", "::1"} or str(host).startswith("/")
    ssl = options.get("sslmode", "not asked for")
    return finding(
        "The database",
        "How it is reached, and whether the way there is encrypted.",
        [f"{connection.vendor} on {'this machine' if is_near else 'another machine'}", f"Encryption: {ssl}"],
        wrong=not is_near and ssl not in {"require", "verify-ca", "verify-full"},
        to_do="Add ?sslmode=verify-full to DATABASE_URL.",
    )


def files(_now: datetime) -> Finding:
    folders = [settings.STATE_DIR, settings.STATE_DIR.parent]
    name = connection.settings_dict.get("NAME") if connection.vendor == "sqlite" else ""
    open_ones = [path.name for path in [*folders, *([Path(str(name))] if name else [])] if _is_open(path)]
    return finding(
        "Files on the server",
        "Whether other accounts of the machine can read the database or change what the site writes.",
        [f"{name}: open to others" for name in open_ones] or ["Open to nobody else"],
        wrong=open_ones,
        to_do="Take the rights of others away: chmod 750 on folders, chmod 640 on the database; UMask=0027 in systemd.",
    )


def deployment(_now: datetime) -> Finding:
    """What Django itself says of the settings (`manage.py check --deploy`)."""
    told = checks.run_checks(include_deployment_checks=True)
    said = [f"{one.id}: {one.msg}" for one in told if one.level >= checks.WARNING and not one.is_silenced()]
    return finding(
        "Django’s own checks of a deployment",
        "What “manage.py check --deploy” says.",
        said or ["Nothing"],
        wrong=said,
        to_do="Mend what is named; each line says which setting.",
    )


def _yes(holds: object) -> str:
    return "yes" if holds else "no"


def _is_open(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return bool(mode & (stat.S_IWOTH if stat.S_ISDIR(mode) else stat.S_IROTH | stat.S_IWOTH))
