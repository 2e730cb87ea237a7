"""What this room puts in the menu and on the home page."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from remise.core import clock
from remise.core.actor import Actor, can
from remise.core.registry import MenuEntry, Task
from remise.core.scope import ActorKind
from remise.mandates import selectors
from remise.mandates.rights import ClientRight, IntermediaryRight, MandateRight, unknown
from remise.mandates.rules import State
from remise.mandates.selectors import Received
from remise.organisations.requests import as_member
from remise.organisations.ways import WIDER_MANDATE, Lacking, Way
from remise.ui.shell import Link

MENU = (
    MenuEntry("clients:inbox", gettext_lazy("My clients"), "users", (ClientRight.ACT,), 12, "clients", phone=True),
    MenuEntry(
        "mandates:overview",
        gettext_lazy("Who acts for us"),
        "file-certificate",
        (MandateRight.MANAGE,),
        92,
        "mandates",
    ),
    MenuEntry(
        "intermediaries:overview",
        gettext_lazy("Intermediaries"),
        "users",
        (IntermediaryRight.MANAGE,),
        60,
        "intermediaries",
    ),
)


def tasks(by: Actor) -> Sequence[Task]:
    """Offers to one's office, and who asks for a new link to an offer of one's company."""
    if by.kind is not ActorKind.MEMBER or by.office is not None:
        return []
    found = []
    received = selectors.received(by) if can(by, ClientRight.ACT) or can(by, ClientRight.MANAGE) else []
    if can(by, ClientRight.MANAGE):
        found += _offered(received)
    if can(by, ClientRight.ACT):
        found += _clients(by, received)
    if can(by, MandateRight.MANAGE):
        found += [*_wished(by), *_asked_again(by)]
    return found


def _clients(by: Actor, received: Sequence[Received]) -> list[Task]:
    """The way to them, for who has any."""
    own = selectors.own_tier()
    if not any(one.mandate.stands for one in received) and not (own and own.tier.opens):
        return []
    return [
        Task(
            due=clock.today(by),
            when=_("today"),
            title=_("Your clients, and what waits for them"),
            text=_("All on one page; one click and you act for one of them."),
            url=reverse("clients:inbox"),
            action=_("My clients"),
        )
    ]


def _offered(received: Sequence[Received]) -> list[Task]:
    offers = [one for one in received if one.mandate.state is State.OFFERED]
    if not offers:
        return []
    words = ngettext("A company offers you a mandate", "%(count)s companies offer you a mandate", len(offers))
    until = clock.day_of(min(one.mandate.expires for one in offers))
    left = (until - clock.day_of(timezone.now())).days  # a mailed link ends by real time
    return [
        Task(
            due=until,
            when=ngettext("%(days)s day left", "%(days)s days left", left) % {"days": left},
            title=words % {"count": len(offers)},
            text=", ".join(one.mandate.client for one in offers[:3]),
            url=reverse("clients:received"),
            action=_("Look"),
        )
    ]


def _wished(by: Actor) -> list[Task]:
    return [
        Task(
            due=clock.today(by),
            when=_("now"),
            title=_("%(office)s asks for one right more") % {"office": wish.office},
            text=str(wish.label),
            url=reverse("mandates:show", args=[wish.mandate]),
            action=_("Answer"),
        )
        for wish in selectors.wishes(by)
    ]


def _to_client(request: HttpRequest, lacking: Lacking) -> tuple[Link, bool] | None:
    """Asked by who acts by a mandate that could give this right, or asked already."""
    by, client = as_member(request).actor, as_member(request).client
    mandate = selectors.own_mandate(by)
    if client is None or mandate is None or unknown([lacking.right]) or lacking.right in mandate.rights:
        return None
    if selectors.is_wished(by, mandate, lacking.right):
        return Link(_("Your office asked for it. What may I do?"), reverse("access:mine"), "clock"), False
    words = _("Ask %(name)s for this right") % {"name": client.name}
    return Link(words, reverse("clients:ask", query={"right": lacking.right}), "key"), True


WAYS = (Way(WIDER_MANDATE, _to_client),)


def _asked_again(by: Actor) -> list[Task]:
    asking = selectors.asking_again(by)
    if not asking:
        return []
    words = ngettext(
        "%(count)s office asks for a new link to its mandate",
        "%(count)s offices ask for a new link to their mandates",
        len(asking),
    )
    return [
        Task(
            due=clock.today(by),
            when=_("now"),
            title=words % {"count": len(asking)},
            text=", ".join(one.addressed_to for one in asking[:3]),
            url=reverse("mandates:overview"),
            action=_("Look"),
        )
    ]
