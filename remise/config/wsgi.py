import gc
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "remise.config.settings")
django.setup(set_prefix=False)

from remise.config.handler import Handler  # noqa: E402  # after the set-up
from remise.config.safety import stop_unless_safe  # noqa: E402

stop_unless_safe()
application = Handler()
# What was loaded stays: looking through it for garbage would stop a request now and then for a tenth of a second.
gc.freeze()
