from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Messages(AppConfig):
    name = "remise.messages"
    label = "remise_messages"  # Django has an app of the plain name
    verbose_name = _("Messages")
