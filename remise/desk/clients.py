"""What the desk said to clients of an office, and nobody read."""

from collections import defaultdict
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from remise.core.clients import ClientTasks, Deed, Waiting
from remise.desk.kinds import kinds
from remise.desk.models import DeskRequest


def waiting() -> Iterator[Waiting]:
    """By the rights that open them: kinds that share theirs are counted at once."""
    by_rights: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for kind in kinds:
        by_rights[tuple(kind.rights)].append(kind.name)
    for rights, names in by_rights.items():
        yield Waiting(rights, DeskRequest.objects.filter(unread=True, kind__in=names))


def words(count: int) -> str:
    return ngettext("%(count)s answer of the desk", "%(count)s answers of the desk", count) % {"count": count}


ANSWERS = ClientTasks("desk", _("Answers of the desk"), words, lambda: reverse("desk:requests"), waiting)
DEEDS = (
    Deed("request.opened", _("Asked the insurer's desk")),
    Deed("request.answered", _("Answered the insurer's desk")),
    Deed("request.withdrawn", _("Withdrew a request")),
)
