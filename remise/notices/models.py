from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from remise.core.models import Entry, Item, Walled
from remise.notices.planning import Said, Told
from remise.notices.rules import KIND_LABELS, Kind, Manner
from remise.policies.models import Product
from remise.portals.models import Portal


class NoticeRule(models.Model):
    """How cover under a product is told to the register, from a day on, with its source."""

    portal = models.BigIntegerField(editable=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    starts = models.DateField()
    source = models.CharField(max_length=200)
    manner = models.CharField(max_length=10)  # rules.Manner

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "starts"], name="notices_noticerule_once_a_day"),
            models.CheckConstraint(condition=Q(manner__in=list(Manner)), name="notices_noticerule_manner"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.starts}"


class RegisterSettings(models.Model):
    """How an insurer reaches the register, and how far it has read the answers. Address and secret of the register
    are the installation's (settings)."""

    class Way(models.TextChoices):
        NONE = "none", _("not connected")
        HTTP = "http", _("by a connection")
        FILE = "file", _("by file")

    portal = models.OneToOneField(Portal, models.PROTECT, db_column="portal", related_name="+")
    way = models.CharField(max_length=4, choices=Way, default=Way.NONE)
    insurer_code = models.CharField(max_length=10, blank=True)  # by which the register knows the insurer
    next_batch = models.IntegerField(default=1)
    answers_after = models.CharField(max_length=100, blank=True)  # the register's own mark
    answers_fault = models.CharField(max_length=60, blank=True)  # why they could not be fetched, in a word of ours

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way="none") | ~Q(insurer_code=""), name="notices_registersettings_has_code"
            ),
        ]

    def __str__(self) -> str:
        return self.way


