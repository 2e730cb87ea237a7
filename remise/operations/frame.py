"""What this room puts in the menu and on the home page of the insurer's people."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core import clock
from remise.core.actor import Actor, can
from remise.core.registry import MenuEntry, Task
from remise.core.scope import ActorKind
from remise.operations import selectors, words
from remise.operations.rights import OperationsRight

MENU = MenuEntry(
    "operations:page", gettext_lazy("Background work"), "tools", (OperationsRight.VIEW,), 60, "operations"
)


def tasks(by: Actor) -> Sequence[Task]:
    """What gave up needs a person."""
    if by.kind is not ActorKind.STAFF or not can(by, OperationsRight.VIEW):
        return []
    failed, letters = selectors.need_a_person(by)
    said = [words.gave_up(failed)] * bool(failed) + [words.not_delivered(letters)] * bool(letters)
    if not said:
        return []
    return [
        Task(
            due=clock.today(by),
            when=_("Stopped"),
            title=", ".join(said),
            text=_("It is not tried again by itself."),
            url=reverse("operations:page"),
            action=_("Look"),
            urgent=True,
        )
    ]
