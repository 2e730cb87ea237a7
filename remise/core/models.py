from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from remise.core import clock


def by_one(account: str = "account") -> Q:
    """Who did it, never by name: a person by the account, what is no person by a short, stable word. A name would
    have spaces or capitals, and is refused (docs/adr/0007)."""
    is_a_person = Q(**{f"{account}__isnull": False})
    return (is_a_person & Q(by_system="")) | (~is_a_person & Q(by_system__regex=r"^[a-z][a-z0-9_.-]*$"))


class Walled(models.Model):
    """A row that belongs to one company in one portal; both are plain numbers because the rooms that hold those
    tables lie above this one. The foreign keys are made by `core.wall`."""

    portal = models.BigIntegerField(editable=False)
    organisation = models.BigIntegerField(editable=False)

    class Meta:
        abstract = True


class Reach(models.Model):
    """Which companies an agent's company may see: a projection of mandates and assignments (docs/adr/0023), kept by
    the database itself. The wall compares its last day, so that a row that nobody took away in time opens nothing."""

    pk = models.CompositePrimaryKey("viewer", "organisation")
    viewer = models.BigIntegerField()
    organisation = models.BigIntegerField()
    # The client's, in small letters: lists are paged and searched by it in the register's byte order.
    name = models.CharField(max_length=120, db_collation="C", db_default="")
    # Those that are held in the whole company: what an overview of clients may count.
    rights = ArrayField(models.CharField(max_length=40), db_default=[])
    until = models.DateField(null=True)  # the first day without; null = open

    class Meta:
        indexes = [models.Index(fields=["viewer", "name", "organisation"], name="core_reach_by_name")]

    def __str__(self) -> str:
        return f"{self.viewer} sees {self.organisation}"


class Item(Walled):
    """What the ledger is kept of: this cover of this policy, this plate on this policy. Locked before any change."""

    kind = models.CharField(max_length=20)
    policy = models.BigIntegerField()
    key = models.CharField(max_length=40)
    # The newest moment this item knows of. The next one is later, whatever the clock says.
    known_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "kind", "key"], name="core_item_one_per_policy"),
            # What versions refer to: their lists filter by company and policy, which are the item's.
            models.UniqueConstraint(fields=["id", "organisation", "portal", "policy"], name="core_item_of_policy"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


def receipt_number(entry: int, at: datetime) -> str:
    """What stands on the receipt of an entry: the year in which it was made, as the calendar in Amsterdam has it,
    then the entry's own number."""
    return f"{at.astimezone(clock.AMSTERDAM).year}-{entry:06d}"


class Entry(Walled):
    """One thing that was agreed: typed operations from a day on, or the undoing of an earlier entry. Append-only;
    its number is the receipt."""

    item = models.ForeignKey(Item, models.DO_NOTHING, db_constraint=False)
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)
    operations = models.JSONField(null=True)
    undoes = models.OneToOneField("self", models.DO_NOTHING, null=True, db_constraint=False, related_name="undone_by")
    at = models.DateTimeField()
    account = models.BigIntegerField(null=True)
    by_system = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    run = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="core_entry_ends_after_start"),
            models.CheckConstraint(
                condition=Q(undoes__isnull=True, starts__isnull=False, operations__isnull=False)
                | Q(undoes__isnull=False, starts__isnull=True, operations__isnull=True),
                name="core_entry_changes_or_undoes",
            ),
            models.CheckConstraint(condition=by_one(), name="core_entry_by_one"),
        ]

    @property
    def receipt(self) -> str:
        return receipt_number(self.pk, self.at)

    def __str__(self) -> str:
        return self.receipt


class Transaction(Func):
    """The number of the transaction that writes the row, behind those of the clusters that the database was in
    before: each cluster counts anew (docs/adr/0014)."""

    template = "(transactions_before() + pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()
    arity = 0


class Event(models.Model):
    """What happened: audit line, outbox, activity and log of who looked in one append-only table."""

    portal = models.BigIntegerField(null=True)
    organisation = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=30, blank=True)
    subject = models.BigIntegerField(null=True)
    account = models.BigIntegerField(null=True)
    by_system = models.CharField(max_length=40, blank=True)
    office = models.BigIntegerField(null=True)  # the company whose people acted for this one, by mandate
    via = models.CharField(max_length=10)
    token = models.BigIntegerField(null=True)  # of the program that called
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    # What is followed from outside is read in this order (core.feed): numbers of rows are given before they are
    # committed, and not in that order. A plain number: comparing it is leakproof, and keeps the index.
    transaction = models.BigIntegerField(db_default=Transaction())
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-id"], name="core_event_by_organisation"),
            models.Index(fields=["organisation", "transaction", "id"], name="core_event_as_committed"),
            models.Index(fields=["portal", "-id"], name="core_event_by_portal"),
            models.Index(fields=["subject_kind", "subject", "-id"], name="core_event_by_subject"),
            # Few among very many: what was refused is counted over months (organisations.missed).
            models.Index(fields=["portal", "at"], condition=Q(kind="access.refused"), name="core_event_refused"),
            # Who looked from outside is read by the company (organisations.looking).
            models.Index(fields=["organisation", "-id"], condition=Q(kind="looked"), name="core_event_looked"),
            models.Index(
                fields=["organisation", "office", "-id"],
                condition=Q(office__isnull=False),
                name="core_event_by_office",
            ),
        ]
        constraints = [models.CheckConstraint(condition=by_one(), name="core_event_by_one")]

    @property
    def said(self) -> dict[str, Any]:
        """What came after, or what there was before where nothing did."""
        return self.after or self.before or {}

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Delivery(models.Model):
    """An event that a subscriber has taken. The key makes it once, however often the job runs."""

    portal = models.BigIntegerField()
    subscriber = models.CharField(max_length=60)
    event = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "subscriber"], name="core_delivery_once")]

    def __str__(self) -> str:
        return f"{self.subscriber} {self.event}"


class LookupKey(Walled):
    """By what something is found: a number without what people put between, or a name from one of its words on.
    Nobody writes it; triggers of the tables that hold the things do (docs/adr/0026)."""

    kind = models.CharField(max_length=20)  # core.search.kinds
    # The register's byte order, so that a beginning keeps its index behind the wall.
    key = models.CharField(max_length=60, db_collation="C")
    subject = models.BigIntegerField()
    branch = models.BigIntegerField(null=True)  # that it belongs to now; null where it has none
    # The group that it belongs to, of those that a mandate may leave out; its wall leaves it out too.
    particulars = models.CharField(max_length=20, blank=True, db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject", "key"], name="core_lookupkey_once")]
        indexes = [
            models.Index(fields=["organisation", "kind", "key"], name="core_lookupkey_of_company"),
            models.Index(fields=["portal", "kind", "key"], name="core_lookupkey_of_portal"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