class RegisterWay(models.Model):
    """From a day on: how an insurer's notices go to the register, as it chose itself. Where it never did, as the
    installation was set up (`RegisterSettings`)."""

    portal = models.BigIntegerField(editable=False)
    starts = models.DateField()
    way = models.CharField(max_length=4, choices=RegisterSettings.Way)
    insurer_code = models.CharField(max_length=10, blank=True)
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField(null=True)  # the account

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "starts"], name="notices_registerway_once_a_day"),
            models.CheckConstraint(
                condition=Q(way="none") | ~Q(insurer_code=""), name="notices_registerway_has_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.starts}"


class Batch(models.Model):
    """Notices that go to the register together, under one key: sent twice it is one. `due` is real time: the lease of
    who is sending it, then the next try."""

    portal = models.BigIntegerField(editable=False)
    number = models.IntegerField()
    key = models.UUIDField(unique=True)
    way = models.CharField(max_length=4, choices=RegisterSettings.Way)
    size = models.IntegerField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=60, blank=True)  # the register's
    due = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    fault = models.CharField(max_length=60, blank=True)  # why the last try failed, in a word of ours
    content = models.TextField(blank=True)  # of a batch by file: what was downloaded stays as it is

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "number"], name="notices_batch_number"),
            models.CheckConstraint(condition=Q(way__in=["http", "file"]), name="notices_batch_way"),
        ]
        indexes = [
            models.Index(fields=["portal", "due"], condition=Q(sent_at__isnull=True), name="notices_batch_unsent"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Notice(Walled):
    """One thing that the state register is told of one cover: of a vehicle, or of a dealer's whole stock (no item).
    What it says never changes (a trigger holds that); a change is told by another one."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        GOING = "going", _("In a batch")
        SENT = "sent", _("Sent")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Refused")
        CORRECTED = "corrected", _("Replaced")
        WITHDRAWN = "withdrawn", _("Not needed any more")

    # The legal moves; the trigger in the wall's migration holds the same (a test compares them). Once it is in a
    # batch the register may have it; an answer can come before we know that it was taken.
    MOVES: ClassVar[dict[str, set[str]]] = {
        State.PENDING: {State.GOING, State.WITHDRAWN},
        State.GOING: {State.SENT, State.ACCEPTED, State.REJECTED},
        State.SENT: {State.ACCEPTED, State.REJECTED},
        State.REJECTED: {State.PENDING, State.CORRECTED, State.WITHDRAWN},
        State.ACCEPTED: set(),
        State.CORRECTED: set(),
        State.WITHDRAWN: set(),
    }
    OPEN: ClassVar[tuple[State, ...]] = (State.PENDING, State.GOING, State.SENT, State.REJECTED)
    UNDER_WAY: ClassVar[tuple[State, ...]] = (State.GOING, State.SENT)
    NOT_FILED: ClassVar[tuple[State, ...]] = (State.PENDING, State.GOING, State.REJECTED)

    policy = models.BigIntegerField()
    item = models.ForeignKey(
        Item, models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    place = models.IntegerField()  # in the order of all that is told of this item, or of this policy's stock
    # What it follows from; null = from the policy's own days.
    entry = models.ForeignKey(
        Entry, models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    kind = models.CharField(max_length=8, choices=[(kind.value, label) for kind, label in KIND_LABELS.items()])
    plate = models.CharField(max_length=8, db_collation="C", blank=True)
    check_code = models.CharField(max_length=4, null=True)  # noqa: DJ001  # trade plates and stock have none
    kvk = models.CharField(max_length=8, blank=True)  # of the dealer whose stock it is
    insurer = models.CharField(max_length=120)
    policy_number = models.CharField(max_length=20)
    starts = models.DateField()
    ends = models.DateField(null=True)  # the first day without cover
    written_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    batch = models.ForeignKey(Batch, models.DO_NOTHING, db_constraint=False, null=True, related_name="notices")
    line = models.IntegerField(null=True)  # in the batch
    attempts = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=20, blank=True)  # of the last answer
    words = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=60, blank=True)  # the register's

    class Meta:
        constraints = [
            # Two who follow one change at once would both write the next place.
            models.UniqueConstraint(
                fields=["policy", "item", "place"], nulls_distinct=False, name="notices_notice_place"
            ),
            models.UniqueConstraint(
                fields=["entry", "kind", "starts"],
                condition=~Q(state__in=["withdrawn", "corrected"]),
                name="notices_notice_once_for_a_change",
            ),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="notices_notice_ends_later"),
            models.CheckConstraint(condition=Q(kind__in=list(Kind)), name="notices_notice_kind"),
            models.CheckConstraint(
                condition=Q(kind="correct")
                | Q(kind="end", ends__isnull=False)
                | Q(kind__in=["start", "annul"], ends__isnull=True),
                name="notices_notice_says_its_end",
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=True, plate="", check_code__isnull=True)
                | Q(item__isnull=False, kvk="") & ~Q(plate=""),
                name="notices_notice_of_vehicle_or_stock",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "withdrawn"]) | Q(batch__isnull=False, line__isnull=False),
                name="notices_notice_goes_in_a_batch",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "going", "withdrawn"]) | Q(sent_at__isnull=False),
                name="notices_notice_was_sent",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "rejected", "corrected"]) | Q(answered_at__isnull=False),
                name="notices_notice_was_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["item", "place"], name="notices_of_item"),
            models.Index(fields=["policy", "place"], condition=Q(item__isnull=True), name="notices_of_stock"),
            models.Index(fields=["portal", "state", "due_on", "id"], name="notices_by_state"),
            models.Index(
                fields=["portal", "due_on", "id"],
                condition=Q(state__in=["pending", "going", "sent", "rejected"]),
                name="notices_open",
            ),
            models.Index(fields=["portal", "plate", "id"], name="notices_by_plate"),
            models.Index(fields=["batch", "line"], name="notices_of_batch"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def said(self) -> Said:
        return Said(Kind(self.kind), self.starts, self.ends, self.check_code)

    @property
    def as_told(self) -> Told:
        """Of one that was neither withdrawn nor replaced."""
        arrives = self.state in (*self.UNDER_WAY, self.State.ACCEPTED)
        return Told(self.id, self.said, arrives, refused=self.state == self.State.REJECTED)

    @property
    def ticket(self) -> str:
        """By which the register answers: another one for each time it is sent, so that a late answer to an earlier
        time is not taken for this one's."""
        return f"{self.pk}-{self.attempts}"

    def __str__(self) -> str:
        return f"{self.kind} {self.plate or self.policy_number}"
