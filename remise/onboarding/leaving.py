"""What this room tells a person of what it keeps, and forgets when the account is closed: at every insurer."""

from django.utils.translation import gettext_lazy as _

from remise.core.doors import rows
from remise.core.particulars import Forgetting, Section, Untold, columns, parts

_part = parts("own_wishes")

APPLICATIONS = Section(
    "onboarding.applications",
    _("What you sent in to come in"),
    {
        "reference": _("Number"),
        "company": _("Company"),
        "kind": _("Kind"),
        "given_name": _("First name"),
        "infix": _("Infix"),
        "surname": _("Surname"),
        "initials": _("Initials"),
        "gender": _("Form of address"),
        "email": _("E-mail address"),
        "phone": _("Phone"),
        "message": _("Text"),
        "state": _("State"),
    },
    _part("application"),
    columns(
        *("onboarding_application", "given_name", "infix", "surname", "initials", "email", "phone", "company_name")
    ),
)
LINKS = Section(
    "onboarding.links",
    _("Companies you asked to work for"),
    {"by": _("Kind"), "name": _("Name"), "company": _("Company"), "state": _("State"), "answer": _("Answer")},
    _part("link"),
    columns("onboarding_linkrequest", "account_id", "name", "company_name")
    | columns("onboarding_linkcase", "account", "name", "email"),
)
SECTIONS = (APPLICATIONS, LINKS)
UNTOLD = Untold(
    "that somebody decided about another person's request is an event",
    columns("onboarding_application", "assignee", "decided_by")
    | columns("onboarding_linkcase", "assignee", "decided_by"),
)
FORGETTING = Forgetting("onboarding", lambda account: rows("select wishes_to_forget(%s)", account))
