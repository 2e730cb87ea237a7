from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GreenCards(AppConfig):
    name = "remise.green_cards"
    verbose_name = _("Green cards")
