"""Letting go of particulars, and of link requests that nobody answered in time."""

from django.db.models import Q

from remise.core import clock
from remise.core.actor import Actor
from remise.core.scope import enter
from remise.onboarding.models import Application, LinkCase, LinkRequest, LinkState
from remise.onboarding.rules import ASKED, UNANSWERED
from remise.portals import holds, retention
from remise.portals.holds import Held


def forget_old(system: Actor) -> None:
    """In a few statements; done again they find less."""
    now = clock.now(system)
    with enter(system.scope):
        held = holds.held(system)
        before = now - retention.kept(system, ASKED)
        unanswered = Q(state=Application.State.OPEN, due_at__lt=now - retention.kept(system, UNANSWERED))
        gone, left = _applications(system, Q(decided_at__lt=before), held)
        cases = LinkCase.objects.filter(portal=system.in_portal, decided_at__lt=before)
        cases = cases.exclude(name="", email="", answer="")
        of_cases = held.rows(accounts=("account", "decided_by"))
        left += cases.filter(of_cases).count()
        gone += cases.exclude(of_cases).update(name="", email="", answer="")
        asked = LinkRequest.objects.filter(portal=system.in_portal, decided_at__lt=before).exclude(answer="")
        gone += asked.exclude(account__in=held.accounts).update(answer="")
        retention.note(system, ASKED, gone=gone, held=left)
        gone, left = _applications(system, unanswered, held)
        retention.note(system, UNANSWERED, gone=gone, held=left)


def _applications(system: Actor, over: Q, held: Held) -> tuple[int, int]:
    """How many went, and how many stay because they are held: by the company that was made or matched, or by who
    decided."""
    old = Application.objects.filter(over, portal=system.in_portal, erased_at=None)
    of_held = held.rows(company="company", accounts=("decided_by",))
    left = old.filter(of_held).count()
    empty = dict.fromkeys(Application.PARTICULARS, "")
    return old.exclude(of_held).update(erased_at=clock.now(system), **empty), left


def expired(system: Actor) -> list[int]:
    """Link requests whose time is over, of the asker and of the company; the numbers of the asker's."""
    now = clock.now(system)
    late = LinkRequest.objects.filter(portal=system.in_portal, state=LinkState.OPEN, expires_at__lte=now)
    numbers = sorted(late.values_list("id", flat=True))
    late.update(state=LinkState.EXPIRED, decided_at=now, number="", name="")
    cases = LinkCase.objects.filter(portal=system.in_portal, state=LinkState.OPEN, expires_at__lte=now)
    # After the asker's, as who withdraws locks them.
    cases.update(state=LinkState.EXPIRED, assignee=None, decided_at=now)
    return numbers
