"""What a refusal says and offers: who you are now, what is missing, who can give it, and the nearest way out.

A right is missing for one of few causes (row 7): it is held in another branch, in the other of one's two contexts, at
another company of one's own, or nowhere; the nearest of these is named, with the button that goes there.
"""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from remise.accounts import devices
from remise.accounts.models import Account
from remise.core.actor import can
from remise.core.rights import Decision
from remise.organisations import preview, relation_numbers, selectors, ways
from remise.organisations.asking import selectors as asking
from remise.organisations.models import Branch
from remise.organisations.requests import Client, MemberRequest, page_asked
from remise.organisations.rights import OrganisationRight, is_staff, label_of, may_hold
from remise.organisations.selectors import Helper, OwnMembership
from remise.ui.context import answer_for
from remise.ui.decisions import Refusal
from remise.ui.formats import day
from remise.ui.shell import Link


def refusal(request: MemberRequest, decision: Decision) -> Refusal:
    if decision.code == relation_numbers.CODE:
        place = relation_numbers.place_of(request.actor, decision.branch)
        if place is not None:
            return numberless(request, place)
    if decision.right is None or request.actor.organisation is None:
        return Refusal(
            title=_("You cannot open this page"), text=str(decision.message), who=_who(request), code=decision.code
        )
    if not may_hold(decision.right, staff=is_staff(request.actor)):
        return _of_others(request)
    if request.client is not None:
        return _of_mandate(request, request.client, decision)
    if request.preview is not None:
        return _previewed(request, decision)
    places = selectors.branches(request.actor.organisation)
    helpers = selectors.helpers(request.actor.organisation)
    button, is_post = _button(request, decision, places, helpers)
    desk = request.portal
    can_write = any(helper.address for helper in helpers)
    explained = Refusal(
        title=_("You need one more right for this"),
        text=_declined(request, decision)
        or _("Your sign-in is in order. Only a right is missing, and that can be given at once."),
        who=_who(request, places),
        missing=_missing(decision, places),
        granters=[helper.name for helper in helpers] or [desk.desk_name],
        desk="" if can_write else f"{desk.desk_name}: {desk.desk_phone}, {desk.desk_hours}",
        button=button,
        post=is_post,
        others=[
            *_elsewhere(request, decision),
            *_letters(request, decision, places, helpers),
            *_ways_on(request),
        ],
        code=decision.code,
    )
    other = _other_context(request, decision)
    if other is not None:
        return _in_other_context(request, explained, other)
    is_theirs = isinstance(request.user, Account) and devices.is_shared(request, request.user)
    return _of_somebody_else(request, explained) if is_theirs and request.client is None else explained


def giving_oneself(request: MemberRequest) -> tuple[Link, bool] | None:
    """Where one gives oneself a right, for who decides about rights here: nobody is asked then. Who administers apart
    goes there as administrator. None for everybody else, who asks."""
    actor = request.actor
    if actor.membership is None:
        return None
    page = reverse("organisations:person", args=[actor.membership])
    if can(actor, OrganisationRight.MANAGE_USERS):
        return Link(_("Give yourself this right"), page, "key"), False
    here = [own for own in request.memberships if own.organisation == actor.organisation and request.preview is None]
    apart = next((own for own in here if (OrganisationRight.MANAGE_USERS, None) in own.grants), None)
    if apart is None:
        return None
    query = urlencode({"to": str(apart.id), "next": page})
    words = _("Give yourself this right, as administrator")
    return Link(words, f"{reverse('organisations:switch')}?{query}", "switch-horizontal"), True


