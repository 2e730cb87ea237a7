from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from remise.core.models import Walled


class Run(Walled):
    """Long work that can be paused and resumed: a file, a batch, an export. It acts for the account that began it,
    with the rights that account has at each step."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        CANCELLED = "cancelled", _("Cancelled")
        DONE = "done", _("Done")

    # The legal moves; anything else is refused by `actions.move`.
    MOVES = {
        State.WAITING: {State.RUNNING, State.PAUSED, State.CANCELLED},
        State.RUNNING: {State.PAUSED, State.CANCELLED, State.DONE},
        State.PAUSED: {State.WAITING, State.CANCELLED},
        State.CANCELLED: set[State](),
        State.DONE: set[State](),
    }

    kind = models.CharField(max_length=40)
    inputs = models.JSONField()
    inputs_sha = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    rows = models.IntegerField()
    accepted = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    account = models.BigIntegerField()
    name = models.CharField(max_length=200)
    result = models.CharField(max_length=200, blank=True)
    began_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-id"], name="runs_run_by_organisation")]

    @property
    def judged(self) -> int:
        return self.accepted + self.refused

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class RunRow(Walled):
    """One row of a run: its verdict is written once, in the transaction of what the row did."""

    class Verdict(models.TextChoices):
        PENDING = "pending", _("Waiting")
        ACCEPTED = "accepted", _("Done")
        REFUSED = "refused", _("Refused")

    run = models.ForeignKey(Run, models.DO_NOTHING, db_constraint=False)
    position = models.IntegerField()
    key = models.CharField(max_length=80)
    data = models.JSONField()
    verdict = models.CharField(max_length=8, choices=Verdict, default=Verdict.PENDING)
    code = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)
    entry = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="runs_runrow_once")]
        indexes = [
            models.Index(
                fields=["run", "position"], condition=Q(verdict="pending"), name="runs_runrow_still_pending"
            ),
            models.Index(fields=["run", "position"], name="runs_runrow_in_order"),
        ]

    def __str__(self) -> str:
        return self.key
