"""What this room tells a person of what it keeps, and forgets when the account is closed."""

from django.utils.translation import gettext_lazy as _

from remise.core.doors import rows
from remise.core.particulars import Forgetting, Section, Untold, columns, parts

_part = parts("own_mails")

MAILS = Section(
    "messages.mails",
    _("Mails to you"),
    {
        "kind": _("Kind"),
        "at": _("When"),
        "state": _("State"),
        "language": _("Language"),
        "subject": _("Subject"),
        "text": _("Text"),
    },
    _part("mail"),
    columns("messages_mail", "recipient", "account"),
)
MAILED = Section(
    "messages.mailed",
    _("Documents you mailed"),
    {"company": _("Company"), "at": _("When"), "about": _("About")},
    _part("mailed"),
    columns("messages_mailing", "account"),
)
SECTIONS = (MAILS, MAILED)
UNTOLD = Untold(
    "the portal's own address, and which mail a mailing is",
    columns("messages_mail", "sender", "reply_to") | columns("messages_mailing", "mail"),
)
FORGETTING = Forgetting("messages", lambda account: rows("select mails_to_forget(%s)", account))