def _declined(request: MemberRequest, decision: Decision) -> str:
    """Who asked lately and was told no reads that here too. "" where nobody said no."""
    if request.actor.membership is None or decision.right is None:
        return ""
    answer = asking.declined(request.actor, decision.right, decision.branch)
    if answer is None or asking.open_request(request.actor, decision.right, decision.branch) is not None:
        return ""
    said = {"name": answer.by or request.portal.desk_name, "day": day(answer.on, "plain")}
    words = [_("You asked for this right. %(name)s did not give it, on %(day)s.") % said]
    if answer.reason:
        words.append(_("“%(words)s”") % {"words": answer.reason})
    words.append(_("You can ask again at any moment."))
    return " ".join(words)


def _of_somebody_else(request: MemberRequest, explained: Refusal) -> Refusal:
    """Others sign in with this browser too: it may be theirs that is meant."""
    query = urlencode({"next": page_asked(request)})
    button = Link(_("Sign in as somebody else"), f"{reverse('account_logout')}?{query}", "switch-horizontal")
    asks = explained.button if explained.post else None
    links = [explained.button] if explained.button and not explained.post else []
    return replace(
        explained,
        title=_("Is this your own account?"),
        text=_(
            "Others sign in with this browser too, and you are signed in as %(name)s. This account has no right for"
            " this page. Sign in with your own account, or ask for the right."
        )
        % {"name": request.membership.name if request.membership else request.user},
        button=button,
        post=True,
        second=asks,
        others=[*links, *explained.others],
        code="other_account",
    )


def _other_context(request: MemberRequest, decision: Decision) -> OwnMembership | None:
    """One's own other membership in this company, where the right is held in it."""
    actor = request.actor
    here = [own for own in request.memberships if own.organisation == actor.organisation]
    return next((own for own in here if own.id != actor.membership and _holds(own, decision)), None)


def _in_other_context(request: MemberRequest, explained: Refusal, other: OwnMembership) -> Refusal:
    if other.as_administrator:
        title, words = _("You are in everyday work now"), _("Go on as administrator")
        text = _("You keep administering apart. As administrator you have this right.")
    else:
        title, words = _("You are here as administrator now"), _("Go on in everyday work")
        text = _("As administrator you decide about others. In your everyday work you have this right.")
    query = urlencode({"to": str(other.id), "next": page_asked(request)})
    button = Link(words, f"{reverse('organisations:switch')}?{query}", "switch-horizontal")
    return replace(explained, title=title, text=text, button=button, post=True, code="other_context")


def _elsewhere(request: MemberRequest, decision: Decision) -> list[Link]:
    """Another company of one's own in which the right is held."""
    others = [own for own in request.memberships if own.organisation != request.actor.organisation]
    held = next((own for own in others if _holds(own, decision)), None)
    if held is None:
        return []
    query = urlencode({"next": page_asked(request)})
    words = _("You have this right at %(company)s: choose the company") % {"company": held.company}
    return [Link(words, f"{reverse('organisations:choose')}?{query}", "switch-horizontal")]


def _holds(own: OwnMembership, decision: Decision) -> bool:
    return any(
        right == decision.right and (decision.branch is None or where in (None, decision.branch))
        for right, where in own.grants
    )


def _previewed(request: MemberRequest, decision: Decision) -> Refusal:
    """As a colleague: what that one would be told, or that the page stays closed for lack of a right of one's own."""
    name = request.preview.name if request.preview else ""
    label = str(label_of(decision.right or ""))
    if label in (request.preview.hidden if request.preview else ()):
        title = _("%(name)s may open this, and you may not") % {"name": name}
        text = _("You see no more than your own rights open. Give yourself this right to look further.")
    else:
        title = _("%(name)s has no right for this") % {"name": name}
        text = _("%(name)s would read here who can give it, and could ask for it with one click.") % {"name": name}
    return Refusal(
        title=title, text=text, who=_who(request), missing=label, button=Link(_("Back to home"), "/", "home")
    )


def _ways_on(request: MemberRequest) -> list[Link]:
    return [
        Link(_("What may I do?"), reverse("access:mine")),
        *_who_can_help(request),
        Link(_("Back to home"), "/"),
    ]


