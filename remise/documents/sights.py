"""How a document is called on the page that tells a company who looked at what."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.errors import DomainError
from remise.documents.kinds import kinds
from remise.documents.models import Document
from remise.organisations.looking.selectors import Sight, Thing


def _describe(by: Actor, numbers: Iterable[int]) -> dict[int, Thing]:
    found = Document.objects.filter(organisation=by.company, id__in=set(numbers))
    return {one.id: Thing(one.title, reverse("documents:show", args=[one.id])) for one in found if _may_read(by, one)}


def _may_read(by: Actor, document: Document) -> bool:
    try:
        kinds[document.kind].check(by, document)
    except DomainError:
        return False
    return True


SIGHT = Sight("document", lambda: _("A document"), _describe)
