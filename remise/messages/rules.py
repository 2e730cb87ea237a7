"""How long mails are kept, and how many documents one person may mail, and one address get."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from remise.portals.retention import Category

MAILS = Category(
    "messages.mails",
    label=_("Mails that were sent"),
    lets_go=_("To whom a mail went and what it said. That it was sent stays."),
    days=365,
    source=_("Our own policy: as long as somebody may ask what the mail said"),
    least=7,
    why_least=_("A mail that was not delivered must be found and sent again."),
)
SECRETS = Category(
    "messages.secrets",
    label=_("Mails that let their reader in, or name a colleague"),
    lets_go=_("The same of a mail with a link, a code or a colleague's name; at once where it was sent."),
    days=3,
    source=_("Our own policy: as long as the link in it works"),
    # Links in what lets its reader in work no longer than this.
    least=settings.ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS,
    why_least=_("So long the link in the mail works."),
)
# Documents that one person may mail from here in a day: to drivers and customers, not to the whole country.
MAILS_A_DAY = 50
# To one address in a day, by all who work with a portal together. A driver gets a receipt and a card of each change;
# a stranger, whose address somebody mistyped or means to fill, is not to get hundreds that many people send.
MAILS_TO_ONE = 10