def _who_can_help(request: MemberRequest) -> list[Link]:
    address = answer_for("who_can_help_url", request)
    return [Link(_("Who can help me?"), address)] if isinstance(address, str) else []


def _letters(
    request: MemberRequest, decision: Decision, places: list[Branch], helpers: Sequence[Helper]
) -> list[Link]:
    """Who would rather write."""
    if not helpers and ways.way(ways.WITHOUT_ADMINISTRATOR, request):
        desk = request.portal
        to = _letter(request, decision, places, desk.desk_email, can_give=False)
        return [Link(_("Mail %(desk)s") % {"desk": desk.desk_name}, to, "mail")]
    helper = next((helper for helper in helpers if helper.address), None)
    if helper is None or giving_oneself(request) is not None:
        return []
    to = _letter(request, decision, places, helper.address, can_give=True)
    return [Link(_("Ask %(name)s by e-mail") % {"name": helper.name}, to, "mail")]


def previewing(request: MemberRequest) -> Refusal:
    """Something was to be changed while one looks as a colleague."""
    return Refusal(
        title=_("You are only looking now"),
        text=_("You see the portal as a colleague does. Nothing was changed. Stop looking to go on as yourself."),
        who=_who(request),
        button=Link(_("Stop"), reverse("organisations:preview_end"), "x"),
        post=True,
        others=[Link(_("Back to home"), "/")],
        code=preview.CODE,
    )


def numberless(request: MemberRequest, place: Branch) -> Refusal:
    """Nothing is missing of the person: the insurer has still to link the branch."""
    desk = request.portal
    text = _("Your sign-in is in order. %(desk)s still has to link a number to %(branch)s; then you can work here.")
    button, is_post = ways.way(ways.WITHOUT_NUMBER, request, branch=place.id) or (None, False)
    return Refusal(
        title=_("This branch has no relation number yet"),
        text=text % {"desk": desk.desk_name, "branch": place.name},
        who=_who(request, [place]),
        missing=_("Relation number of %(branch)s") % {"branch": place.name},
        granters=[desk.desk_name],
        desk=f"{desk.desk_name}: {desk.desk_phone}, {desk.desk_hours}",
        button=button,
        post=is_post,
        others=[Link(_("What may I do?"), reverse("access:mine")), *_who_can_help(request)],
        code=relation_numbers.CODE,
    )


def _of_mandate(request: MemberRequest, client: Client, decision: Decision) -> Refusal:
    """Who acts for a client does what the mandate lets them; the client can widen it, and is written to where the
    insurer knows an address."""
    places = selectors.branches(client.organisation)
    address = selectors.contact_address(client.organisation)
    to = _letter_to_client(request, client, _missing(decision, places), address)
    letter = Link(_("Mail %(desk)s") % {"desk": client.name}, to, "mail") if address else None
    button, is_post = ways.way(ways.WIDER_MANDATE, request, right=str(decision.right)) or (letter, False)
    return Refusal(
        title=_("Your mandate does not cover this"),
        text=_(
            "You act for %(company)s. A mandate names each right; this one is not among them. Who gives mandates at"
            " %(company)s can add it, and it holds at once."
        )
        % {"company": client.name},
        who=_who(request),
        missing=_missing(decision, places),
        granters=[_("who gives mandates at %(company)s") % {"company": client.name}],
        desk=address,
        button=button,
        post=is_post,
        others=[
            *([letter] if letter and button is not letter else []),
            Link(_("What may I do?"), reverse("access:mine"), "key"),
            *_who_can_help(request),
            Link(_("Back to home"), "/"),
        ],
        code="mandate_right_missing",
    )


def _letter_to_client(request: MemberRequest, client: Client, right: str, address: str) -> str:
    said = {"office": client.office_name, "right": right, "portal": request.portal.name}
    subject = _("Can you widen our mandate in %(portal)s?") % said
    body = _("We act for you and need this right: %(right)s. You find our mandate under “Who acts for us”.") % said
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject)}&body={quote(body)}"


