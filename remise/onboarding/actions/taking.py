"""Who of the desk is at it, so that no two call the same person: alike for an application and for a link case that no
company can answer. Each is called inside the caller's transaction, with the row locked and open."""

from django.utils.translation import gettext as _

from remise.core import events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.onboarding.models import Application, LinkCase
from remise.organisations.names import names_in


def take[Asked: (Application, LinkCase)](asked: Asked, *, by: Actor) -> Asked:
    """Be the one who handles it; again is once."""
    require_nobody_else(asked, by=by)
    if asked.assignee is None:
        _moved("taken", asked, by.account, by=by)
    return asked


def give_back[Asked: (Application, LinkCase)](asked: Asked, *, by: Actor) -> Asked:
    """Back to the queue: one's own, or that of a colleague who is ill."""
    if asked.assignee is not None:
        _moved("given_back", asked, None, by=by)
    return asked


def require_nobody_else(asked: Application | LinkCase, *, by: Actor) -> None:
    """Whoever answers what nobody has takes it by that."""
    if asked.assignee is not None and asked.assignee != by.account:
        name = names_in(by.organisation, [asked.assignee]).get(asked.assignee, "")
        raise BrokenRule(_("%(name)s is at it already.") % {"name": name}, code="taken")


def _moved(what: str, asked: Application | LinkCase, to: int | None, *, by: Actor) -> None:
    """An event of the insurer alone: who there is at it is no matter of the company."""
    before = {"assignee": asked.assignee}
    asked.assignee = to
    asked.save(update_fields=["assignee"])
    subject = (asked.SUBJECT, asked.id)
    events.record(f"{asked.SUBJECT}.{what}", by=by, subject=subject, before=before, after={"assignee": to})
