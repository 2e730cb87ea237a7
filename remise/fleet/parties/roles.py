from django.utils.translation import gettext_lazy as _

from remise.core.words import Text

LABELS: dict[str, Text] = {"driver": _("Driver"), "lessee": _("Lessee")}


def role_label(role: str) -> Text:
    return LABELS[role]
