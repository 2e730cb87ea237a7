"""Letting go of particulars, and of wishes that nobody answered in time."""

from django.db.models import Q

from remise.core import clock
from remise.core.actor import Actor
from remise.core.scope import enter
from remise.onboarding.models import Application, LinkCase, LinkRequest, LinkState
from remise.onboarding.rules import FORGOTTEN, KEPT


def forget_old(system: Actor) -> None:
    """In a few statements; done again they find less."""
    now = clock.now(system)
    with enter(system.scope):
        over = Q(decided_at__lt=now - KEPT) | Q(state=Application.State.OPEN, due_at__lt=now - FORGOTTEN)
        old = Application.objects.filter(over, portal=system.in_portal, erased_at=None)
        old.update(erased_at=now, **dict.fromkeys(Application.PARTICULARS, ""))
        cases = LinkCase.objects.filter(portal=system.in_portal, decided_at__lt=now - KEPT)
        cases.exclude(name="", email="", answer="").update(name="", email="", answer="")
        asked = LinkRequest.objects.filter(portal=system.in_portal, decided_at__lt=now - KEPT)
        asked.exclude(answer="").update(answer="")


def expired(system: Actor) -> list[int]:
    """Wishes whose time is over, of the asker and of the company; the numbers of the asker's."""
    now = clock.now(system)
    cases = LinkCase.objects.filter(portal=system.in_portal, state=LinkState.OPEN, expires_at__lte=now)
    cases.update(state=LinkState.EXPIRED, decided_at=now)
    late = LinkRequest.objects.filter(portal=system.in_portal, state=LinkState.OPEN, expires_at__lte=now)
    numbers = sorted(late.values_list("id", flat=True))
    late.update(state=LinkState.EXPIRED, decided_at=now, number="")
    return numbers
