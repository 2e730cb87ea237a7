from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.jobs import daily, job
from remise.documents import print_files, sweeping
from remise.documents.actions import pdf_of
from remise.documents.models import Document


@job("documents.draw", label=_("Draw a document"))
def draw(actor: Actor, *, document: int) -> None:
    """For what should be ready before it is read."""
    pdf_of(Document.objects.get(id=document), by=actor)


@daily("documents.forget_print_files", label=_("Let go of files for the printer"))
def forget_print_files(actor: Actor) -> None:
    print_files.forget(actor)


@daily("documents.sweep", label=_("Remove files that no document names"))
def sweep(actor: Actor) -> None:
    """Files belong to no portal: done in each, it finds them swept already."""
    sweeping.sweep(actor)
