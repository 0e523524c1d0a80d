"""Settings of a deployment: base, with every value from the environment or from `.env`."""

from clinic.settings.environment import own_secret, read, read_env_file

read_env_file()

from clinic.settings.base import *

SECRET_KEY = read("SECRET_KEY", own_secret)
