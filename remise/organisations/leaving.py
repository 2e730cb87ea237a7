"""What this room tells a person of what it keeps, and forgets when the account is closed: at every insurer."""

from django.utils.translation import gettext_lazy as _

from remise.core.doors import rows
from remise.core.particulars import Forgetting, Section, Untold, columns, parts

_part = parts("own_company_life")

MEMBERSHIPS = Section(
    "organisations.memberships",
    _("Companies you work or worked for"),
    {
        "company": _("Company"),
        "name": _("Your name there"),
        "state": _("State"),
        "as_administrator": _("As administrator"),
    },
    _part("membership"),
    columns("organisations_membership", "account_id", "display_name"),
)
RIGHTS = Section(
    "organisations.rights",
    _("Your rights"),
    {"company": _("Company"), "right": _("Right"), "branch": _("Branch"), "since": _("Since")},
    _part("right"),
    columns("organisations_grant", "membership_id"),
)
INVITED = Section(
    "organisations.invited",
    _("Invitations to your address"),
    {
        "company": _("Company"),
        "name": _("Your name there"),
        "email": _("E-mail address"),
        "invited": _("Invited on"),
        "accepted": _("Accepted"),
        "declined": _("Declined"),
        "withdrawn": _("Withdrawn"),
    },
    _part("invitation"),
    columns("organisations_invitation", "email", "display_name", "membership_id"),
)
ASKED = Section(
    "organisations.asked",
    _("Rights you asked for"),
    {
        "company": _("Company"),
        "right": _("Right"),
        "why": _("Why"),
        "asked": _("Asked"),
        "state": _("State"),
        "answer": _("Answer"),
    },
    _part("asked"),
    columns("organisations_accessrequest", "membership_id"),
)
KEYS = Section(
    "organisations.keys",
    _("Keys you made for programs"),
    {
        "company": _("Company"),
        "name": _("Program"),
        "begins": _("The key begins with"),
        "made": _("Made on"),
        "until": _("Works until"),
        "used": _("Last used"),
    },
    _part("key"),
    columns("organisations_apitoken", "membership_id", "name"),
)
SECTIONS = (MEMBERSHIPS, RIGHTS, INVITED, ASKED, KEYS)
UNTOLD = (
    Untold(
        "somebody else's act upon another person's row: the one who did it is told of the event",
        columns("organisations_grant", "granted_by")
        | columns("organisations_invitation", "invited_by")
        | columns("organisations_accessrequest", "decided_by"),
    ),
    Untold(
        "a driver or lessee whom a company named has no account here: the company tells and erases the name",
        columns("organisations_party", "name", "name_key", "email", "phone"),
    ),
    Untold(
        "names and addresses of companies and their branches",
        columns("organisations_organisation", "name", "contact_email")
        | columns("organisations_branch", "name", "street", "postcode", "town"),
    ),
)
FORGETTING = Forgetting("organisations", lambda account: rows("select person_leaves(%s)", account))
