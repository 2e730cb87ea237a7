from datetime import timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from remise.core.models import Walled

# Real time. Longer than a job keeps trying in earnest; then the page offers to go on.
STALLED_AFTER = timedelta(minutes=15)


class Run(Walled):
    """Long work that can be paused and resumed: a file, a batch, an export. It acts for the account that began it,
    with the rights that account has at each step."""

    class State(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Waits for you")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Busy")
        PAUSED = "paused", _("Paused")
        FAILED = "failed", _("Stopped by a fault")
        CANCELLED = "cancelled", _("Cancelled")
        DONE = "done", _("Done")

    # The legal moves; anything else is refused.
    MOVES: ClassVar[dict[str, set[str]]] = {
        State.CHECKING: {State.CHECKED, State.FAILED, State.CANCELLED},
        State.CHECKED: {State.WAITING, State.CANCELLED},
        State.WAITING: {State.RUNNING, State.PAUSED, State.FAILED, State.CANCELLED},
        # Back to its lines, where all or none was asked and one could not be done any more.
        State.RUNNING: {State.PAUSED, State.FAILED, State.CANCELLED, State.DONE, State.CHECKED},
        State.PAUSED: {State.WAITING, State.CANCELLED},
        State.FAILED: {State.CHECKING, State.WAITING, State.CANCELLED},
        State.CANCELLED: set(),
        State.DONE: set(),
    }
    ENDED = (State.CANCELLED, State.DONE)
    ACTIVE = (State.CHECKING, State.WAITING, State.RUNNING)

    kind = models.CharField(max_length=40)
    inputs = models.JSONField()
    # While it stands, sending the same again leads here. Given up by what was cancelled, and by an export that is
    # done: the next one shows another day.
    inputs_sha = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    # The one job that may go on. Another one (put back after a kill, or from before a pause) finds its number past.
    step = models.IntegerField(default=0)
    # Rows of a file, or lines of an export as far as they are known.
    rows = models.IntegerField(default=0)
    wrong = models.IntegerField(default=0)  # rows to be mended: not passed when the file was looked through
    accepted = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    reached = models.IntegerField(default=0)  # position of the last row that was judged; rows go in order
    whole = models.BooleanField(default=False)  # all rows or none, as it was asked or confirmed
    source = models.CharField(max_length=200, blank=True)  # the file that was sent in, until it was looked through
    source_name = models.CharField(max_length=120, blank=True)  # as who sent it calls it
    # What a file was found to have that nobody reads; shown with its lines.
    not_read = ArrayField(models.CharField(max_length=60), default=list)
    confirmed_at = models.DateTimeField(null=True)  # somebody saw what would happen, and said yes
    account = models.BigIntegerField()
    # From which office, where it was begun for a client: it goes on while that office acts for the company, whatever
    # else its person may do there.
    office = models.BigIntegerField(null=True)
    # The key with which a program began it: it goes on with what that key may do, and no longer than the key works.
    token = models.BigIntegerField(null=True)
    branch = models.BigIntegerField(null=True)  # the one it is about; null = all that its person may see
    # Where its person held the right when it began; null = in the whole company. What a file shows goes no further,
    # and is shown only to who holds the right in all of these.
    branches = ArrayField(models.BigIntegerField(), null=True)
    # Groups of particulars that its person was not to see when it began: these are not put into it later either, and
    # who is not to see others does not read it.
    withheld = ArrayField(models.CharField(max_length=20), default=list)
    language = models.CharField(max_length=5)
    message = models.TextField(blank=True)  # why it failed or was cancelled
    result = models.CharField(max_length=200, blank=True)  # name in the storage; whole once the run is done
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    stepped_at = models.DateTimeField(db_default=Now())  # real time
    forgotten_at = models.DateTimeField(null=True)  # its file and what its rows said were let go (rules)

    sent_before = False  # `begin_run` found it instead of making it

    class Meta:
        indexes = [models.Index(fields=["organisation", "-id"], name="runs_run_by_organisation")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "account", "kind", "inputs_sha"],
                condition=~Q(inputs_sha=""),
                name="runs_run_same_again",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def judged(self) -> int:
        return self.accepted + self.refused

    @property
    def able(self) -> int:
        """Rows that can be done, as far as the file was looked through."""
        return self.rows - self.judged - self.wrong

    @property
    def is_unconfirmed(self) -> bool:
        """A file that is looked through, or was: nothing has happened yet."""
        return self.state in {self.State.CHECKING, self.State.CHECKED}

    @property
    def is_active(self) -> bool:
        return self.state in self.ACTIVE

    @property
    def is_stalled(self) -> bool:
        """Nobody is at it any more, as after a row that ended every worker that took it."""
        return self.is_active and timezone.now() - self.stepped_at > STALLED_AFTER

    @property
    def may_pause(self) -> bool:
        """An export cannot be, whatever its state."""
        return self.is_active and not (self.is_stalled or self.is_unconfirmed)

    @property
    def may_resume(self) -> bool:
        return self.is_stalled or self.state in {self.State.PAUSED, self.State.FAILED}

    @property
    def has_ended(self) -> bool:
        return self.state in self.ENDED

    @property
    def has_file(self) -> bool:
        return self.state == self.State.DONE and bool(self.result)

    @property
    def file_name(self) -> str:
        return self.result.rpartition("/")[2]


class RunRow(Walled):
    """One row of a run: its verdict is written once, in the transaction of what the row did. Before that it may be
    found wrong, and mended."""

    class Verdict(models.TextChoices):
        WRONG = "wrong", _("Not right yet")
        PENDING = "pending", _("Waiting")
        ACCEPTED = "accepted", _("Done")
        REFUSED = "refused", _("Refused")

    run = models.ForeignKey(Run, models.DO_NOTHING, db_constraint=False, db_index=False)  # unique with the position
    position = models.IntegerField()
    key = models.CharField(max_length=80)
    data = models.JSONField()  # emptied once the row was accepted, and later when it was refused
    verdict = models.CharField(max_length=8, choices=Verdict, default=Verdict.PENDING)
    # Why it is so (moves.say).
    code = models.CharField(max_length=40, blank=True)
    field = models.CharField(max_length=40, blank=True)  # the column that the message is about
    message = models.TextField(blank=True)
    remedy = models.CharField(max_length=40, blank=True)  # the request with which the desk can lift it
    missing_in = models.BigIntegerField(null=True)  # the branch where the right is missing, where it is about one
    entry = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "key"], name="runs_runrow_once"),
            models.UniqueConstraint(fields=["run", "position"], name="runs_runrow_in_order"),
        ]
        # None is about the verdict: a row that is judged is changed where it lies, without a look at an index.

    @property
    def is_doubted(self) -> bool:
        """It can be done, and something about it is worth a look."""
        return self.verdict == self.Verdict.PENDING and bool(self.code)

    def __str__(self) -> str:
        return self.key