def _of_others(request: MemberRequest) -> Refusal:
    """Nobody can give a right of the other side of the desk."""
    if is_staff(request.actor):
        text = _("This page is for the insurer's customers. You work at the insurer.")
    else:
        text = _("This page is for the people of the insurer.")
    back = Link(_("Back to home"), "/", "home")
    return Refusal(title=_("You cannot open this page"), text=text, who=_who(request), button=back)


def _who(request: MemberRequest, places: list[Branch] | None = None) -> str:
    """The active account, company and branch: half of all refusals are a wrong one of these."""
    own = request.membership
    person = f"{own.name} ({request.user})" if own else str(request.user)
    company = own.company if own else ""
    if request.client is not None:
        company = _("%(office)s for %(company)s") % {"office": company, "company": request.client.name}
    branch = selectors.place_name(request.actor, places or [])
    return " · ".join(part for part in (person, company, branch) if part)


def _missing(decision: Decision, places: list[Branch]) -> str:
    label = str(label_of(decision.right or ""))
    branch = next((place.name for place in places if place.id == decision.branch), "")
    return _("%(right)s, in %(branch)s") % {"right": label, "branch": branch} if branch else label


def _button(
    request: MemberRequest, decision: Decision, places: list[Branch], helpers: Sequence[Helper]
) -> tuple[Link, bool]:
    """The nearest way out: the branch where the right is held, giving it to oneself, or asking who can give it."""
    actor = request.actor
    held = [place for place in places if (decision.right, place.id) in actor.grants]
    if held and actor.branch is not None and request.method == "GET":
        query = urlencode({"to": f"{actor.membership}:{held[0].id}", "next": request.get_full_path()})
        words = _("Go on in %(branch)s") % {"branch": held[0].name}
        return Link(words, f"{reverse('organisations:switch')}?{query}", "switch-horizontal"), True
    oneself = giving_oneself(request)
    if oneself is not None:
        return oneself
    helper = next((helper for helper in helpers if helper.address), None)
    if helper is not None and actor.membership is not None and decision.right is not None:
        if asking.open_request(actor, decision.right, decision.branch) is not None:
            return Link(_("You asked for it. See how it stands"), reverse("access:mine"), "clock"), False
        page = request.path if request.method == "GET" else ""  # without what was searched for
        query = urlencode({"right": decision.right, "branch": decision.branch or "", "page": page})
        words = _("Ask %(name)s for this right") % {"name": helper.name}
        return Link(words, f"{reverse('access:ask')}?{query}", "key"), True
    offered = ways.way(ways.WITHOUT_ADMINISTRATOR, request) if not helpers else None
    if offered is not None:
        return offered
    desk = request.portal
    to = _letter(request, decision, places, desk.desk_email, can_give=False)
    return Link(_("Mail %(desk)s") % {"desk": desk.desk_name}, to, "mail"), False


def _letter(request: MemberRequest, decision: Decision, places: list[Branch], address: str, *, can_give: bool) -> str:
    """All that who helps must know: which company, which right, on which page."""
    own = request.membership
    said = {
        "company": own.company if own else "",
        "right": _missing(decision, places),
        "portal": request.portal.name,
        "page": request.build_absolute_uri(request.path),  # without what was searched for
        "link": request.build_absolute_uri(reverse("organisations:person", args=[request.actor.membership])),
    }
    subject = _("Can you give me a right in %(portal)s?") % said
    parts = [_("I work for %(company)s and need this right: %(right)s.") % said, _("I need it here: %(page)s") % said]
    if can_give:
        parts.append(_("You can give it here: %(link)s") % said)
    else:
        parts.append(_("In our company nobody who can give it can be reached from this page."))
    body = "\r\n\r\n".join(parts)  # as RFC 6068 writes the end of a line
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject)}&body={quote(body)}"
