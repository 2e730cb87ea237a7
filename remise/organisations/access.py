"""What views ask before they show or do anything."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse

from remise.core.actor import Actor, can, holds_anywhere
from remise.core.errors import Forbidden
from remise.core.rights import Right
from remise.core.words import Text
from remise.organisations.requests import as_member, is_for_another

type View = Callable[..., HttpResponse]


class ForAnotherCompany(Exception):
    """What was filled in before the proof was for another company than the one acted for now."""


class OnlyLooking(Exception):
    """What was filled in before the proof comes when one looks as a colleague, and would be done in that name."""


def require(request: HttpRequest, right: Right, *, branch: int | None = None) -> None:
    """Raise `Forbidden` unless the right is held in `branch`, else in the branch worked in. Who works in the whole
    company needs it somewhere; the page then shows `visible_branches`."""
    actor = as_member(request).actor
    where = actor.branch if branch is None else branch
    decision = can(actor, right, branch=where)
    if not decision and not (where is None and holds_anywhere(actor, right)):
        raise Forbidden(decision)


def require_fresh_proof(request: HttpRequest) -> None:
    """Asked after the right: a step that nobody at a screen left open may take. After five minutes the person proves
    anew who it is, and goes on with what was filled in: unless another company was chosen meanwhile, or one
    looks as a colleague now."""
    if needs_fresh_proof(request):
        raise ReauthenticationRequired
    if request.method == "POST" and as_member(request).preview:
        raise OnlyLooking
    if is_for_another(as_member(request)):
        raise ForAnotherCompany


def needs_fresh_proof(request: HttpRequest) -> bool:
    return bool(get_adapter(request).is_reauthentication_required(app="organisations"))


def asks_proof_for(words: Text) -> Callable[[View], View]:
    """Says of a view, on the page that asks for the proof, what is about to be done."""

    def marked(view: View) -> View:
        view.proof_for = words  # type: ignore[attr-defined]
        return view

    return marked


def visible_branches(actor: Actor, right: Right) -> frozenset[int] | None:
    """The branches in which the right is held; None = the whole company. Which of these one works in is
    `actor.branch`, a filter and no wall."""
    if (right, None) in actor.grants:
        return None
    return frozenset(branch for held, branch in actor.grants if held == right and branch is not None)


def without_company(view: View) -> View:
    """Marks a page about the person instead of the company: it opens before a company is chosen, or without any."""
    view.needs_company = False  # type: ignore[attr-defined]
    return view


def ends_preview(view: View) -> View:
    """Marks what one does as oneself while one looks as a colleague: going away from there."""
    view.ends_preview = True  # type: ignore[attr-defined]
    return view


def for_everyone(view: View) -> View:
    """Marks a page that strangers may open too, and that says more to who is signed in."""
    view.login_required = False  # type: ignore[attr-defined]
    view.greets_who_is_known = True  # type: ignore[attr-defined]
    return without_company(view)
