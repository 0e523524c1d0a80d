"""Settings that could go to production as they stand; the other files only fill in or loosen them.

Everything a deployment changes comes from the environment: `.env.example` names each variable and its effect.
"""

from clinic.settings import environment, mail
from clinic.settings.sign_in import *

# The deployment
SECRET_KEY = environment.read_secret("SECRET_KEY")
SITE_URL = environment.read_site_url("SITE_URL")
ALLOWED_HOSTS = environment.read_hosts("ALLOWED_HOSTS", SITE_URL)
_is_https = SITE_URL.startswith("https:")
# Whose X-Forwarded-… is believed, here and in gunicorn.conf.py.
TRUSTED_PROXIES = environment.read_ip_addresses("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")

# The rooms stand first, so that their templates win.
INSTALLED_APPS = [
    "contact",
    "services",
    "clinic",
    "wagtail.contrib.frontend_cache",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "clinic.admin.apps.ClinicUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
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
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # for what has no finished copy
    "clinic.frontend.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "clinic.sign_in.gate.SecondStepMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "clinic.seo.redirects.OldAddressMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"
# The only names of the app for enquiries that clinic/ uses.
DESK_PERMISSION = "contact.view_enquiry"  # who may open the Django admin
ENQUIRY_VIEW = "enquiry"  # the form that “Send an enquiry” links to

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

# Data. Never ATOMIC_REQUESTS: a page that only reads would hold SQLite's one write lock.
DATABASES = {"default": environment.read_database("DATABASE_URL")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": environment.read_cache("REDIS_URL")}
PAGE_CACHE_BYTES = 12 * 1024 * 1024  # for finished pages (clinic/page_cache/) in each process; 0 switches it off
# A cache in front of the site that is told of each page that is published or unpublished.
WAGTAILFRONTENDCACHE = environment.read_frontend_cache("FRONTEND_CACHE_URL")

# Files
_data = environment.make_data_dir()
STORAGES = {
    "default": environment.read_storage("MEDIA_BUCKET", SITE_URL),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = _data / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = _data / "media"
SERVE_MEDIA = environment.read_flag("SERVE_MEDIA", default=False)  # no web server in front does (clinic/media.py)
# Small files that must be readable when the database is not.
STATE_DIR = _data / "state"
PAGE_COPIES_DIR = _data / "pages"
BACKUP_MARKER = environment.read_path("BACKUP_MARKER", STATE_DIR / "backup-done")

# Mail: only the outbox worker sends (contact/delivery.py).
_mail = mail.read_mail("EMAIL_URL")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_FILE_PATH = _mail["EMAIL_FILE_PATH"]
EMAIL_HOST = _mail["EMAIL_HOST"]
EMAIL_PORT = _mail["EMAIL_PORT"]
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _mail["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _mail["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = mail.read_sender("DEFAULT_FROM_EMAIL")
ALARM_MAIL = mail.read_alarm_mail("ALARM_EMAIL_URL", otherwise="EMAIL_URL")
BOUNCES_URL = environment.read_address("BOUNCES_URL", {"imap", "imaps", "maildir"}, "imaps://user:password@host/INBOX")
HEARTBEAT_URL = environment.read_address("HEARTBEAT_URL", {"http", "https"}, "https://watch.example/clinic")

# Language and time
LANGUAGE_CODE = "en-ca"
TIME_ZONE = "America/Whitehorse"
FORMAT_MODULE_PATH = "clinic.settings.formats"

# Security. Gunicorn says which requests came by HTTPS (gunicorn.conf.py): it believes X-Forwarded-Proto from
# the web server before it alone. So there is no SECURE_PROXY_SSL_HEADER here.
SECURE_SSL_REDIRECT = _is_https
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if _is_https else 0
SESSION_COOKIE_SECURE = _is_https
SESSION_COOKIE_AGE = 60 * 60 * 10  # one working day
CSRF_COOKIE_SECURE = _is_https
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # the clinic's other hosts, its mail among them, are not this site's to bind to HTTPS
    "security.W019",  # the Wagtail admin frames its previews
    "security.W021",  # as W005: nor its to put on the browsers' lists
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a long page in the Wagtail editor

# Content-Security-Policy by path prefix, in the words of Django 6.0's SECURE_CSP, which will replace it.
_none, _self = "'none'", "'self'"
SECURE_CSP = {
    "default-src": [_none],
    "script-src": [_self],
    "style-src": [_self],  # the middleware adds the hash of the inlined sheet
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
WAGTAIL_SITE_NAME = "Fireweed Physiotherapy"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILIMAGES_IMAGE_MODEL = "clinic.ClinicImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "clinic.images.forms.ClinicImageForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_AVIF_QUALITY = 50  # looked at beside the originals: skies without bands, trees without smear
WAGTAILIMAGES_WEBP_QUALITY = 72
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "clinic.backends.search"}}
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "clinic.admin.editor.RichTextEditor"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False  # the admin asks nobody outside
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILDOCS_EXTENSIONS = ["pdf"]
WAGTAIL_ALLOW_UNICODE_SLUGS = False
TAGGIT_CASE_INSENSITIVE = True

# Logs name no person: no form data, no addresses. One line each, on the standard error of the process.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": []},  # the root's handler alone, instead of Django's own beside it
        # Two lines for every row that is indexed and one for every page that is published are no news.
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
        "axes": {"level": "ERROR"},  # failed sign-ins stand in the database
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # anybody can send a wrong host, all day long
    },
}
