"""The settings of the tests' own worker: the real ones, and an app with kinds of runs and jobs to try them with."""

from remise.config.settings import *  # noqa: F403
from remise.config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.runs.trial"]
