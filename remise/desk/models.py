from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from remise.core.models import Walled, by_one

ABOUT = 120


class DeskRequest(Walled):
    """What a customer asks the insurer's desk, with its clock and what became of it. It holds people's words (what
    was typed, the reason), so it is an ordinary row that is emptied in time, and never the ledger (docs/adr/0013)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the desk")
        TAKEN = "taken", _("The desk is at it")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        SETTLED = "settled", _("No longer needed")

    # The legal moves; anything else is refused (moves).
    MOVES: ClassVar[dict[str, set[str]]] = {
        State.WAITING: {State.TAKEN, State.WITHDRAWN, State.SETTLED},
        State.TAKEN: {State.WAITING, State.ACCEPTED, State.REFUSED, State.WITHDRAWN, State.SETTLED},
        State.ACCEPTED: set(),
        State.REFUSED: set(),
        State.WITHDRAWN: set(),
        State.SETTLED: set(),
    }
    OPEN = (State.WAITING, State.TAKEN)
    DECIDED = (State.ACCEPTED, State.REFUSED)

    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=30)
    subject = models.BigIntegerField()  # the vehicle on a policy, the policy: as the kind says
    branch = models.BigIntegerField(null=True)  # the one it is about; null = the whole company
    data = models.JSONField()  # of the kind's schema; emptied in time
    about = models.CharField(max_length=ABOUT, blank=True)  # in capitals: by what the desk finds it; emptied with it
    # While it is open, asking the same again leads here. Given up when it is closed.
    data_sha = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    account = models.BigIntegerField(null=True)  # who asked
    office = models.BigIntegerField(null=True)  # from which office, where it was asked for a client
    by_system = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    assignee = models.BigIntegerField(null=True)  # the desk's account
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)  # or withdrawn, or settled
    reason = models.TextField(blank=True)  # the desk's, for the customer; emptied in time
    entry = models.BigIntegerField(null=True)  # the receipt of what was done
    customer_asked = models.BooleanField(default=False)  # the last word was the customer's
    # The desk asks something that nobody answered, or has decided and nobody looked.
    unread = models.BooleanField(default=False)
    # The desk's own, which no customer meets before the desk has written or refused (`RequestKind.is_internal`).
    internal = models.BooleanField(default=False, db_default=False)
    forgotten_at = models.DateTimeField(null=True)

    sent_before = False  # `open_request` found it instead of making it

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-id"], name="desk_request_by_organisation"),
            models.Index(
                fields=["portal", "due_at", "id"],
                condition=Q(state__in=("waiting", "taken")),
                name="desk_request_open",
            ),
            models.Index(fields=["portal", "-id"], name="desk_request_by_portal"),
            models.Index(fields=["organisation", "kind"], condition=Q(unread=True), name="desk_request_to_be_read"),
            models.Index(fields=["subject_kind", "subject"], name="desk_request_by_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "data_sha"],
                condition=~Q(data_sha=""),
                name="desk_request_one_open",
            ),
            models.CheckConstraint(condition=by_one(), name="desk_request_by_one"),
            # Who is at it, and who decided, cannot come apart from the state, whoever writes.
            models.CheckConstraint(
                condition=Q(state="taken", assignee__isnull=False)
                | Q(state__in=("waiting", "withdrawn", "settled"), assignee__isnull=True)
                | Q(state__in=("accepted", "refused"), assignee=models.F("decided_by")),
                name="desk_request_taken_by_one",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "taken"), decided_at__isnull=True, decided_by__isnull=True)
                | Q(state__in=("accepted", "refused"), decided_at__isnull=False, decided_by__isnull=False)
                | Q(state__in=("withdrawn", "settled"), decided_at__isnull=False, decided_by__isnull=True),
                name="desk_request_decided_once",
            ),
            models.CheckConstraint(
                condition=Q(entry__isnull=True) | Q(state="accepted"), name="desk_request_entry_when_accepted"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_decided(self) -> bool:
        return self.state in self.DECIDED

    @property
    def waits_for_customer(self) -> bool:
        """The desk asked something: it is not the desk that is late."""
        return self.is_open and self.unread

    def waits_too_long(self, now: datetime) -> bool:
        """The desk's answer should have been there."""
        return self.is_open and not self.unread and self.due_at <= now

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class DeskMessage(Walled):
    """A line between the customer and the desk. Both see it."""

    request = models.ForeignKey(DeskRequest, models.DO_NOTHING, db_constraint=False, related_name="messages")
    from_desk = models.BooleanField()
    account = models.BigIntegerField()
    at = models.DateTimeField()
    text = models.TextField(blank=True)  # emptied in time

    class Meta:
        indexes = [models.Index(fields=["request", "id"], name="desk_message_of_request")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.pk}"


class DeskNote(Walled):
    """What the desk's people tell each other about a request, also where one hands it to another. No customer reads
    it: to the wall it is staff's alone."""

    request = models.ForeignKey(DeskRequest, models.DO_NOTHING, db_constraint=False, related_name="notes")
    account = models.BigIntegerField()  # who wrote it, and handed the request over
    at = models.DateTimeField()
    text = models.TextField(blank=True)  # emptied in time; a handover may have none
    # Of a handover: who has it since, and who had it until then.
    given_to = models.BigIntegerField(null=True)
    taken_from = models.BigIntegerField(null=True)
    # Until they opened the request, their home page tells them.
    is_new = models.BooleanField(default=False)  # to `given_to`
    is_lost = models.BooleanField(default=False)  # to `taken_from`

    class Meta:
        indexes = [
            models.Index(fields=["request", "id"], name="desk_note_of_request"),
            models.Index(fields=["portal", "given_to"], condition=Q(is_new=True), name="desk_note_new"),
            models.Index(fields=["portal", "taken_from"], condition=Q(is_lost=True), name="desk_note_lost"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(given_to__isnull=False) | Q(taken_from__isnull=True, is_new=False),
                name="desk_note_given_to_one",
            ),
            models.CheckConstraint(
                condition=Q(taken_from__isnull=False) | Q(is_lost=False), name="desk_note_lost_by_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.pk}"


class AnswerTemplate(models.Model):
    """An answer that the desk gives often, in one wording: of a portal and no company. A change makes a new row and
    retires the old one, so that what was in use on a day can be told."""

    class Use(models.TextChoices):
        REASON = "reason", _("Reason of a decision")
        MESSAGE = "message", _("Message to the customer")

    portal = models.BigIntegerField(editable=False)
    kind = models.CharField(max_length=40, blank=True)  # of request; empty = every kind
    use = models.CharField(max_length=7, choices=Use)
    language = models.CharField(max_length=5)  # of who reads the answer
    title = models.CharField(max_length=80)
    text = models.TextField()  # with placeholders (answers.rules)
    made_by = models.BigIntegerField()  # the account
    made_at = models.DateTimeField()
    replaces = models.OneToOneField("self", models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    retired_by = models.BigIntegerField(null=True)  # the account
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "portal",
                "use",
                "kind",
                "language",
                Lower("title"),
                condition=Q(retired_at__isnull=True),
                name="desk_answertemplate_title",
                violation_error_message=_("There is a template with this title already."),
            ),
            models.CheckConstraint(
                condition=Q(retired_by__isnull=True, retired_at__isnull=True)
                | Q(retired_by__isnull=False, retired_at__isnull=False),
                name="desk_answertemplate_retired_by_one",
            ),
        ]

    @property
    def is_in_use(self) -> bool:
        return self.retired_at is None

    def __str__(self) -> str:
        return self.title
