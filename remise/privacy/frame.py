"""What this room puts in the frame."""

from django.utils.translation import gettext_lazy as _

from remise.core.registry import MenuEntry
from remise.privacy.rights import PrivacyRight

KEEPING = MenuEntry("keeping:terms", _("What we keep"), "history", (PrivacyRight.MANAGE,), 80, "keeping")
MY_DATA = MenuEntry("privacy:data", _("My data"), "id", anybody=True)
