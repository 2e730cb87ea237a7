"""What this room tells a person of what it keeps, and does when the account is closed: what a company asked stays the
company's, by account."""

from django.utils.translation import gettext_lazy as _

from remise.core.doors import rows
from remise.core.particulars import Forgetting, Section, columns, parts

_part = parts("own_requests")

ASKED = Section(
    "desk.asked",
    _("Requests to the desk"),
    {
        "number": _("Number"),
        "company": _("Company"),
        "kind": _("Kind"),
        "asked": _("Asked"),
        "state": _("State"),
        "why": _("Why"),
    },
    _part("asked"),
    columns("desk_deskrequest", "account"),
)
SAID = Section(
    "desk.said",
    _("What you wrote in requests"),
    {"number": _("Number"), "company": _("Company"), "at": _("When"), "text": _("Text")},
    _part("said"),
    columns("desk_deskmessage", "account"),
)
DECIDED = Section(
    "desk.decided",
    _("Requests you handled"),
    {
        "number": _("Number"),
        "company": _("Company"),
        "kind": _("Kind"),
        "at": _("When"),
        "state": _("State"),
        "reason": _("Reason"),
    },
    _part("decided"),
    columns("desk_deskrequest", "assignee", "decided_by"),
)
NOTED = Section(
    "desk.noted",
    _("Notes you wrote for colleagues"),
    {"number": _("Number"), "company": _("Company"), "at": _("When"), "text": _("Text")},
    _part("noted"),
    columns("desk_desknote", "account"),
)
HANDED = Section(
    "desk.handed",
    _("Requests handed to you, or taken over from you"),
    {"number": _("Number"), "company": _("Company"), "at": _("When"), "to_you": _("To you")},
    _part("handed"),
    columns("desk_desknote", "given_to", "taken_from"),
)
WRITTEN = Section(
    "desk.written",
    _("Templates you wrote or retired"),
    {"title": _("Title"), "at": _("When"), "text": _("Text"), "retired": _("Retired")},
    _part("written"),
    columns("desk_answertemplate", "made_by", "retired_by"),
)
SECTIONS = (ASKED, SAID, DECIDED, NOTED, HANDED, WRITTEN)
FORGETTING = Forgetting("desk", lambda account: rows("select requests_to_give_back(%s)", account))
