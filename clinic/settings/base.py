"""Settings that are safe for production; the other files only fill in or relax them.

Everything that differs between deployments comes from the environment: `.env.example` explains each variable.
"""

import zoneinfo
from datetime import timedelta
from functools import partial
from typing import Any

from clinic.settings import environment
from clinic.settings.environment import optional, read

# The deployment
SECRET_KEY = read("SECRET_KEY", environment.secret)
SITE_URL = read("SITE_URL", environment.site_url)
ALLOWED_HOSTS = read("ALLOWED_HOSTS", partial(environment.hosts, site_url=SITE_URL))
_is_https = SITE_URL.startswith("https:")
# The proxies whose X-Forwarded-… headers are trusted, here and in gunicorn.conf.py.
TRUSTED_PROXIES = read("FORWARDED_ALLOW_IPS", environment.ip_addresses, "127.0.0.1,::1")

# Our own apps first, so that their templates override others.
INSTALLED_APPS = [
    "contact",
    "services",
    "clinic",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "clinic.admin.apps.ClinicUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",  # the admin needs it; no role uses it
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "clinic.admin.apps.ClinicAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "clinic.frontend.middleware.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clinic.frontend.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "clinic.lib.http.MethodMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "clinic.sign_in.middleware.SecondStepMiddleware",
    "clinic.sign_in.middleware.IdleMiddleware",
    "clinic.admin.permissions.PermissionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "clinic.seo.redirects.OldAddressMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"
DEMO_USERS = False  # whether `load_demo` creates users: their password is public
# The only names of the app for enquiries that clinic/ uses.
DESK_PERMISSION = "contact.view_enquiry"  # who may open the Django admin
ENQUIRY_VIEW = "enquiry"  # the form that “Request an appointment” links to

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# For clinic/templates/django/forms/widgets/: the controls of a form take a tenth of the time that a page takes.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Data. Never ATOMIC_REQUESTS: a page that only reads would hold SQLite's one write lock.
DATABASES = {"default": read("DATABASE_URL", environment.database, "")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PAGE_CACHE_BYTES = 12 * 1024 * 1024  # for rendered pages (clinic/page_cache/) in each process; 0 turns it off
# The parameters that a view reads, by its URL name; a cached page ignores all others. Such pages are not saved on disk.
PAGE_CACHE_PARAMETERS = {"search": ("q", "page"), ENQUIRY_VIEW: ("topic", "about")}

# Files
DATA_DIR = environment.make_data_dir()
STORAGES = {
    "default": read("MEDIA_BUCKET", partial(environment.storage, site_url=SITE_URL), ""),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
WHITENOISE_AUTOREFRESH = False  # while developing: read static files and style sheets again each time
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_ROOT = environment.BASE_DIR / "clinic/root"  # /favicon.ico, which browsers ask for on their own
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
SERVE_MEDIA = read("SERVE_MEDIA", environment.flag, "false")  # true where no web server serves /media/images/
# Small files that must be readable when the database is down.
STATE_DIR = DATA_DIR / "state"
PAGE_COPIES_DIR = DATA_DIR / "pages"
BACKUP_MARKER = STATE_DIR / "backup-proven"  # touched after each backup that was proven
BACKUP_DIR = read("BACKUP_DIR", environment.path, str(DATA_DIR / "backups"))
if _bucket := optional("BACKUP_BUCKET"):
    STORAGES["backups"] = environment.s3_storage("BACKUP_BUCKET", _bucket)
BACKUP_RECIPIENT = optional("BACKUP_RECIPIENT")  # the public key; without one, the worker makes no backups

# Every mail is stored in the outbox (contact/mail/), from which the worker sends it through the second backend.
_mail = read("EMAIL_URL", environment.mail)
vars().update(_mail)  # EMAIL_HOST and the like
EMAIL_BACKEND = "contact.mail.backend.EmailBackend"
# Our SMTP backend is Django's, but also remembers the server's answer.
EMAIL_DELIVERY_BACKEND = _mail["EMAIL_BACKEND"].replace("django.core.mail.backends.smtp.", "contact.mail.smtp.")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = read("DEFAULT_FROM_EMAIL", environment.sender)
ALARM_MAIL = read("ALARM_EMAIL_URL", environment.mail_connection, optional("EMAIL_URL"))
_mailbox = partial(environment.url, schemes={"imap", "imaps", "maildir"}, example="imaps://user:password@host/INBOX")
BOUNCES_URL = read("BOUNCES_URL", _mailbox, "")
# A subaddress of its own for each message: `bounces+@clinic.example` becomes `bounces+3f…@clinic.example`.
RETURN_PATH = read("RETURN_PATH", environment.sender) if optional("RETURN_PATH") else ""
_web = partial(environment.url, schemes={"http", "https"}, example="https://watch.example/clinic")
HEARTBEAT_URL = read("HEARTBEAT_URL", _web, "")
METRICS_TOKEN = optional("METRICS_TOKEN")  # what Prometheus sends; without one, there is no /metrics

# Language and time
LANGUAGE_CODE = "en-ca"
FORMAT_MODULE_PATH = "clinic.settings.formats"
TIME_ZONE = "America/Whitehorse"
# Read from the package tzdata: the machine's own table may be from before 2020, and then winter times are an hour off.
zoneinfo.reset_tzpath(to=())

# Security. No SECURE_PROXY_SSL_HEADER: `clinic/lib/http.py` knows which requests came by HTTPS, and trusts
# only TRUSTED_PROXIES.
SECURE_SSL_REDIRECT = _is_https
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if _is_https else 0
SESSION_COOKIE_SECURE = _is_https
SESSION_COOKIE_AGE = 60 * 60 * 10  # one working day
DESK_LOCKS_AFTER = read("DESK_LOCKS_AFTER", environment.minutes, "20")
# What locks then: the pages with what patients wrote.
LOCKED_PATHS = ("/django-admin/", "/admin/shared-enquiries/")
CSRF_FAILURE_VIEW = "clinic.sign_in.middleware.refused_token"
CSRF_COOKIE_SECURE = _is_https
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains: the clinic's other hosts, such as its mail, are not ours to decide on
    "security.W019",  # the Wagtail admin shows previews in frames
    "security.W021",  # HSTS preload: see W005
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a long page in the Wagtail editor

# Signing in (clinic/sign_in/)
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "landing"
WAGTAIL_FRONTEND_LOGIN_URL = "/admin/login/"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # only refuses those who have to wait
    "django.contrib.auth.backends.ModelBackend",
]
_validators = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_validators}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_validators}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_validators}.NumericPasswordValidator"},
    {"NAME": "clinic.sign_in.passwords.EasyPasswordValidator"},
]

