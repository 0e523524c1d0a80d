"""Settings of a deployment: base, with every value from the environment or from `.env`."""

from clinic.settings.environment import optional, own_secret, read, read_env_file

read_env_file()

from clinic.settings.base import *
from clinic.settings.error_reports import report_errors

SECRET_KEY = read("SECRET_KEY", own_secret)
report_errors(optional("SENTRY_DSN"))
