"""Files for the printer that stand until their day: kept by their content, and let go of by it. No person may ask for
one but by the room whose it is; that room also writes down who did."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.scope import enter
from remise.documents import blobs
from remise.documents.actions import Subject
from remise.documents.models import PrintFile
from remise.portals import holds, retention
from remise.portals.retention import Category

PRINT_FILES = Category(
    "documents.print_files",
    label=_("Files for the printer"),
    lets_go=_("What went through the printer for several companies at once, with their addresses. The numbers stay."),
    days=30,
    source=_("Our own policy: as long as a letter may take to arrive and be found missing"),
    least=7,
    why_least=_("A printer jams, and what was posted comes back."),
)


@transaction.atomic
def keep(
    system: Actor, *, subject: Subject, content: bytes, pages: int, companies: Collection[int], edition: str = ""
) -> bool:
    """By the job that drew it, in the transaction of what follows from it. False where another one was first: that
    one's file stays."""
    about, number = subject
    made, is_new = PrintFile.objects.get_or_create(
        portal=system.in_portal,
        subject_kind=about,
        subject=number,
        edition=edition,
        defaults={
            "companies": sorted(set(companies)),
            "pages": pages,
            "sha256": blobs.key(content),
            "made_at": clock.now(system),
            "forget_on": clock.today(system) + retention.kept(system, PRINT_FILES),
        },
    )
    if is_new:
        blobs.hold(blobs.key(content))
        blobs.store(content)
        events.record("print_file.made", by=system, subject=("print_file", made.id), after={"pages": pages})
    return is_new


def of(by: Actor, subject: Subject) -> QuerySet[PrintFile, PrintFile]:
    about, number = subject
    return PrintFile.objects.filter(portal=by.in_portal, subject_kind=about, subject=number)


def content_of(file: PrintFile) -> bytes:
    assert file.sha256 is not None
    return blobs.fetch(file.sha256)


def forget(system: Actor) -> None:
    """The rows name no file from their day on; the nightly sweep removes what no row names."""
    gone = 0
    with enter(system.scope):
        free = list(_due(system).exclude(_held(system)).order_by("id").values_list("id", flat=True))
    for number in free:
        with enter(system.scope):
            gone += (
                _due(system)
                .exclude(_held(system))
                .filter(id=number)
                .update(sha256=None, forgotten_at=clock.now(system))
            )
    with enter(system.scope):
        retention.note(system, PRINT_FILES, gone=gone, held=_due(system).count())


def _held(system: Actor) -> Q:
    """One company of many holds the whole of it."""
    return Q(companies__overlap=sorted(holds.held(system).companies))


def _due(system: Actor) -> QuerySet[PrintFile, PrintFile]:
    return PrintFile.objects.filter(portal=system.in_portal, sha256__isnull=False, forget_on__lte=clock.today(system))
