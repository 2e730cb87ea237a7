import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "remise.config.settings")
application = get_wsgi_application()
# What was loaded stays: looking through it for garbage would stop a request now and then for a tenth of a second.
gc.freeze()
