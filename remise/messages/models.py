from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from remise.core.models import Walled
from remise.documents.models import Document


class Mail(models.Model):
    """One mail to one person: written in the transaction of what it tells of, sent by a job, never read by whoever
    caused it. It belongs to a portal. Whom it went to and what it said are let go of (`rules`); that it was sent
    stays."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        REFUSED = "refused", _("Refused by the mail server")
        GIVEN_UP = "given_up", _("Given up")
        WITHDRAWN = "withdrawn", _("Withdrawn")  # what it enclosed is worth nothing any more

    # The legal moves; anything else is refused. A dead letter may be tried again.
    MOVES: ClassVar[dict[str, set[str]]] = {
        State.WAITING: {State.SENT, State.REFUSED, State.GIVEN_UP, State.WITHDRAWN},
        State.SENT: set(),
        State.REFUSED: {State.WAITING, State.WITHDRAWN},
        State.GIVEN_UP: {State.WAITING, State.WITHDRAWN},
        State.WITHDRAWN: set(),
    }
    DEAD = (State.REFUSED, State.GIVEN_UP)

    portal = models.BigIntegerField(editable=False)
    # Its Message-ID, by which a reader's mail program knows the second copy after a kill at the wrong moment.
    reference = models.UUIDField(unique=True)
    kind = models.CharField(max_length=60)
    event = models.BigIntegerField(null=True)  # of which it tells
    sender = models.CharField(max_length=200)
    recipient = models.EmailField(blank=True)
    # Whose address that was when it was written, or became another one: it may be somebody else's by now. Set by the
    # database, for who writes a mail may not read whose an address is.
    account = models.BigIntegerField(null=True, editable=False)
    reply_to = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    attached = ArrayField(models.BigIntegerField(), default=list)  # documents, read when it is sent
    # Holds a link or code that lets its reader in, or a colleague's name: let go of at once when it was sent.
    secret = models.BooleanField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.IntegerField(default=0)
    fault = models.CharField(max_length=60, blank=True)  # a word, not the server's: that may hold the address
    written_at = models.DateTimeField()  # real time, as all plumbing
    settled_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "messages_mail"
        constraints = [
            # However often a subscriber runs, its event is told once to each. Those that were let go of are alike.
            models.UniqueConstraint(
                fields=["event", "kind", "recipient"],
                condition=Q(event__isnull=False) & ~Q(recipient=""),
                name="messages_mail_once",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True)
                | (~Q(state="waiting") & Q(settled_at__isnull=False)),
                name="messages_mail_settled",
            ),
            # Withdrawn is what has nothing left to enclose.
            models.CheckConstraint(condition=~Q(state="withdrawn") | Q(attached=[]), name="messages_mail_withdrawn"),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True) | Q(recipient="", subject="", text="", html=""),
                name="messages_mail_forgotten",
            ),
        ]
        indexes = [
            models.Index(fields=["portal", "-id"], condition=~Q(state="sent"), name="messages_mail_not_sent"),
            models.Index(fields=["settled_at"], condition=Q(forgotten_at__isnull=True), name="messages_mail_kept"),
            models.Index(fields=["account"], condition=~Q(recipient=""), name="messages_mail_of_account"),
            models.Index(Lower("recipient"), condition=~Q(recipient=""), name="messages_mail_to"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Mailing(Walled):
    """That a document was mailed from a page: about what, and by whom; documents that go in one mail have one each.
    Whom it went to stands in the mail alone, which lets go of it; how the mail fared is told through a door
    (`selectors`). `key` makes a form that is sent twice one mail."""

    key = models.UUIDField()
    about = models.CharField(max_length=30)
    subject = models.BigIntegerField()
    document = models.ForeignKey(Document, models.DO_NOTHING, db_constraint=False, related_name="+")
    mail = models.UUIDField()  # the mail's reference
    account = models.BigIntegerField(null=True)  # null: nobody, it was sent by itself
    at = models.DateTimeField()

    class Meta:
        db_table = "messages_mailing"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key", "about", "subject"], name="messages_mailing_once"),
            models.UniqueConstraint(fields=["mail", "about", "subject"], name="messages_mailing_of_mail"),
        ]
        indexes = [models.Index(fields=["organisation", "about", "subject"], name="messages_mailing_about")]

    def __str__(self) -> str:
        return f"{self.about} {self.subject}"