# Ask everyone for a code from their phone after the password; if false, only those who have set it up.
REQUIRE_SECOND_FACTOR = read("REQUIRE_SECOND_FACTOR", environment.flag, "true")

# django-axes records failed attempts; clinic/sign_in/limits.py decides who has to wait.
AXES_HANDLER = "clinic.sign_in.limits.Handler"
AXES_FAILURE_LIMIT = 1  # the handler counts the limits that are reached
AXES_COOLOFF_TIME = timedelta(days=1)  # older failures no longer count
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # what is forgotten after signing in
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # further attempts do not prolong the wait
AXES_LOCKOUT_CALLABLE = "clinic.sign_in.limits.wait_page"
AXES_USERNAME_CALLABLE = "clinic.sign_in.limits.counted_name"
AXES_CLIENT_IP_CALLABLE = "clinic.lib.http.client_network"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "next", "csrfmiddlewaretoken"]
AXES_ENABLE_ADMIN = False  # managers see the records in the Wagtail admin, under Settings → Signing in
AXES_VERBOSE = False

# Content-Security-Policy, in the format of Django 6.0's SECURE_CSP, which will replace our middleware.
_none, _self = "'none'", "'self'"
SECURE_CSP = {
    "default-src": [_none],
    "script-src": [_self],
    "style-src": [_self],  # the middleware adds the hash of the inlined style sheet
    "img-src": [_self],
    "font-src": [_self],
    "connect-src": [_self],
    "form-action": [_self],
    "frame-ancestors": [_self],
    "base-uri": [_none],
    "manifest-src": [_self],
}
SECURE_CSP_ADMIN = SECURE_CSP | {
    "script-src": [_self, "'unsafe-inline'"],
    "style-src": [_self, "'unsafe-inline'"],
    "img-src": [_self, "data:", "blob:"],
    "frame-src": [_self],
}

# Wagtail
# Months until a page that was signed off has to be read again, for each type of page.
CLINICAL_REVIEW_MONTHS = {"ServicePage": 12, "ConditionPage": 12}

WAGTAIL_SITE_NAME = "Fireweed Physiotherapy"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English")]
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "contact.mail.backend.PasswordResetForm"  # noqa: S105  a class
WAGTAILIMAGES_IMAGE_MODEL = "clinic.ClinicImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "clinic.images.forms.ClinicImageForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "heic", "heif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 25 * 1024 * 1024  # photographs of recent phones
WAGTAILIMAGES_AVIF_QUALITY = 50  # compared with the originals: no banding in skies, no smearing of trees
WAGTAILIMAGES_WEBP_QUALITY = 72
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "clinic.backends.search"}}
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "clinic.admin.editor.RichTextEditor"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False  # the admin contacts no third party
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILDOCS_EXTENSIONS = ["pdf"]
WAGTAIL_ALLOW_UNICODE_SLUGS = False
TAGGIT_CASE_INSENSITIVE = True

# Logs contain no personal data: no form data, no addresses. One line for each message, gunicorn's too.
_log_format = partial(environment.one_of, values={"line": "line", "json": "json"})
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "clinic.lib.logs.LineFormatter",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s",
        },
        "json": {"()": "clinic.lib.logs.JsonFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": read("LOG_FORMAT", _log_format, "line")}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": []},  # only the root's handler, without Django's own
        # They log two lines for each row that is indexed and one for each page that is published.
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
        "axes": {"level": "ERROR"},  # failed sign-ins are stored in the database
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # anyone can send a wrong host, all day long
    },
}
