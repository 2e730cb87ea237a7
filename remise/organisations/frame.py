"""What this room puts in the frame: where one works, with the way to another place, and its line in the menu."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from remise.core import clock
from remise.core.actor import Actor, can
from remise.core.registry import MenuEntry, Task
from remise.organisations import selectors, ways
from remise.organisations.asking.selectors import Answer, answers, wanted
from remise.organisations.invitations.selectors import asking_again
from remise.organisations.locked_out import selectors as locked_out
from remise.organisations.locked_out.selectors import LockedOut
from remise.organisations.requests import as_member
from remise.organisations.rights import AccessRight, ConnectionRight, LetInRight, OrganisationRight
from remise.organisations.selectors import OwnMembership
from remise.ui.formats import moment
from remise.ui.shell import Choice, Place

MOST_LOCKED_OUT = 3  # on the home page by name

TOKENS = MenuEntry(
    "tokens:list",
    gettext_lazy("Connections"),
    "link",
    rights=(ConnectionRight.MANAGE_TOKENS,),
    order=95,
    namespace="tokens",
)
MISSED = MenuEntry("access:missed", gettext_lazy("Missed rights"), "chart-bar", (AccessRight.SEE_MISSED,), order=75)
MY_ACCESS = MenuEntry("access:mine", gettext_lazy("What may I do?"), "key")
MENU = MenuEntry(
    "organisations:people",
    gettext_lazy("My company"),
    "building-store",
    rights=(OrganisationRight.MANAGE_USERS,),
    order=90,
    namespace="organisations",
)
LOCKED_OUT = MenuEntry(
    "locked_out:queue",
    gettext_lazy("Not getting in"),
    "lock",
    rights=(LetInRight.LET_IN,),
    order=18,
    namespace="locked_out",
)


def place(plain: HttpRequest) -> Place | None:
    request = as_member(plain)
    own = getattr(request, "membership", None)  # a refusal may come before the middleware that knows it
    if own is None:
        return None
    if request.client is not None:
        return Place(request.client.name, selectors.place_name(request.actor, selectors.workplaces(request.actor)))
    branches = selectors.workplaces(request.actor)
    here_hint = own.company if len(request.memberships) > 1 else ""
    choices = [
        _whole(own, is_current=request.actor.branch is None or len(branches) == 1, divided=len(branches) > 1),
        *(
            Choice(f"{own.id}:{branch.id}", branch.name, here_hint, branch.id == request.actor.branch)
            for branch in branches
            if len(branches) > 1
        ),
        *(
            Choice(str(other.id), other.company, _hint_of(other, request.memberships))
            for other in request.memberships
            if other != own
        ),
    ]
    here = selectors.place_name(request.actor, branches)
    if own.as_administrator:
        here = _("As administrator")
    onward = ways.way(ways.WITHOUT_COMPANY, plain)
    return Place(own.company, here, choices, reverse("organisations:switch"), onward[0] if onward else None)


def _whole(own: OwnMembership, *, is_current: bool, divided: bool) -> Choice:
    hint = _("as administrator") if own.as_administrator else _("All branches") if divided else ""
    return Choice(str(own.id), own.company, hint, is_current)


def _hint_of(own: OwnMembership, among: Sequence[OwnMembership]) -> str:
    """Which of the two it is, where administering is kept apart."""
    if own.as_administrator:
        return _("as administrator")
    is_twice = any(other.organisation == own.organisation for other in among if other != own)
    return _("in everyday work") if is_twice else ""


def tasks(by: Actor) -> Sequence[Task]:
    """What colleagues ask of who gives rights, who of them cannot sign in, and who was invited; and the answer to who
    asked for a right."""
    if by.organisation is None:
        return []
    own = _answers(by) if by.membership is not None else []
    own += _locked_out_at_desk(by)
    if not can(by, OrganisationRight.MANAGE_USERS):
        return own
    return [*own, *_colleagues_locked_out(by), *_rights_wanted(by), *_invitations_wanted(by)]


def _answers(by: Actor) -> list[Task]:
    """Told until who asked has seen them on the page of their own rights."""
    return [
        Task(
            due=answer.on,
            when=_("new"),
            title=_given(answer) % {"right": answer.right},
            text=_answered(answer),
            url=reverse("access:mine"),
            action=_("Look"),
        )
        for answer in answers(by)
    ]


def _given(answer: Answer) -> str:
    return _("You have the right now: %(right)s") if answer.is_given else _("You did not get the right: %(right)s")


def _answered(answer: Answer) -> str:
    words = [_("%(name)s answered your request.") % {"name": answer.by}] if answer.by else []
    return " ".join([*words, *([f"“{answer.reason}”"] if answer.reason else [])])


def _colleagues_locked_out(by: Actor) -> list[Task]:
    """Only to who can help: not to who looks as a colleague."""
    found = locked_out.of_company(by.company) if by.looks_as is None else []
    told = [
        _not_signing_in(
            by,
            _("%(name)s cannot sign in") % {"name": line.name},
            _what_happened(line.person),
            locked_out.page_of(line.person.membership),
        )
        for line in found[:MOST_LOCKED_OUT]
    ]
    more = len(found) - len(told)
    if more:
        words = ngettext(
            "%(many)s more colleague cannot sign in", "%(many)s more colleagues cannot sign in", more
        ) % {"many": more}
        names = ", ".join(line.name for line in found[MOST_LOCKED_OUT:][:MOST_LOCKED_OUT])
        told.append(_not_signing_in(by, words, names, reverse("organisations:people")))
    return told


def _locked_out_at_desk(by: Actor) -> list[Task]:
    """Whom the desk lets in; nobody oneself."""
    if by.looks_as is not None or not can(by, LetInRight.LET_IN):
        return []
    found = [line for line in locked_out.at_desk() if line.person.waits_for_somebody and line.account != by.account]
    many = len({line.account for line in found})
    if not many:
        return []
    if all(line.person.is_administrator for line in found):
        title = ngettext(
            "%(many)s administrator of a customer cannot sign in",
            "%(many)s administrators of customers cannot sign in",
            many,
        )
    else:
        title = ngettext(
            "%(many)s person at a customer cannot sign in", "%(many)s people at customers cannot sign in", many
        )
    companies = ", ".join(list(dict.fromkeys(line.company for line in found))[:MOST_LOCKED_OUT])
    return [_not_signing_in(by, title % {"many": many}, companies, reverse("locked_out:queue"))]


def _what_happened(person: LockedOut) -> str:
    if person.blocked_since is None:
        return _("The phone is lost. Confirm it, only after you have spoken to them.")
    return _("The account is blocked since %(moment)s. Lift that, only after you have spoken to them.") % {
        "moment": moment(person.blocked_since)
    }


def _not_signing_in(by: Actor, title: str, text: str, url: str) -> Task:
    return Task(due=clock.today(by), when=_("now"), title=title, text=text, url=url, action=_("Look"))


def _rights_wanted(by: Actor) -> list[Task]:
    found = wanted(by.company, ())
    if not found:
        return []
    names = ", ".join(dict.fromkeys(one.name for one in found[:3]))
    title = ngettext("%(many)s request for a right", "%(many)s requests for rights", len(found))
    return [
        Task(
            due=clock.today(by),
            when=_("now"),
            title=title % {"many": len(found)},
            text=_("From %(names)s.") % {"names": names},
            url=reverse("access:inbox"),
            action=_("Answer"),
        )
    ]


def _invitations_wanted(by: Actor) -> list[Task]:
    asking = asking_again(by.company)
    if not asking:
        return []
    names = ", ".join(one.display_name for one in asking[:3])
    return [
        Task(
            due=clock.today(by),
            when=_("now"),
            title=ngettext(
                "%(many)s colleague asks for a new invitation",
                "%(many)s colleagues ask for a new invitation",
                len(asking),
            )
            % {"many": len(asking)},
            text=_("%(names)s: the link had expired.") % {"names": names},
            url=reverse("invitations:overview"),
            action=_("Look"),
        )
    ]
