"""The site of a deployment without its page cache: every page is drawn. For `make bench`."""

from clinic.settings.production import *  # noqa: F403  one file of settings starts from the other

PAGE_CACHE_BYTES = 0
