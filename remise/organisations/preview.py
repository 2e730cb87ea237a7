"""Seeing the portal as a colleague sees it: only looking, and never more than one may see oneself.

What the colleague may open and the administrator may not stays closed, and is named in the band over the page: a
preview is no way round giving oneself a right, which the history would mark.
"""

from dataclasses import dataclass, replace

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from remise.core import events
from remise.core.actor import Actor, Grants, can
from remise.core.errors import Forbidden, NotVisible
from remise.organisations.models import Grant, Membership
from remise.organisations.rights import OrganisationRight, label_of
from remise.ui.shell import Band

KEY = "preview"
CODE = "preview_only_looks"  # of a change that is refused to who only looks


@dataclass(frozen=True, slots=True)
class Preview:
    """As whom one looks, and which of the colleague's rights one does not hold oneself."""

    membership: int
    name: str
    hidden: tuple[str, ...]


def begin(*, by: Actor, membership: int, session: SessionBase) -> Membership:
    """Written down: the colleague may know that somebody looked."""
    decision = can(by, OrganisationRight.MANAGE_USERS)
    if not decision:
        raise Forbidden(decision)
    colleague = _colleague(by, membership)
    if colleague is None:
        raise NotVisible(_("This colleague does not exist."))
    events.record("access.previewed", by=by, subject=("membership", colleague.id))
    session[KEY] = colleague.id
    return colleague


def end(session: SessionBase) -> int | None:
    """As which colleague one looked."""
    looked_as: int | None = session.pop(KEY, None)
    return looked_as


def seen_by(actor: Actor, session: SessionBase) -> tuple[Actor, Preview | None]:
    """The actor with the colleague's rights, as far as they are one's own too. Who may not preview any more, or whose
    colleague left, is oneself again."""
    wanted = session.get(KEY)
    if wanted is None:
        return actor, None
    colleague = _colleague(actor, wanted) if can(actor, OrganisationRight.MANAGE_USERS) else None
    if colleague is None:
        end(session)
        return actor, None
    theirs = frozenset(Grant.objects.filter(membership=colleague).values_list("right", "branch_id"))
    both = shared(actor.grants, theirs)
    hidden = sorted({right for right, _branch in theirs} - {right for right, _branch in both})
    places = {branch for _right, branch in both}
    only = next(iter(places)) if len(places) == 1 else None
    preview = Preview(colleague.id, colleague.display_name, tuple(str(label_of(right)) for right in hidden))
    seen = replace(
        actor,
        grants=both,
        branch=actor.branch if actor.branch in places else only,
        membership=colleague.id,
        looks_as=colleague.account_id,
    )
    return seen, preview


def shared(one: Grants, other: Grants) -> Grants:
    """What both may: everywhere and in one branch is in that branch."""
    return frozenset(
        (right, there if where is None else where)
        for right, where in one
        for same, there in other
        if same == right and (where == there or where is None or there is None)
    )


def band(request: HttpRequest) -> Band | None:
    preview: Preview | None = getattr(request, "preview", None)
    if preview is None:
        return None
    if _is_about_oneself(request):
        text = _("This page is about yourself: you do not see it as %(name)s does. You change nothing.")
    else:
        text = _("You see the portal as %(name)s does, and change nothing.")
    return Band(
        text=text % {"name": preview.name},
        detail=_("Open to %(name)s and not to you: %(rights)s.")
        % {"name": preview.name, "rights": ", ".join(preview.hidden)}
        if preview.hidden
        else "",
        button=_("Stop"),
        url=reverse("organisations:preview_end"),
    )


def _is_about_oneself(request: HttpRequest) -> bool:
    """Sign-in, own data and the like: a colleague's are that colleague's alone."""
    view = request.resolver_match.func if request.resolver_match else None
    if view is None or getattr(view, "greets_who_is_known", False):
        return False
    module = view.__module__
    return not getattr(view, "needs_company", True) or module.startswith(("allauth.", "remise.accounts."))


def _colleague(by: Actor, membership: int) -> Membership | None:
    return Membership.objects.filter(organisation=by.company, id=membership, state=Membership.State.ACTIVE).first()
